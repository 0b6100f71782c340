//! Cassandra's variable-length integers: the leading one bits of the first byte count the bytes that follow.

/// Reads an unsigned vint; gives it with the bytes after it.
pub(super) fn read_unsigned(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    let extra = first.leading_ones() as usize;
    let (tail, rest) = rest.split_at_checked(extra)?;
    let mask = 0xff_u8.checked_shr(first.leading_ones()).unwrap_or(0);
    let value = tail.iter().fold(u64::from(first & mask), |value, &byte| (value << 8) | u64::from(byte));
    Some((value, rest))
}

/// Reads a signed (zigzag) vint; gives it with the bytes after it.
pub(super) fn read_signed(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let (value, rest) = read_unsigned(bytes)?;
    Some(((value >> 1).cast_signed() ^ -(value & 1).cast_signed(), rest))
}

/// Appends an unsigned vint.
pub(super) fn write_unsigned(value: u64, out: &mut Vec<u8>) {
    // Each extra byte brings seven bits; the ninth byte brings eight.
    let bits = 64 - (value | 1).leading_zeros() as usize;
    let extra = ((bits - 1) / 7).min(8);
    let bytes = value.to_be_bytes();
    if extra == 8 {
        out.push(0xff);
        out.extend_from_slice(&bytes);
    } else {
        let start = out.len();
        out.extend_from_slice(&bytes[7 - extra..]);
        out[start] |= !(0xff_u8 >> extra);
    }
}

/// Appends a signed (zigzag) vint.
pub(super) fn write_signed(value: i64, out: &mut Vec<u8>) {
    write_unsigned(((value << 1) ^ (value >> 63)).cast_unsigned(), out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bytes_are_those_of_the_python_driver() {
        // uvint_pack of cassandra.marshal
        for (value, bytes) in [
            (0, &b"\x00"[..]),
            (127, b"\x7f"),
            (128, b"\x80\x80"),
            (16383, b"\xbf\xff"),
            (16384, b"\xc0\x40\x00"),
            (1 << 42, b"\xfc\x04\x00\x00\x00\x00\x00"),
            ((1 << 56) - 1, b"\xfe\xff\xff\xff\xff\xff\xff\xff"),
            (1 << 56, b"\xff\x01\x00\x00\x00\x00\x00\x00\x00"),
            (u64::MAX, b"\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
        ] {
            let mut out = Vec::new();
            write_unsigned(value, &mut out);
            assert_eq!(out, bytes, "{value}");
        }
    }

    #[test]
    fn a_cut_vint_is_none() {
        assert_eq!(read_unsigned(b""), None);
        assert_eq!(read_unsigned(b"\x80"), None);
        assert_eq!(read_signed(b"\xff\x01"), None);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(value: i64, shift in 0_u32..64) {
            let value = value >> shift;
            let mut out = Vec::new();
            write_signed(value, &mut out);
            out.push(7);
            prop_assert_eq!(read_signed(&out), Some((value, &[7][..])));
        }
    }
}
