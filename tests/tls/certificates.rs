//! Certificates for tests, made anew each time and kept in PEM files.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair, date_time_ymd,
};

/// A directory of PEM files.
pub struct Papers {
    directory: tempfile::TempDir,
}

/// Who signs certificates.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Papers {
    pub fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.directory.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// An authority, its certificate in `NAME.pem`.
    pub fn authority(&self, name: &str) -> Authority {
        let mut asked = named(name, []);
        asked.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(asked, KeyPair::generate().unwrap()).unwrap();
        self.write(&format!("{name}.pem"), &authority.pem());
        Authority(authority)
    }

    /// A certificate that the authority has signed and its key, both in `NAME.pem`.
    pub fn signed(&self, by: &Authority, name: &str, asked: CertificateParams) -> PathBuf {
        let key = KeyPair::generate().unwrap();
        let certificate = asked.signed_by(&key, &by.0).unwrap();
        self.write(&format!("{name}.pem"), &(certificate.pem() + &key.serialize_pem()))
    }

    /// A certificate that nobody but itself has signed, that of an authority as most tools make it, and its key, both in
    /// `NAME.pem`.
    pub fn self_signed(&self, name: &str) -> PathBuf {
        let mut asked = named(name, []);
        asked.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = asked.self_signed(&key).unwrap();
        self.write(&format!("{name}.pem"), &(certificate.pem() + &key.serialize_pem()))
    }
}

/// What to ask of a certificate for: a common name, and hosts beside it.
pub fn named<const N: usize>(name: &str, hosts: [&str; N]) -> CertificateParams {
    let mut asked = CertificateParams::new(hosts.map(str::to_owned)).unwrap();
    asked.distinguished_name = DistinguishedName::new();
    asked.distinguished_name.push(DnType::CommonName, name);
    asked
}

/// One from the first day of a year to that of another.
pub fn from_to(years: (i32, i32)) -> CertificateParams {
    let mut asked = named("out of its time", []);
    asked.not_before = date_time_ymd(years.0, 1, 1);
    asked.not_after = date_time_ymd(years.1, 1, 1);
    asked
}
