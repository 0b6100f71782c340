//! Whether a server's certificate is believed.
//!
//! Whoever asks for validation gets it: a certificate has to be in the file of trusted ones or come from one in it, and
//! be in its time. The rules are webpki's, but for two that certificates of Cassandra clusters often break: one that is
//! trusted itself may be that of an authority (`openssl req -x509`), and one of version 1 is read as such.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature_with_raw_key};
use rustls::pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert, spki_for_anchor};

use super::{TlsError, path, version_1};
use crate::print::python::repr;

/// Why a server is not believed. `Display` is a sentence without a full stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::cluster) enum Untrusted {
    #[error("the server's certificate is neither in {} nor signed by one in it", path(.0))]
    Unknown(PathBuf),
    #[error("the server's certificate is that of an authority, and not in {}", path(.0))]
    Authority(PathBuf),
    #[error("the server's certificate expired on {}", date(*.0))]
    Expired(UnixTime),
    #[error("the server's certificate is not valid before {}", date(*.0))]
    NotYetValid(UnixTime),
    #[error("the server's certificate is not for a host called {}", repr(.0))]
    OtherName(String),
    #[error("the server's certificate is not accepted: {0}")]
    Other(webpki::Error),
}

/// The day in UTC.
fn date(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |day| day.strftime("%Y-%m-%d").to_string())
}

/// Believes every server.
pub(super) struct AnyServer {
    algorithms: WebPkiSupportedAlgorithms,
}

/// Believes servers with a certificate from the file of trusted ones.
#[derive(Clone)]
pub(super) struct KnownServer {
    file: PathBuf,
    trusted: Vec<CertificateDer<'static>>,
    anchors: Vec<TrustAnchor<'static>>,
    name: Name,
    algorithms: WebPkiSupportedAlgorithms,
}

/// Which name a certificate has to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name {
    /// It does not matter.
    Any,
    /// This one.
    This(ServerName<'static>),
    /// The address that is connected to.
    Address,
}

impl AnyServer {
    pub(super) fn new(algorithms: WebPkiSupportedAlgorithms) -> Self {
        Self { algorithms }
    }
}

impl KnownServer {
    /// Trusts the certificates of a file, of servers whose certificate holds the name.
    pub(super) fn new(
        file: &Path,
        trusted: Vec<CertificateDer<'static>>,
        name: Name,
        algorithms: WebPkiSupportedAlgorithms,
    ) -> Result<Self, TlsError> {
        let malformed = |why: webpki::Error| TlsError::Malformed { file: file.to_owned(), why: why.to_string() };
        let anchors = trusted.iter().map(|certificate| Ok(anchor_from_trusted_cert(certificate)?.to_owned()));
        let anchors = anchors.collect::<Result<_, _>>().map_err(malformed)?;
        Ok(Self { file: file.to_owned(), trusted, anchors, name, algorithms })
    }

    /// The same where a certificate that has to hold a name has to hold the server's address instead.
    pub(super) fn by_address(&self) -> Self {
        let name = if self.name == Name::Any { Name::Any } else { Name::Address };
        Self { name, ..self.clone() }
    }

    fn check(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        address: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), Untrusted> {
        use webpki::Error as Why;
        let algorithms = &self.algorithms;
        let chain = match EndEntityCert::try_from(certificate) {
            Ok(certificate) => {
                let usage = KeyUsage::server_auth();
                certificate.verify_for_usage(algorithms.all, &self.anchors, between, now, usage, None, None).map(drop)
            }
            Err(Why::UnsupportedCertVersion) => version_1::check(certificate, &self.anchors, algorithms, now),
            Err(why) => Err(why),
        };
        match chain {
            Ok(()) => {}
            // Both are said of certificates that are in their time.
            Err(Why::CaUsedAsEndEntity | Why::UnknownIssuer) if self.trusted.contains(certificate) => {}
            Err(why) => return Err(self.untrusted(why)),
        }
        let name = match &self.name {
            Name::Any => return Ok(()),
            Name::This(name) => name,
            Name::Address => address,
        };
        EndEntityCert::try_from(certificate)
            .and_then(|certificate| certificate.verify_is_valid_for_subject_name(name))
            .map_err(|_| Untrusted::OtherName(name.to_str().into_owned()))
    }

    fn untrusted(&self, why: webpki::Error) -> Untrusted {
        use webpki::Error as Why;
        match why {
            Why::CertExpired { not_after, .. } => Untrusted::Expired(not_after),
            Why::CertNotValidYet { not_before, .. } => Untrusted::NotYetValid(not_before),
            Why::UnknownIssuer | Why::InvalidSignatureForPublicKey => Untrusted::Unknown(self.file.clone()),
            Why::CaUsedAsEndEntity => Untrusted::Authority(self.file.clone()),
            other => Untrusted::Other(other),
        }
    }
}

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _between: &[CertificateDer<'_>],
        _address: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    // Whoever may show any certificate has nothing to prove.
    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

impl ServerCertVerifier for KnownServer {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        // The driver's idea of the name: the address, always.
        address: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match self.check(certificate, between, address, now) {
            Ok(()) => Ok(ServerCertVerified::assertion()),
            Err(why) => Err(Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(why))))),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if version_1::is(certificate) {
            return version_1::verify_tls12_signature(message, certificate, signed, &self.algorithms);
        }
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        // Reads the key out of certificates of any version.
        let key = anchor_from_trusted_cert(certificate).map_err(|_| CertificateError::BadEncoding)?;
        verify_tls13_signature_with_raw_key(message, &spki_for_anchor(&key), signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

impl fmt::Debug for AnyServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyServer")
    }
}

impl fmt::Debug for KnownServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownServer").field("file", &self.file).field("name", &self.name).finish_non_exhaustive()
    }
}
