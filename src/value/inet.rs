//! Addresses, written as the C library writes them.

use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Sink;

/// An address of 4 or 16 bytes.
pub(super) fn decode(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
        _ => None,
    }
}

/// An address as text.
pub(super) fn write(address: IpAddr, out: &mut impl Sink) {
    let mut out = out.formatter();
    let _ = match address {
        IpAddr::V4(v4) => write!(out, "{v4}"),
        // cqlsh: inet_ntop writes the last four bytes dotted when the twelve before are zero; `Ipv6Addr` does not.
        IpAddr::V6(v6) => match (v6.segments(), v6.octets()) {
            ([0, 0, 0, 0, 0, 0, high, _], [.., a, b, c, d]) if high > 0 => {
                write!(out, "::{}", Ipv4Addr::new(a, b, c, d))
            }
            _ => write!(out, "{v6}"),
        },
    };
}

/// Appends the bytes of an address.
pub(super) fn parse(text: &str, out: &mut Vec<u8>) -> Option<()> {
    if text.contains(':') {
        out.extend_from_slice(&text.parse::<Ipv6Addr>().ok()?.octets());
    } else {
        out.extend_from_slice(&text.parse::<Ipv4Addr>().ok()?.octets());
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_look_as_inet_ntop_writes_them() {
        // socket.inet_ntop
        for (bytes, text) in [
            (&[127, 0, 0, 1][..], "127.0.0.1"),
            (b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01", "::1"),
            (b"\0\0\0\0\0\0\0\0\0\0\0\0\x01\x02\x03\x04", "::1.2.3.4"),
            (b"\0\0\0\0\0\0\0\0\0\0\xff\xff\x01\x02\x03\x04", "::ffff:1.2.3.4"),
            (b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "::"),
            (b"\x20\x01\x0d\xb8\0\0\0\x01\0\0\0\0\0\0\0\x01", "2001:db8:0:1::1"),
            (b"\0\x01\0\0\0\x01\0\x01\0\x01\0\x01\0\x01\0\x01", "1:0:1:1:1:1:1:1"),
        ] {
            let mut out = String::new();
            write(decode(bytes).unwrap(), &mut out);
            assert_eq!(out, text);
            let mut back = Vec::new();
            parse(text, &mut back).unwrap();
            assert_eq!(back, bytes);
        }
    }

    #[test]
    fn what_could_mean_another_address_is_refused() {
        for text in ["", "127.1", "010.0.0.1", "localhost", "fe80::1%eth0", "1.2.3.4 "] {
            assert_eq!(parse(text, &mut Vec::new()), None, "{text}");
        }
    }
}
