//! `%(name)s` in values, as Python's `BasicInterpolation` replaces it.

/// Why a value's `%` cannot be replaced. The value is not shown, it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InterpolationError {
    /// A `%` that is followed by neither `%` nor `(name)s`.
    #[error("a '%' in it that stands for itself must be written '%%'")]
    Syntax,
    /// A name that is no option of the section.
    #[error("'%({name})s' in it names no option of the section")]
    Missing {
        /// The name, in lower case.
        name: String,
    },
    /// Options that name each other, deeper than ten levels.
    #[error("the options it names lead too deep or round in a circle")]
    Depth,
}

/// How deep options may name each other.
const MAX_DEPTH: usize = 10;

/// Longer than any value anybody means: options that name each other many times grow without end.
const MAX_LENGTH: usize = 1 << 20;

/// The value with everything replaced; `lookup` gives options by their name in lower case.
pub(super) fn interpolate<'a>(
    value: &'a str,
    lookup: &dyn Fn(&str) -> Option<&'a str>,
) -> Result<String, InterpolationError> {
    let mut text = String::new();
    append(value, lookup, 1, &mut text)?;
    Ok(text)
}

fn append<'a>(
    value: &'a str,
    lookup: &dyn Fn(&str) -> Option<&'a str>,
    depth: usize,
    text: &mut String,
) -> Result<(), InterpolationError> {
    if depth > MAX_DEPTH || text.len() > MAX_LENGTH {
        return Err(InterpolationError::Depth);
    }
    let mut rest = value;
    while let Some((plain, after)) = rest.split_once('%') {
        text.push_str(plain);
        if let Some(after) = after.strip_prefix('%') {
            text.push('%');
            rest = after;
            continue;
        }
        let (name, after) = reference(after).ok_or(InterpolationError::Syntax)?;
        let name = name.to_lowercase();
        let value = lookup(&name).ok_or(InterpolationError::Missing { name })?;
        // As in Python only what holds a `%` itself is a level of its own.
        if value.contains('%') {
            append(value, lookup, depth + 1, text)?;
        } else {
            text.push_str(value);
        }
        rest = after;
    }
    text.push_str(rest);
    Ok(())
}

/// The name of `(name)s`, and what follows.
fn reference(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix('(')?.split_once(')')?;
    let after = after.strip_prefix('s')?;
    (!name.is_empty()).then_some((name, after))
}
