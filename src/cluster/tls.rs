//! TLS: the files that say who is trusted and who we are, read once, and made into what the driver connects with.
//!
//! Where these settings come from is not known here, and nothing is done as long as nobody asks for TLS.

mod files;
mod server;
mod version_1;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::ServerName;
use rustls::sign::SingleCertAndKey;

use crate::cql::secret::Secret;
use crate::print::python::{os_error, repr};
use server::{AnyServer, KnownServer, Name};

pub(super) use server::Untrusted;

/// What was asked of TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsOptions {
    /// Whom to believe.
    pub trust: Trust,
    /// The host name that the server's certificate has to hold, if that is to be looked at.
    // cqlsh looks at no names: certificates of nodes often hold none, or those of their machines.
    pub server_name: Option<String>,
    /// Who we are, for servers that ask.
    pub identity: Option<Identity>,
}

/// Whose certificates are believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// Those in this PEM file, and those they have signed.
    File(PathBuf),
    /// Anybody's.
    Anyone,
}

/// A client's certificate and key, in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The file with the certificate, and those between it and its authority.
    pub certificate: PathBuf,
    /// The file with the key: PKCS#1, PKCS#8 or SEC1. It may be the same file.
    pub key: PathBuf,
    /// What opens a key that is encrypted; [`TlsError::EncryptedKey`] tells when it is needed.
    pub passphrase: Option<Secret>,
}

/// TLS, ready to connect with. Cloning is cheap.
#[derive(Clone)]
pub struct Tls {
    config: Arc<ClientConfig>,
    /// What looks at certificates, if anything does.
    server: Option<Arc<KnownServer>>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

/// Why TLS cannot be had. `Display` is what follows `Connection error: `.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file that cannot be read.
    #[error("{}", os_error(error, &file.to_string_lossy()))]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file that is no PEM, or is cut short.
    #[error("{} cannot be understood: {why}", path(file))]
    Malformed {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A file of certificates without one.
    #[error("{} holds no certificate in PEM form", path(.0))]
    NoCertificate(PathBuf),
    /// A file of a key without one.
    #[error("{} holds no private key in PEM form", path(.0))]
    NoKey(PathBuf),
    /// A key behind a password that was not given.
    #[error(
        "the private key in {} is encrypted, and there is no terminal to ask for its password; give one that is not \
         (openssl pkey removes the password)", path(.0)
    )]
    EncryptedKey(PathBuf),
    /// A key behind another password.
    #[error("the password does not open the private key in {}", path(.0))]
    WrongPassphrase(PathBuf),
    /// A key that is encrypted in a way that nobody should rely on any more.
    #[error("the private key in {} is encrypted in a way that is not supported; openssl pkcs8 -topk8 writes it anew", path(.0))]
    OldEncryption(PathBuf),
    /// A key that cannot be used.
    #[error("the private key in {} cannot be used: {why}", path(file))]
    UnusableKey {
        /// Its file.
        file: PathBuf,
        /// Why.
        why: rustls::Error,
    },
    /// A key and a certificate that do not belong together.
    #[error("the private key in {} is not that of the certificate in {}", path(&.0.key), path(&.0.certificate))]
    KeyOfAnother(Identity),
    /// A host name that no certificate can hold.
    #[error("no certificate can be for a host called {}", repr(.0))]
    NoServerName(String),
    /// The library refuses.
    #[error("TLS cannot be set up: {0}")]
    Setup(rustls::Error),
}

/// A path as errors show it.
fn path(path: &std::path::Path) -> String {
    repr(&path.to_string_lossy())
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// A file that cannot be used, see [`TlsError`].
    pub fn new(options: &TlsOptions) -> Result<Self, TlsError> {
        // Named here, because a process with two of them has no default.
        let provider = Arc::new(aws_lc_rs::default_provider());
        let algorithms = provider.signature_verification_algorithms;
        let server = match &options.trust {
            Trust::Anyone => None,
            Trust::File(file) => {
                let name = options.server_name.clone().map_or(Ok(Name::Any), server_name)?;
                Some(Arc::new(KnownServer::new(file, files::certificates(file)?, name, algorithms)?))
            }
        };
        let verifier: Arc<dyn ServerCertVerifier> = match &server {
            None => Arc::new(AnyServer::new(algorithms)),
            Some(server) => Arc::clone(server) as _,
        };
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(TlsError::Setup)?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let config = match &options.identity {
            None => config.with_no_client_auth(),
            Some(identity) => {
                let certified = files::certified_key(identity, &provider)?;
                config.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(certified)))
            }
        };
        Ok(Self { config: Arc::new(config), server })
    }

    /// What the driver takes.
    pub(super) fn config(&self) -> Arc<ClientConfig> {
        Arc::clone(&self.config)
    }

    /// The same for another node: where the certificate's host name matters, it is its address.
    pub(super) fn by_address(&self) -> Self {
        let Some(server) = &self.server else { return self.clone() };
        let server = Arc::new(server.by_address());
        let mut config = ClientConfig::clone(&self.config);
        config.dangerous().set_certificate_verifier(Arc::clone(&server) as _);
        Self { config: Arc::new(config), server: Some(server) }
    }
}

fn server_name(name: String) -> Result<Name, TlsError> {
    ServerName::try_from(name.clone()).map(Name::This).map_err(|_| TlsError::NoServerName(name))
}
