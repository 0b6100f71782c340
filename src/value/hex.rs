//! Blobs and uuids: bytes as hexadecimal digits and back.

use super::Sink;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Writes two lower-case digits a byte.
pub(super) fn write(bytes: &[u8], out: &mut impl Sink) {
    let mut buffer = [0; 128];
    for chunk in bytes.chunks(buffer.len() / 2) {
        for (pair, byte) in buffer.chunks_exact_mut(2).zip(chunk) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        out.put(ascii(&buffer[..2 * chunk.len()]));
    }
}

/// Writes a uuid in its canonical form.
pub(super) fn write_uuid(bytes: [u8; 16], out: &mut impl Sink) {
    let mut buffer = [0; 36];
    out.put(uuid::Uuid::from_bytes(bytes).hyphenated().encode_lower(&mut buffer));
}

/// Appends the bytes of hexadecimal digits; `Err` has the place of the first that is none.
pub(super) fn parse(digits: &str, out: &mut Vec<u8>) -> Result<(), usize> {
    out.reserve(digits.len() / 2);
    for (at, pair) in digits.as_bytes().chunks(2).enumerate() {
        let high = value(pair[0]).ok_or(2 * at)?;
        let low = pair.get(1).and_then(|&digit| value(digit)).ok_or(2 * at + 1)?;
        out.push(high << 4 | low);
    }
    Ok(())
}

/// A uuid in any form that Python's `UUID()` takes: `urn:uuid:`, braces and hyphens do not matter.
pub(super) fn parse_uuid(text: &str) -> Option<[u8; 16]> {
    if let Ok(uuid) = uuid::Uuid::try_parse_ascii(text.as_bytes()) {
        return Some(uuid.into_bytes());
    }
    let bare = text.replace("urn:", "").replace("uuid:", "");
    let digits = bare.trim_matches(['{', '}']).replace('-', "");
    let mut bytes = Vec::with_capacity(16);
    parse(&digits, &mut bytes).ok()?;
    bytes.try_into().ok()
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

fn ascii(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_blobs_come_out_whole() {
        let bytes: Vec<u8> = (0..=255).cycle().take(1000).collect();
        let mut text = String::new();
        write(&bytes, &mut text);
        assert!(text.starts_with("000102") && text.len() == 2000);
        let mut back = Vec::new();
        parse(&text, &mut back).unwrap();
        assert_eq!(back, bytes);
    }

    #[test]
    fn the_first_bad_digit_is_named() {
        assert_eq!(parse("0x", &mut Vec::new()), Err(1));
        assert_eq!(parse("abc", &mut Vec::new()), Err(3));
    }

    #[test]
    fn uuids_are_read_in_every_form_python_takes() {
        let bytes = *b"\x12\x34\x56\x78\x12\x34\x56\x78\x12\x34\x56\x78\x12\x34\x56\x78";
        for text in [
            "12345678-1234-5678-1234-567812345678",
            "{12345678-1234-5678-1234-567812345678}",
            "urn:uuid:12345678-1234-5678-1234-567812345678",
            "12345678123456781234567812345678",
            "1234567812345678-1234-567812345678",
        ] {
            assert_eq!(parse_uuid(text), Some(bytes), "{text}");
        }
        assert_eq!(parse_uuid("12345678-1234-5678-1234-56781234567"), None);
        assert_eq!(parse_uuid("g2345678-1234-5678-1234-567812345678"), None);
    }
}
