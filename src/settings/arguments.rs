//! The command line as Python's argparse reads it, written out plainly for the flag table: every option by its full name
//! and tied to its value. It knows which options there are from that table and which of them are cqlsh's.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use clap::{Arg, Command};

use super::usage::{Stop, usage};
use crate::cql::secret::Secret;
use crate::print::python::repr;

/// The long options of cqlsh, in its order. They may be cut short; options of our own do not make that ambiguous.
const OF_CQLSH: [&str; 23] = [
    "help",
    "version",
    "color",
    "no-color",
    "browser",
    "ssl",
    "username",
    "password",
    "keyspace",
    "file",
    "debug",
    "coverage",
    "encoding",
    "cqlshrc",
    "credentials",
    "cqlversion",
    "protocol-version",
    "execute",
    "connect-timeout",
    "request-timeout",
    "tty",
    "disable-history",
    "insecure-password-without-warning",
];

/// Writes the arguments out (the program's name stays first): options as `--name` or `--name=value`, what is none after
/// a `--`.
pub(super) fn plain(arguments: impl IntoIterator<Item = OsString>, table: &Command) -> Result<Vec<OsString>, Stop> {
    read(arguments, table, |_, _, _| {})
}

/// The arguments with stars for every password, and the password that counts; nothing where there is none to hide.
pub(super) fn without_password(mut arguments: Vec<OsString>, table: &Command) -> Option<(Vec<OsString>, Secret)> {
    let mut found = Vec::new();
    read(arguments.clone(), table, |option, place, value| {
        if option.get_long() == Some("password") && !value.is_empty() {
            found.push((place, value.to_owned()));
        }
    })
    .ok()?;
    let (_, password) = found.last()?;
    for (place, value) in &found {
        let argument = &mut arguments[*place];
        let before = argument.len() - value.len();
        *argument = OsStr::from_bytes(&[&argument.as_bytes()[..before], b"***"].concat()).to_owned();
    }
    Some((arguments, Secret::new(password.to_str()?.to_owned())))
}

/// As [`plain`]. `each` is told of every option with a value, and of the argument's place whose end the value is.
fn read(
    arguments: impl IntoIterator<Item = OsString>,
    table: &Command,
    mut each: impl FnMut(&Arg, usize, &OsStr),
) -> Result<Vec<OsString>, Stop> {
    let mut arguments = arguments.into_iter().enumerate();
    let mut plain: Vec<OsString> = arguments.next().map(|(_, program)| program).into_iter().collect();
    let mut others = Vec::new();
    while let Some((mut place, argument)) = arguments.next() {
        if argument == "--" {
            others.extend(arguments.by_ref().map(|(_, argument)| argument));
            break;
        }
        let Some(text) = argument.to_str().filter(|text| is_option(text, table)) else {
            others.push(argument);
            continue;
        };
        let mut next = Some(find(text, table)?);
        while let Some(Found { option, value }) = next.take() {
            let value = match value {
                Some(rest) if !takes_value(option) => {
                    next = Some(combined(option, &rest, table)?);
                    None
                }
                None if takes_value(option) && !option.is_require_equals_set() => {
                    let is_value = |next: &OsString| !next.to_str().is_some_and(|text| is_option(text, table));
                    let given = arguments.next().filter(|(_, next)| is_value(next));
                    let (its_place, value) = given.ok_or_else(|| argument_error(option, "expected one argument"))?;
                    place = its_place;
                    Some(value)
                }
                value => value.map(OsString::from),
            };
            if let Some(value) = &value {
                each(option, place, value);
            }
            plain.push(tied(option, value.as_deref()));
            if is_last_word(option) {
                return Ok(plain);
            }
        }
    }
    plain.push("--".into());
    plain.extend(others);
    Ok(plain)
}

/// An option, and the value that is tied to it or, for a short one, whatever follows its letter.
struct Found<'a> {
    option: &'a Arg,
    value: Option<String>,
}

/// An option by what was typed.
fn find<'a>(text: &str, table: &'a Command) -> Result<Found<'a>, Stop> {
    if let Some(long) = text.strip_prefix("--") {
        let (name, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (long, None),
        };
        let option = by_long_name(text, name, table)?;
        if let Some(value) = value.as_deref().filter(|_| !takes_value(option)) {
            return Err(argument_error(option, format_args!("ignored explicit argument {}", repr(value))));
        }
        return Ok(Found { option, value });
    }
    let letters = text.strip_prefix('-').unwrap_or(text);
    let mut rest = letters.chars();
    let option = rest.next().and_then(|letter| by_letter(letter, table)).ok_or_else(|| unknown(text))?;
    let value = rest.as_str().strip_prefix('=').unwrap_or(rest.as_str());
    Ok(Found { option, value: (!rest.as_str().is_empty()).then(|| value.to_owned()) })
}

