//! TLS as it was asked for by settings, for the connection. What certificates are is not known here.

use std::path::Path;

use super::StartError;
use crate::cluster::tls::{Identity, Trust};
use crate::cluster::{Secret, Tls, TlsError, TlsOptions};
use crate::print::python::repr;
use crate::settings::{self, Settings};
use crate::terminal::{Line, Terminal, password};

/// What to connect with; `None` when nobody asked for TLS.
pub(super) fn prepare(settings: &Settings, terminal: &mut Terminal) -> Result<Option<Tls>, StartError> {
    let Some(asked) = &settings.tls else { return Ok(None) };
    if asked.version_given {
        // A stdout that cannot be written shows at the first result.
        let _ = terminal.say(
            "Warning: Explicit SSL and TLS versions in the cqlshrc file or in SSL_VERSION environment property are \
             ignored as the protocol is auto-negotiated.\n",
        );
    }
    let mut options = options(asked, &settings.host)?;
    let tls = match Tls::new(&options) {
        Err(TlsError::EncryptedKey(key)) => {
            if let Some(identity) = &mut options.identity {
                identity.passphrase = ask_for_passphrase(&key)?;
            }
            Tls::new(&options)
        }
        tls => tls,
    };
    Ok(Some(tls?))
}

/// What opens the client's key, once for all connections; nothing where there is no terminal to ask on.
fn ask_for_passphrase(key: &Path) -> Result<Option<Secret>, StartError> {
    let question = format!("Password of the private key in {}: ", repr(&key.to_string_lossy()));
    match password::ask_on_terminal(&question).map_err(StartError::Password)? {
        None => Ok(None),
        Some(Line::Text(text)) => Ok(Some(Secret::new(text))),
        Some(Line::End | Line::Interrupted) => Err(StartError::Aborted),
    }
}

fn options(asked: &settings::Tls, host: &str) -> Result<TlsOptions, StartError> {
    let authorities = asked.authorities.clone().filter(|file| !file.as_os_str().is_empty());
    let trust = match (asked.validate, authorities) {
        (false, _) => Trust::Anyone,
        (true, Some(file)) => Trust::File(file),
        (true, None) => return Err(StartError::NoAuthorities { cqlshrc: asked.cqlshrc.clone() }),
    };
    let identity = asked.certificate.clone().map(|certificate| Identity {
        // One file may hold both.
        key: asked.key.clone().unwrap_or_else(|| certificate.clone()),
        certificate,
        passphrase: None,
    });
    let server_name = asked.check_host_name.then(|| host.to_owned());
    Ok(TlsOptions { trust, server_name, identity })
}
