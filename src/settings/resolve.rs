//! Flags, environment and cqlshrc weighed against each other: in this order, and then what is built in.

mod given;
mod of_file;

use std::ffi::OsString;
use std::time::Duration;

use given::{full_cql_version, host_and_port, port, protocol_version, time_limit};
use of_file::OfFile;

use super::browser::browsers;
use super::credentials::Asked;
use super::files::Files;
use super::usage::{Stop, usage};
use super::{Cqlshrc, Environment, Flags, Input, Notices, Prompt, Settings, Tls, encoding};
use crate::print::python::repr;
use crate::terminal::surface::Wish;

/// cqlsh's built-in timestamp format.
const TIMESTAMP_FORMAT: &str = "%Y-%m-%d %H:%M:%S.%f%z";

/// cqlsh's digits of float and double on the screen.
const PRECISION: usize = 5;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Longer than the servers give themselves for a TRUNCATE, which is 60 seconds: who gives up before them does not know
/// what they still do.
const ALTERATION_TIMEOUT: Duration = Duration::from_secs(70);

const MAX_TRACE_WAIT: Duration = Duration::from_secs(10);

/// Turns arguments (the program's name first), environment and settings files into settings, and says in `notices` what
/// the user is to be told first, also when it does not come to settings.
pub fn resolve(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &Environment,
    notices: &mut Notices,
) -> Result<Settings, Stop> {
    let mut flags = Flags::parse(arguments)?;
    if flags.password.is_some() && environment.password_argument.is_some() {
        flags.password.clone_from(&environment.password_argument);
    }
    if flags.password.is_some() && flags.password_file.is_some() {
        return Err(usage("argument --password-file: not allowed with argument -p/--password"));
    }
    let protocol_version = flags.protocol_version.as_deref().map(protocol_version).transpose()?;
    if let (Some(_), Some(host)) = (flags.sandbox, flags.address.first()) {
        return Err(usage(format_args!(
            "argument --sandbox: it starts a node of its own, so '{host}' cannot be the host (a version is given as \
             --sandbox=4.1)"
        )));
    }
    let files = Files::prepare(flags.cqlshrc.as_deref(), environment, notices)?;
    let cqlshrc = Cqlshrc::read(files.cqlshrc, notices)?;
    let mut file = OfFile::read(&cqlshrc, notices)?;
    let shell = Prompt::read(&cqlshrc, environment, notices)?;
    if flags.sandbox.is_some() {
        file.forget_the_server();
    }
    let asked = Asked::read(&flags, &cqlshrc, environment, notices)?;
    let connect_timeout = time_limit(flags.connect_timeout.as_deref(), "connect")?;
    let request_timeout = time_limit(flags.request_timeout.as_deref(), "request")?.or(file.request_timeout);
    let wait = time_limit(flags.wait.as_deref(), "wait")?;
    let cql_version = flags.cqlversion.or(file.cql_version).map(full_cql_version).transpose()?;

    let mut address = flags.address.into_iter();
    let host = address.next().or_else(|| environment.host.clone()).or(file.host);
    let (host, port_of_host) = host_and_port(host.as_deref().unwrap_or("127.0.0.1"));
    let port = match (port_of_host, address.next()) {
        (Some(of_host), Some(other)) if port(&other)? != of_host => {
            return Err(usage(format_args!("{host} has the port {of_host} with it, and {other} is another one.")));
        }
        (Some(port), _) => port,
        (None, given) => {
            given.or_else(|| environment.port.clone()).or(file.port).map_or(Ok(9042), |text| port(&text))?
        }
    };
    let host = host.to_owned();
    let tls = (flags.ssl || file.ssl).then(|| Tls::read(&cqlshrc, environment, &host, notices));

    let encoding = flags.encoding.or(file.encoding).unwrap_or_else(|| "utf-8".to_owned());
    if !encoding::is_known(&encoding) {
        return Err(Stop::Config(format!("The encoding {} is unknown.\n", repr(&encoding))));
    }
    let mut before_connecting = Notices::default();
    let login = match (flags.sandbox, &flags.username) {
        // A sandbox lets everybody in.
        (Some(_), None) => None,
        _ => asked.login(&cqlshrc, environment, &mut before_connecting)?,
    };
    if login.is_none() && flags.password_file.is_some() {
        return Err(usage("argument --password-file: nobody logs in with it; give a user name (-u) too"));
    }

    let execute = flags.execute.filter(|text| !text.is_empty()).map(|mut text| {
        // cqlsh looks at the last character alone, and sends the server an empty statement after `…; `.
        if !text.trim_end().ends_with(';') {
            text.push(';');
        }
        text
    });
    let script = flags.file;
    let batch = execute.is_some() || script.is_some();
    let colour = match (flags.color, flags.no_color) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        // cqlsh: a file is never coloured on its own account, not even on a terminal.
        _ => file.colour.or(script.as_ref().map(|_| false)),
    };
    // cqlsh: when both are given only -e runs.
    let (input, unread_file) = match (execute, script) {
        (Some(text), script) => (Input::Execute(text), script),
        (None, Some(path)) => (Input::File(path), None),
        (None, None) => (Input::Stdin, None),
    };
    let editor = match environment.editor.as_deref() {
        None => file.editor,
        Some(text) => Wish::parse(text).unwrap_or_else(|| {
            // It may be meant for something else, and is no reason not to start.
            let expected = Wish::WORDS;
            before_connecting.note(&format!("Warning: CQLSH_EDITOR must be {expected}, not {}.\n", repr(text)));
            file.editor
        }),
    };
    let default_format = environment.timestamp_format.as_deref().unwrap_or(TIMESTAMP_FORMAT);
    let timestamp_format = cqlshrc.raw("ui", "time_format").unwrap_or(default_format);
    Ok(Settings {
        host,
        port,
        login,
        tls,
        compression: file.compression,
        cql_version,
        protocol_version: protocol_version.or(file.protocol_version),
        keyspace: flags.keyspace.or(file.keyspace).filter(|name| !name.is_empty()),
        input,
        unread_file,
        stop_on_error: flags.stop_on_error,
        tty: !batch && (flags.tty || file.tty.unwrap_or(environment.stdin_is_terminal)),
        editor,
        shell,
        system_shell: environment.shell.clone().unwrap_or_else(|| "sh".to_owned()),
        edit_mode: file.edit_mode,
        columns: environment.columns,
        text_editor: environment.text_editor.clone().unwrap_or_else(|| "vi".to_owned()),
        on_terminal: environment.stdin_is_terminal && environment.stdout_is_terminal,
        colour,
        debug: flags.debug,
        browsers: browsers(flags.browser.or(file.browser).as_deref(), environment),
        encoding,
        connect_timeout: connect_timeout.or(file.connect_timeout).unwrap_or(CONNECT_TIMEOUT),
        wait,
        request_timeout: request_timeout.unwrap_or(REQUEST_TIMEOUT),
        alteration_timeout: request_timeout.unwrap_or(ALTERATION_TIMEOUT),
        max_trace_wait: file.max_trace_wait.unwrap_or(MAX_TRACE_WAIT),
        history: files.history,
        has_history_directory: files.has_history_directory,
        save_history: !(flags.disable_history || file.disable_history),
        prompt: environment.prompt.clone(),
        has_custom_format: timestamp_format != default_format,
        timestamp_format: timestamp_format.to_owned(),
        time_zone: file.time_zone,
        time_zone_of_environment: environment.time_zone.clone(),
        float_precision: file.float_precision.unwrap_or(PRECISION),
        double_precision: file.double_precision.unwrap_or(PRECISION),
        sandbox: flags.sandbox,
        home: environment.home.clone(),
        processors: environment.processors,
        copy_tests: environment.copy_tests.clone(),
        before_connecting: before_connecting.stderr,
        cqlshrc: cqlshrc.path,
    })
}

#[cfg(test)]
mod tests;