/// What follows the letter of a flag without a value: argparse takes it for more letters.
fn combined<'a>(flag: &Arg, rest: &str, table: &'a Command) -> Result<Found<'a>, Stop> {
    find(&format!("-{rest}"), table)
        .map_err(|_| argument_error(flag, format_args!("ignored explicit argument {}", repr(rest))))
}

fn by_long_name<'a>(typed: &str, name: &str, table: &'a Command) -> Result<&'a Arg, Stop> {
    let named = |name: &str| table.get_arguments().find(|option| option.get_long() == Some(name));
    if let Some(option) = named(name) {
        return Ok(option);
    }
    let of_cqlsh = OF_CQLSH.iter().copied().filter(|long| long.starts_with(name)).collect::<Vec<_>>();
    let all = || table.get_arguments().filter_map(Arg::get_long).filter(|long| long.starts_with(name));
    let meant = if of_cqlsh.is_empty() { all().collect() } else { of_cqlsh };
    match meant[..] {
        [long] => named(long).ok_or_else(|| unknown(typed)),
        [] => Err(unknown(typed)),
        _ => {
            let meant: Vec<_> = meant.iter().map(|long| format!("--{long}")).collect();
            Err(usage(format_args!("ambiguous option: {typed} could match {}", meant.join(", "))))
        }
    }
}

fn by_letter(letter: char, table: &Command) -> Option<&Arg> {
    table.get_arguments().find(|option| option.get_short() == Some(letter))
}

/// Whether argparse takes a text for an option: `-`, numbers, and what has blanks and names no option are values, such as
/// statements that begin with a comment.
fn is_option(text: &str, table: &Command) -> bool {
    let Some(rest) = text.strip_prefix('-').filter(|rest| !rest.is_empty()) else { return false };
    let is_text = text.contains(' ') && find(text, table).is_err();
    !is_number(rest) && !is_text
}

/// A number as argparse recognizes negative ones: `5`, `0.5`, `.5`.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction) && !fraction.is_empty(),
        None => digits(text),
    }
}

fn takes_value(option: &Arg) -> bool {
    option.get_action().takes_values()
}

/// Whether the program ends with this option, whatever comes after it.
fn is_last_word(option: &Arg) -> bool {
    matches!(option.get_long(), Some("help" | "version"))
}

fn tied(option: &Arg, value: Option<&OsStr>) -> OsString {
    let mut text = OsString::from(format!("--{}", option.get_long().unwrap_or_default()));
    if let Some(value) = value {
        text.push("=");
        text.push(value);
    }
    text
}

fn argument_error(option: &Arg, what: impl std::fmt::Display) -> Stop {
    let long = option.get_long().unwrap_or_default();
    match option.get_short() {
        Some(short) => usage(format_args!("argument -{short}/--{long}: {what}")),
        None => usage(format_args!("argument --{long}: {what}")),
    }
}

