//! Numbers and addresses as arguments and environment give them.

use std::time::Duration;

use crate::print::python::repr;
use crate::settings::cqlshrc;
use crate::settings::usage::{Stop, usage};
use crate::value::python_digits;

/// Zero and less are no time limit anyone can meet and are refused.
pub(super) fn time_limit(given: Option<&str>, what: &str) -> Result<Option<Duration>, Stop> {
    let refused = |text| usage(format_args!("\"{text}\" is not a valid {what} timeout."));
    given.map(|text| cqlshrc::time_limit(text).ok_or_else(|| refused(text))).transpose()
}

/// `host`, `host:port`, `[::1]` and `[::1]:port` taken apart. For cqlsh all of it is the host, which then cannot be found.
pub(super) fn host_and_port(text: &str) -> (&str, Option<u16>) {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    if let Some((host, rest)) = text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        return match rest.strip_prefix(':').map(digits) {
            Some(Some(port)) => (host, Some(port)),
            None if rest.is_empty() => (host, None),
            _ => (text, None),
        };
    }
    match text.split_once(':') {
        // More than one colon: an address of IPv6.
        Some((host, rest)) if !host.is_empty() => digits(rest).map_or((text, None), |port| (host, Some(port))),
        _ => (text, None),
    }
}

pub(super) fn port(text: &str) -> Result<u16, Stop> {
    let number = python_digits(text).and_then(|digits| digits.parse().ok());
    number.ok_or_else(|| usage(format_args!("{} is not a valid port number.", repr(text))))
}

/// A version of the protocol; numbers beyond all versions are one such number.
pub(super) fn protocol_version(text: &str) -> Result<i64, Stop> {
    let digits = python_digits(text);
    let digits =
        digits.ok_or_else(|| usage(format_args!("argument --protocol-version: invalid int value: {}", repr(text))))?;
    Ok(digits.parse().unwrap_or(i64::MAX))
}

/// A version of CQL with three numbers, the last ones 0 if they are not given.
pub(super) fn full_cql_version(mut version: String) -> Result<String, Stop> {
    while version.matches('.').count() < 2 {
        version.push_str(".0");
    }
    let numbers = version.split('-').next().unwrap_or_default().split('.');
    let numbers = numbers.map(|number| python_digits(number)?.parse().ok()).collect::<Option<Vec<i128>>>();
    match numbers.and_then(|numbers| numbers.first().copied()) {
        None => Err(Stop::Config(format!("{} is no version of CQL: it must be like 3.4.7.\n", repr(&version)))),
        Some(..3) => Err(usage(format_args!("{} is not a supported CQL version.", repr(&version)))),
        Some(_) => Ok(version),
    }
}
