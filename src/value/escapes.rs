//! The escape sequences that Apache cqlsh's export leaves in texts: of backslashes, and of what Python calls a control
//! character.

use std::borrow::Cow;

/// The text that a text with escape sequences stands for; the sequence that is none of cqlsh's, if there is one.
pub fn undo(text: &str) -> Result<Cow<'_, str>, &str> {
    let Some(first) = memchr::memchr(b'\\', text.as_bytes()) else { return Ok(text.into()) };
    let mut plain = String::with_capacity(text.len());
    let (before, mut rest) = text.split_at(first);
    plain.push_str(before);
    while !rest.is_empty() {
        let (character, length) = sequence(rest).ok_or(start(rest))?;
        plain.push(character);
        let after = &rest[length..];
        let next = memchr::memchr(b'\\', after.as_bytes()).unwrap_or(after.len());
        plain.push_str(&after[..next]);
        rest = &after[next..];
    }
    Ok(plain.into())
}

/// The character of the escape sequence at the start of a text, and the sequence's length.
pub fn sequence(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix('\\')?;
    match rest.as_bytes() {
        [b'\\', ..] => Some(('\\', 2)),
        [b'n', ..] => Some(('\n', 2)),
        [b'r', ..] => Some(('\r', 2)),
        [b't', ..] => Some(('\t', 2)),
        [b'x', high, low, ..] => {
            let digit = |byte: &u8| char::from(*byte).to_digit(16).filter(|_| !byte.is_ascii_uppercase());
            let code = char::from_u32(digit(high)? * 16 + digit(low)?)?;
            is_escaped(code).then_some((code, 4))
        }
        _ => None,
    }
}

/// A text as cqlsh's export has it.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            _ if is_escaped(character) => escaped.push_str(&format!("\\x{:02x}", u32::from(character))),
            _ => escaped.push(character),
        }
    }
    escaped
}

fn is_escaped(character: char) -> bool {
    matches!(character, '\0'..='\x1f' | '\x7f'..='\u{a0}')
}

/// The first characters of a text, enough to recognize a sequence by.
fn start(text: &str) -> &str {
    text.char_indices().nth(2).map_or(text, |(at, _)| &text[..at])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sequences_stand_for_what_apache_cqlsh_wrote_them_for() {
        let all: String = ('\0'..='\u{a1}').chain("日👾\\n".chars()).collect();
        // The start of what Apache cqlsh 6.2.2 on Python 3.11 wrote for this text.
        assert!(escape(&all).starts_with("\\x00\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08\\t\\n\\x0b\\x0c\\r\\x0e"));
        assert!(escape(&all).ends_with("\\x9f\\xa0¡日👾\\\\n"));
        assert_eq!(undo(&escape(&all)).as_deref(), Ok(all.as_str()));
    }

    #[test]
    fn what_apache_cqlsh_never_writes_is_refused() {
        for (text, sequence) in
            [("C:\\dir", "\\d"), ("a\\", "\\"), ("\\x4", "\\x"), ("\\x41", "\\x"), ("\\xA0", "\\x"), ("\\N", "\\N")]
        {
            assert_eq!(undo(text), Err(sequence), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_escaped_comes_back(text in ".*") {
            let escaped = escape(&text);
            prop_assert_eq!(undo(&escaped).map(Cow::into_owned), Ok(text));
        }

        #[test]
        fn any_text_is_read_without_panic(text in "[\\\\ntrx0-9a-f日]{0,12}") {
            let _ = undo(&text);
        }
    }
}
