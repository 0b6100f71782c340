//! What went wrong between the connection and the first frame: TLS. The words are ours; cqlsh shows those of Python's
//! `ssl`, which name a line of a C file.

use std::io;

use rustls::{AlertDescription, CertificateError, Error, OtherError};

use crate::cluster::tls::Untrusted;

/// A sentence without a full stop, if TLS is what went wrong.
pub(super) fn words(error: &io::Error) -> Option<String> {
    Some(match error.get_ref()?.downcast_ref::<Error>()? {
        Error::InvalidCertificate(CertificateError::Other(OtherError(why))) if why.is::<Untrusted>() => why.to_string(),
        Error::InvalidMessage(_) => "the server does not answer in TLS; is it meant to be reached without?".to_owned(),
        Error::AlertReceived(alert) => refused(*alert),
        other => other.to_string(),
    })
}

/// What the server may have meant by its alert.
fn refused(alert: AlertDescription) -> String {
    use AlertDescription as Alert;
    match alert {
        Alert::CertificateRequired | Alert::NoCertificate | Alert::BadCertificate | Alert::HandshakeFailure => {
            format!("the server refused the connection ({alert:?}); does it ask for a client's certificate?")
        }
        Alert::UnknownCA | Alert::CertificateUnknown | Alert::CertificateExpired | Alert::UnsupportedCertificate => {
            format!("the server does not accept the client's certificate ({alert:?})")
        }
        Alert::ProtocolVersion => "the server speaks no TLS 1.2 or 1.3".to_owned(),
        other => format!("the server refused the connection ({other:?})"),
    }
}
