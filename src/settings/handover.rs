//! A password on the command line, where everybody on the machine can read it in the list of processes: the program runs
//! itself again with stars in its place, and hands the password over to itself in a pipe.
//!
//! Nothing else about the process changes, its number included. What a password is for is not known here.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::{env, process};

use super::{arguments, command};
use crate::cql::secret::Secret;

/// Says which process is handed a password (no child of it that finds the variable), and where: `PROCESS:DESCRIPTOR`.
const VARIABLE: &str = "CQLSH_HANDOVER";

/// What a pipe takes at once everywhere.
const LONGEST: usize = 4096;

/// Runs the program again if there is a password to hide among its arguments (its name first). It comes back where there
/// is none, where it was done already, and where it cannot be done: then the password stays where it is.
pub fn hide_password(arguments: impl Iterator<Item = OsString>) {
    if received_from().is_some() {
        return;
    }
    let arguments: Vec<OsString> = arguments.collect();
    // Every way to give one has the letter. Others need not wait for the options to be read.
    let may_hold_one =
        |argument: &OsString| argument.as_bytes().starts_with(b"-") && argument.as_bytes().contains(&b'p');
    if !arguments.iter().skip(1).any(may_hold_one) {
        return;
    }
    if let Some((arguments, password)) = arguments::without_password(arguments, &command())
        && password.reveal().len() <= LONGEST
    {
        let _ = run_again(&arguments, &password);
    }
}

fn run_again(arguments: &[OsString], password: &Secret) -> io::Result<()> {
    let Some((name, arguments)) = arguments.split_first() else { return Ok(()) };
    let (reader, mut writer) = io::pipe()?;
    writer.write_all(password.reveal().as_bytes())?;
    // The copy stays open in what runs next.
    let inherited = rustix::io::dup(&reader)?;
    let descriptor = inherited.as_raw_fd();
    File::open(path(descriptor))?;
    let program = env::current_exe()?;
    let place = format!("{}:{descriptor}", process::id());
    Err(Command::new(program).arg0(name).args(arguments).env(VARIABLE, place).exec())
}

/// The password that this process was handed.
pub(super) fn received() -> Option<Secret> {
    let mut password = String::new();
    File::open(path(received_from()?)).ok()?.read_to_string(&mut password).ok()?;
    Some(Secret::new(password)).filter(|password| !password.is_empty())
}

fn received_from() -> Option<i32> {
    let place = env::var(VARIABLE).ok()?;
    let (process, descriptor) = place.split_once(':')?;
    descriptor.parse().ok().filter(|_| process.parse() == Ok(process::id()))
}

fn path(descriptor: i32) -> impl AsRef<Path> {
    format!("/dev/fd/{descriptor}")
}
