//! Certificates and keys in PEM files.

use std::fs;
use std::path::Path;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use webpki::{anchor_from_trusted_cert, spki_for_anchor};

use super::{Identity, TlsError};

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
    let key = provider.key_provider.load_private_key(private_key(&identity.key)?).map_err(unusable)?;
    // rustls compares them too, but not with certificates of version 1. One that cannot be read is for the server to judge.
    let certified = chain.first().and_then(|certificate| anchor_from_trusted_cert(certificate).ok());
    if let (Some(anchor), Some(public)) = (&certified, key.public_key())
        && spki_for_anchor(anchor) != public
    {
        return Err(TlsError::KeyOfAnother(identity.clone()));
    }
    Ok(CertifiedKey::new(chain, key))
}

fn private_key(file: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    let text = read(file)?;
    if is_encrypted(&text) {
        return Err(TlsError::EncryptedKey(file.to_owned()));
    }
    PrivateKeyDer::from_pem_slice(&text).map_err(|error| match error {
        pem::Error::NoItemsFound => TlsError::NoKey(file.to_owned()),
        error => malformed(file, &error),
    })
}

/// PKCS#8 tells it by the label, PKCS#1 and SEC1 by a header below it.
fn is_encrypted(text: &[u8]) -> bool {
    let says = |line: &[u8], words: &[u8]| line.trim_ascii().starts_with(words);
    text.split(|byte| *byte == b'\n').any(|line| {
        says(line, b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
            || says(line, b"Proc-Type:") && line.trim_ascii().ends_with(b"ENCRYPTED")
    })
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

    #[test]
    fn keys_behind_a_password_are_told_from_others() {
        for (text, encrypted) in [
            ("-----BEGIN ENCRYPTED PRIVATE KEY-----\r\nMII=\r\n", true),
            ("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nMII=\n", true),
            ("-----BEGIN PRIVATE KEY-----\nMII=\n", false),
            ("the key is not ENCRYPTED\n-----BEGIN EC PRIVATE KEY-----\nMII=\n", false),
        ] {
            assert_eq!(is_encrypted(text.as_bytes()), encrypted, "{text}");
        }
    }
}
