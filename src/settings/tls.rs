//! What was asked of TLS: by environment and cqlshrc, as values. It opens no file and knows nothing of certificates.

use std::path::PathBuf;

use super::cqlshrc::Cqlshrc;
use super::notices::Notices;
use super::{Environment, expand_home};

/// How a connection is to be encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The certificates that are trusted, a PEM file: `SSL_CERTFILE`, `[certfiles]` for the host, `[ssl] certfile`.
    pub authorities: Option<PathBuf>,
    /// Whether the server's certificate is checked: `SSL_VALIDATE`, `[ssl] validate`; yes unless it says `false`.
    pub validate: bool,
    /// The client's certificate: `[ssl] usercert`.
    pub certificate: Option<PathBuf>,
    /// The client's private key: `[ssl] userkey`.
    pub key: Option<PathBuf>,
    /// Whether the certificate has to hold the host's name: `[ssl] check_hostname`; only when it is checked at all.
    pub check_host_name: bool,
    /// Whether a version was asked for (`SSL_VERSION`, `[ssl] version`); it is negotiated all the same, and cqlsh says so.
    pub version_given: bool,
    /// The settings file, which the words about a missing certificate name.
    pub cqlshrc: PathBuf,
}

impl Tls {
    /// What is asked for connections to `host`.
    pub(super) fn read(cqlshrc: &Cqlshrc, environment: &Environment, host: &str, notices: &mut Notices) -> Self {
        let home = environment.home.as_deref();
        let path = |text: String| expand_home(&text, home);
        let mut text = |section: &str, key: &str| cqlshrc.text(section, key, notices);
        let check_host_name = text("ssl", "check_hostname");
        let validate = environment.ssl_validate.clone().or_else(|| text("ssl", "validate"));
        let version = environment.ssl_version.clone().or_else(|| text("ssl", "version"));
        let authorities =
            environment.ssl_certfile.clone().or_else(|| text("certfiles", host)).or_else(|| text("ssl", "certfile"));
        let mut of_client = |key: &str| text("ssl", key).filter(|path| !path.is_empty()).map(path);
        Self {
            validate: validate.is_none_or(|text| text.to_lowercase() != "false"),
            // cqlsh does not know it. It is ScyllaDB's, whose cqlsh takes `true` alone for yes.
            check_host_name: check_host_name.is_some_and(|text| text.to_lowercase() == "true"),
            version_given: version.is_some_and(|version| !version.is_empty()),
            authorities: authorities.map(path),
            certificate: of_client("usercert"),
            key: of_client("userkey"),
            cqlshrc: cqlshrc.path.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tls(text: &str, environment: &Environment) -> Tls {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("cqlshrc");
        std::fs::write(&path, text).expect("written");
        let mut notices = Notices::default();
        let cqlshrc = Cqlshrc::read(path, &mut notices).expect("good");
        Tls::read(&cqlshrc, environment, "Db.example", &mut notices)
    }

    #[test]
    fn the_environment_beats_the_host_and_the_host_the_section() {
        let mut environment = Environment { home: Some("/home/me".into()), ..Environment::default() };
        let of_section = "[ssl]\ncertfile = ~/ca.pem\n";
        let of_host = "[ssl]\ncertfile = a\n[certfiles]\ndb.example = ~/db.pem\n";
        assert_eq!(tls(of_section, &environment).authorities, Some("/home/me/ca.pem".into()));
        assert_eq!(tls(of_host, &environment).authorities, Some("/home/me/db.pem".into()));
        environment.ssl_certfile = Some("x.pem".into());
        assert_eq!(tls(of_host, &environment).authorities, Some("x.pem".into()));
    }

    #[test]
    fn only_the_word_false_turns_the_check_off() {
        let none = Environment::default();
        for (word, validate) in [("false", false), ("FALSE", false), ("no", true), ("0", true), ("", true)] {
            assert_eq!(tls(&format!("[ssl]\nvalidate = {word}\n"), &none).validate, validate, "{word}");
            let environment = Environment { ssl_validate: Some(word.to_owned()), ..Environment::default() };
            assert_eq!(tls("", &environment).validate, validate, "{word}");
        }
        assert!(tls("", &none).validate);
    }

    #[test]
    fn what_is_not_given_is_nothing() {
        let tls = tls("[ssl]\nuserkey =\nversion =\n", &Environment::default());
        assert_eq!((tls.key, tls.certificate, tls.authorities, tls.version_given), (None, None, None, false));
    }
}
