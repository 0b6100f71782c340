//! Certificates and keys in PEM files.

use std::fmt::Display;
use std::fs;
use std::path::Path;

use pkcs8::{EncryptedPrivateKeyInfoRef, SecretDocument};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use webpki::{anchor_from_trusted_cert, spki_for_anchor};

use super::{Identity, TlsError};
use crate::cql::secret::Secret;

/// All certificates of a file, at least one.
pub(super) fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let text = read(file)?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let certificates = certificates.map_err(|error| malformed(file, &error))?;
    if certificates.is_empty() {
        return Err(TlsError::NoCertificate(file.to_owned()));
    }
    Ok(certificates)
}

/// The certificate of a client, and the key that proves it.
pub(super) fn certified_key(identity: &Identity, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
    let chain = certificates(&identity.certificate)?;
    let unusable = |why| TlsError::UnusableKey { file: identity.key.clone(), why };
    let key = provider.key_provider.load_private_key(private_key(identity)?).map_err(unusable)?;
    // rustls compares them too, but not with certificates of version 1. One that cannot be read is for the server to judge.
    let certified = chain.first().and_then(|certificate| anchor_from_trusted_cert(certificate).ok());
    if let (Some(anchor), Some(public)) = (&certified, key.public_key())
        && spki_for_anchor(anchor) != public
    {
        return Err(TlsError::KeyOfAnother(identity.clone()));
    }
    Ok(CertifiedKey::new(chain, key))
}

fn private_key(Identity { key: file, passphrase, .. }: &Identity) -> Result<PrivateKeyDer<'static>, TlsError> {
    let text = read(file)?;
    match (encryption(&text), passphrase) {
        (None, _) => {}
        (Some(Encryption::Old), _) => return Err(TlsError::OldEncryption(file.to_owned())),
        (Some(Encryption::Pkcs8(_)), None) => return Err(TlsError::EncryptedKey(file.to_owned())),
        (Some(Encryption::Pkcs8(block)), Some(passphrase)) => return decrypted(block, passphrase, file),
    }
    PrivateKeyDer::from_pem_slice(&text).map_err(|error| match error {
        pem::Error::NoItemsFound => TlsError::NoKey(file.to_owned()),
        error => malformed(file, &error),
    })
}

/// How a key is kept behind a password.
#[derive(Debug, PartialEq, Eq)]
enum Encryption<'a> {
    /// As PKCS#8 has it: the block from its first line to its last.
    Pkcs8(&'a str),
    /// As OpenSSL did of old: the password goes through MD5 once.
    Old,
}

/// PKCS#8 tells it by the label, PKCS#1 and SEC1 by a header below it.
fn encryption(text: &[u8]) -> Option<Encryption<'_>> {
    const END: &str = "-----END ENCRYPTED PRIVATE KEY-----";
    // What stands beside a key may be in any encoding.
    let text = text.utf8_chunks().map(|chunk| chunk.valid()).find(|text| text.contains("ENCRYPTED"))?;
    if let Some(start) = text.find("-----BEGIN ENCRYPTED PRIVATE KEY-----") {
        let block = &text[start..];
        return Some(Encryption::Pkcs8(block.find(END).map_or(block, |end| &block[..end + END.len()])));
    }
    let is_header = |line: &str| line.starts_with("Proc-Type:") && line.trim_end().ends_with("ENCRYPTED");
    text.lines().any(is_header).then_some(Encryption::Old)
}

fn decrypted(block: &str, passphrase: &Secret, file: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    let wrong = |why: &dyn Display| TlsError::Malformed { file: file.to_owned(), why: why.to_string() };
    let (_, document) = SecretDocument::from_pem(block).map_err(|error| wrong(&error))?;
    let encrypted = EncryptedPrivateKeyInfoRef::try_from(document.as_bytes()).map_err(|_| {
        // PBES1 for one, which is DES.
        TlsError::OldEncryption(file.to_owned())
    })?;
    let key = encrypted.decrypt(passphrase.reveal()).map_err(|_| TlsError::WrongPassphrase(file.to_owned()))?;
    Ok(PrivatePkcs8KeyDer::from(key.as_bytes().to_vec()).into())
}

fn read(file: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(file).map_err(|error| TlsError::Unreadable { file: file.to_owned(), error })
}

fn malformed(file: &Path, why: &pem::Error) -> TlsError {
    TlsError::Malformed { file: file.to_owned(), why: why.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----\r\nMII=\r\n-----END ENCRYPTED PRIVATE KEY-----";

    #[test]
    fn keys_behind_a_password_are_told_from_others() {
        for (text, encrypted) in [
            ("x\n-----BEGIN ENCRYPTED PRIVATE KEY-----\r\nMII=\r\n", Some(Encryption::Pkcs8(&BLOCK[..45]))),
            (&format!("x\n{BLOCK}\ny"), Some(Encryption::Pkcs8(BLOCK))),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nMII=\n",
                Some(Encryption::Old),
            ),
            ("-----BEGIN PRIVATE KEY-----\nMII=\n", None),
            ("the key is not ENCRYPTED\n-----BEGIN EC PRIVATE KEY-----\nMII=\n", None),
        ] {
            assert_eq!(encryption(text.as_bytes()), encrypted, "{text}");
        }
    }
}
