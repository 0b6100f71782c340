//! Arguments and environment in, exit status out; nothing else.

use std::process::ExitCode;

use cqlsh::settings::{Environment, Settings, Stop};
use cqlsh::shell::{self, ExitStatus};
use cqlsh::terminal::{Terminal, colour};

fn main() -> ExitCode {
    let environment = Environment::read();
    let status = match cqlsh::settings::resolve(std::env::args_os(), &environment) {
        Ok((settings, warnings)) => {
            let mut terminal = Terminal::new(settings.colour.unwrap_or_else(|| {
                colour::by_terminal(environment.stdout_is_terminal, environment.term.as_deref())
            }));
            terminal.note(&warnings);
            run(settings, &environment, &mut terminal)
        }
        Err(Stop::Text(text)) => {
            let mut terminal = Terminal::new(false);
            let written = terminal.raw(text.as_bytes()).and_then(|()| terminal.flush());
            written.map_or(ExitStatus::StartFailure, |()| ExitStatus::Success)
        }
        Err(Stop::Usage(text)) => {
            Terminal::new(false).note(&text);
            ExitStatus::Failure
        }
    };
    ExitCode::from(status.code())
}

/// Everything after the settings: the time zone, the sandbox if one was asked for, the shell.
fn run(settings: Settings, environment: &Environment, terminal: &mut Terminal) -> ExitStatus {
    let time_zone = time_zone(environment, terminal);
    match shell::run(&settings, time_zone, environment.stdin_is_terminal, terminal) {
        Ok(status) => status,
        Err(error) => {
            terminal.note(&format!("{error}\n"));
            ExitStatus::StartFailure
        }
    }
}

/// The zone timestamps are shown in: `TZ`, else UTC. cqlsh takes names of the time zone database only.
fn time_zone(environment: &Environment, terminal: &mut Terminal) -> jiff::tz::TimeZone {
    let Some(name) = &environment.time_zone else { return jiff::tz::TimeZone::UTC };
    jiff::tz::TimeZone::get(name).unwrap_or_else(|_| {
        terminal.note(&format!("Warning: could not recognize timezone '{name}' from environment value TZ\n\n"));
        jiff::tz::TimeZone::UTC
    })
}