/// cqlsh takes what it does not know for the host. A value is not shown: it may be a password.
fn unknown(text: &str) -> Stop {
    let option = text.split('=').next().unwrap_or(text);
    usage(format_args!("unrecognized arguments: {option}; see cqlsh --help"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(arguments: &[&str]) -> Result<Vec<String>, Stop> {
        let arguments = std::iter::once("cqlsh").chain(arguments.iter().copied()).map(OsString::from);
        let plain = plain(arguments, &crate::settings::command())?;
        Ok(plain.into_iter().skip(1).map(|argument| argument.into_string().expect("UTF-8")).collect())
    }

    #[test]
    fn options_are_written_out() {
        for (arguments, expected) in [
            (
                &["-uadmin", "db", "--exec=SELECT 1", "9999"][..],
                &["--username=admin", "--execute=SELECT 1", "--", "db", "9999"][..],
            ),
            (&["-k=system", "--key", "b"], &["--keyspace=system", "--keyspace=b", "--"]),
            (
                &["-tC", "-Ck", "ks", "-Ckks"],
                &["--tty", "--color", "--color", "--keyspace=ks", "--color", "--keyspace=ks", "--"],
            ),
            (&["-e", "-5", "-0.5", "-"], &["--execute=-5", "--", "-0.5", "-"]),
            (
                &["-e", "-- a = b\nSELECT 1", "-e", "--a=b c"],
                &["--execute=-- a = b\nSELECT 1", "--execute=--a=b c", "--"],
            ),
            (&["-e", "", "--username="], &["--execute=", "--username=", "--"]),
            (&["--wait", "--wait=5", "h"], &["--wait", "--wait=5", "--", "h"]),
            (&["--sandbox", "--sandbox=4.1", "--sand"], &["--sandbox", "--sandbox=4.1", "--sandbox", "--"]),
            (&["--", "-k", "--nosuch"], &["--", "-k", "--nosuch"]),
            (&["-Cv", "--nosuch"], &["--color", "--version"]),
        ] {
            let expected = expected.iter().map(|&text| text.to_owned()).collect();
            assert_eq!(written(arguments), Ok(expected), "{arguments:?}");
        }
    }

    #[test]
    fn our_own_options_make_none_of_cqlshs_ambiguous() {
        for (cut, name) in [("--s", "--ssl"), ("--i", "--insecure-password-without-warning"), ("--no", "--no-color")] {
            assert_eq!(written(&[cut]), Ok(vec![name.to_owned(), "--".to_owned()]));
        }
    }

    #[test]
    fn cqlshs_options_are_in_the_table() {
        let table = crate::settings::command();
        for long in OF_CQLSH {
            assert!(table.get_arguments().any(|option| option.get_long() == Some(long)), "--{long}");
        }
    }

    #[test]
    fn bad_usage_is_told_in_the_words_of_argparse() {
        // Recorded from Apache cqlsh 6.2.2.
        for (arguments, message) in [
            (
                &["--c"][..],
                "ambiguous option: --c could match --color, --coverage, --cqlshrc, --credentials, --cqlversion, --connect-timeout",
            ),
            (&["--e=x"], "ambiguous option: --e=x could match --encoding, --execute"),
            (&["--ssl=true"], "argument --ssl: ignored explicit argument 'true'"),
            (&["-C5"], "argument -C/--color: ignored explicit argument '5'"),
            (&["--version=3"], "argument -v/--version: ignored explicit argument '3'"),
            (&["-hx"], "argument -h/--help: ignored explicit argument 'x'"),
            (&["-e"], "argument -e/--execute: expected one argument"),
            (&["-e", "--ssl"], "argument -e/--execute: expected one argument"),
            (&["-e", "-k x"], "argument -e/--execute: expected one argument"),
            (&["-e", "--"], "argument -e/--execute: expected one argument"),
            (&["--en"], "argument --encoding: expected one argument"),
        ] {
            assert_eq!(written(arguments), Err(usage(message)), "{arguments:?}");
        }
    }

    #[test]
    fn unknown_options_are_refused() {
        for (option, shown) in [("--nosuch", "--nosuch"), ("-x", "-x"), ("--pasword=s3cret", "--pasword")] {
            let expected = usage(format_args!("unrecognized arguments: {shown}; see cqlsh --help"));
            assert_eq!(written(&[option]), Err(expected));
        }
    }

    #[test]
    fn passwords_are_hidden_wherever_they_stand_and_the_last_one_counts() {
        let hidden = |arguments: &[&str]| {
            let arguments = std::iter::once("cqlsh").chain(arguments.iter().copied()).map(OsString::from).collect();
            let (hidden, password) = without_password(arguments, &crate::settings::command())?;
            let text = hidden.join(OsStr::new(" ")).into_string().expect("UTF-8");
            Some((text, password.reveal().to_owned()))
        };
        for (arguments, expected, password) in [
            (&["-u", "s3", "-p", "s3", "h"][..], "cqlsh -u s3 -p *** h", "s3"),
            (&["-Cps3", "-us3"], "cqlsh -Cp*** -us3", "s3"),
            (&["-p=s3"], "cqlsh -p=***", "s3"),
            (&["--passw=a=b", "--", "--password=c"], "cqlsh --passw=*** -- --password=c", "a=b"),
            (&["-p", "one", "--password", "two"], "cqlsh -p *** --password ***", "two"),
        ] {
            assert_eq!(hidden(arguments), Some((expected.to_owned(), password.to_owned())), "{arguments:?}");
        }
        for nothing in [&["-u", "s3", "h"][..], &["-p", ""], &["-p"], &["-p", "x", "--nosuch"]] {
            assert_eq!(hidden(nothing), None, "{nothing:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_arguments_panic(arguments in proptest::collection::vec("-{0,2}[a-zé=. 5]{0,8}", 0..6)) {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let _ = written(&arguments);
        }
    }
}
