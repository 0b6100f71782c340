//! Certificates of version 1, which webpki does not read and `openssl x509 -req` made for many years: no extensions, so
//! they are signed by an authority or they are not, and are in their time or not.

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error as TlsError};
use webpki::{EndEntityCert, Error, RawPublicKeyEntity, anchor_from_trusted_cert, spki_for_anchor};
use x509_cert::Certificate;
use x509_cert::der::{Decode, Encode};

/// Whether a certificate is of version 1.
pub(super) fn is(certificate: &CertificateDer<'_>) -> bool {
    matches!(EndEntityCert::try_from(certificate), Err(Error::UnsupportedCertVersion))
}

/// Checks that one of the anchors has signed the certificate, and that it is in its time.
pub(super) fn check(
    certificate: &CertificateDer<'_>,
    anchors: &[TrustAnchor<'_>],
    algorithms: &WebPkiSupportedAlgorithms,
    now: UnixTime,
) -> Result<(), Error> {
    let certificate = Certificate::from_der(certificate).map_err(|_| Error::BadDer)?;
    let signed = certificate.tbs_certificate();
    let time = |time: x509_cert::time::Time| UnixTime::since_unix_epoch(time.to_unix_duration());
    let (not_before, not_after) = (time(signed.validity().not_before), time(signed.validity().not_after));
    if now < not_before {
        return Err(Error::CertNotValidYet { time: now, not_before });
    }
    if now > not_after {
        return Err(Error::CertExpired { time: now, not_after });
    }
    let issuer = contents(signed.issuer())?;
    let algorithm = contents(certificate.signature_algorithm())?;
    let message = signed.to_der().map_err(|_| Error::BadDer)?;
    let signature = certificate.signature().as_bytes().ok_or(Error::BadDer)?;
    let fitting = algorithms.all.iter().filter(|known| *known.signature_alg_id() == *algorithm);
    let candidates: Vec<_> = fitting.copied().collect();
    // Without extensions there are no names that constraints could be held against.
    let issued = |anchor: &&TrustAnchor<'_>| *anchor.subject == *issuer && anchor.name_constraints.is_none();
    for anchor in anchors.iter().filter(issued) {
        if verify(anchor, &candidates, &message, signature).is_ok() {
            return Ok(());
        }
    }
    Err(Error::UnknownIssuer)
}

/// Checks that the handshake was signed with the certificate's key.
pub(super) fn verify_tls12_signature(
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signed: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<HandshakeSignatureValid, TlsError> {
    let key = anchor_from_trusted_cert(certificate).map_err(|_| CertificateError::BadEncoding)?;
    let of_scheme = algorithms.mapping.iter().find(|(scheme, _)| *scheme == signed.scheme);
    let candidates = of_scheme.map_or(&[][..], |(_, candidates)| candidates);
    match verify(&key, candidates, message, signed.signature()) {
        Ok(()) => Ok(HandshakeSignatureValid::assertion()),
        Err(_) => Err(CertificateError::BadSignature.into()),
    }
}

/// Checks a signature made with that key, by whichever of the algorithms is for keys of its kind.
fn verify(
    key: &TrustAnchor<'_>,
    algorithms: &[&dyn SignatureVerificationAlgorithm],
    message: &[u8],
    signature: &[u8],
) -> Result<(), Error> {
    let key = spki_for_anchor(key);
    let key = RawPublicKeyEntity::try_from(&key)?;
    let verified =
        |algorithm: &&dyn SignatureVerificationAlgorithm| key.verify_signature(*algorithm, message, signature).is_ok();
    if algorithms.iter().any(verified) { Ok(()) } else { Err(Error::InvalidSignatureForPublicKey) }
}

/// A sequence's DER without its tag and length, as webpki keeps names and algorithms.
fn contents(sequence: &impl Encode) -> Result<Vec<u8>, Error> {
    let der = sequence.to_der().map_err(|_| Error::BadDer)?;
    let any = x509_cert::der::asn1::AnyRef::from_der(&der).map_err(|_| Error::BadDer)?;
    Ok(any.value().to_vec())
}
