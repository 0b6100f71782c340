//! Arguments and environment in, exit status out; nothing else.

use std::process::ExitCode;
use std::sync::Arc;

use cqlsh::sandbox::{self, Sandbox, SandboxError};
use cqlsh::settings::{Environment, Notices, Settings, Stop};
use cqlsh::shell::{ExitStatus, Ready};
use cqlsh::terminal::{Surface, Terminal, Waiting, bar, colour, mode, surface};

fn main() -> ExitCode {
    if sandbox::guard(std::env::args_os()) {
        return ExitCode::SUCCESS;
    }
    cqlsh::settings::hide_password(std::env::args_os());
    mode::give_back_on_panic();
    // cqlsh: Python ignores the signal, so that a file that may grow no further (`ulimit -f`) is an error of its writer.
    // Where it cannot be heard it ends the program, as it does others.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
    let environment = Environment::read();
    let mut notices = Notices::default();
    let status = match cqlsh::settings::resolve(std::env::args_os(), &environment, &mut notices) {
        Ok(settings) => {
            let mut terminal = Terminal::new(settings.colour.unwrap_or_else(|| {
                !environment.no_colour
                    && colour::by_terminal(environment.stdout_is_terminal, environment.term.as_deref())
            }));
            terminal.allow_bars(bar::fits(
                environment.stdout_is_terminal,
                environment.stderr_has_size,
                environment.term.as_deref(),
            ));
            terminal.set_columns(environment.columns);
            tell(&notices, &mut terminal);
            run(settings, &environment, &mut terminal).unwrap_or_else(|error| {
                terminal.note(&format!("{error}\n"));
                ExitStatus::StartFailure
            })
        }
        Err(Stop::Text(text)) => {
            let mut terminal = Terminal::new(false);
            let written = terminal.raw(text.as_bytes()).and_then(|()| terminal.flush());
            written.map_or(ExitStatus::StartFailure, |()| ExitStatus::Success)
        }
        Err(Stop::Usage(text)) => end_with(&notices, &text, ExitStatus::Failure),
        Err(Stop::Config(text)) => end_with(&notices, &text, ExitStatus::StartFailure),
    };
    ExitCode::from(status.code())
}

/// What came up while settings were read.
fn tell(notices: &Notices, terminal: &mut Terminal) {
    // A stdout that cannot be written shows at the first result.
    let _ = terminal.raw(notices.stdout.as_bytes()).and_then(|()| terminal.flush());
    terminal.note(&notices.stderr);
}

/// The last words before anything was started.
fn end_with(notices: &Notices, text: &str, status: ExitStatus) -> ExitStatus {
    let mut terminal = Terminal::new(false);
    tell(notices, &mut terminal);
    terminal.note(text);
    status
}

/// Everything after the settings: the input, the sandbox if one was asked for, the shell.
fn run(
    mut settings: Settings,
    environment: &Environment,
    terminal: &mut Terminal,
) -> Result<ExitStatus, Box<dyn std::error::Error>> {
    let ready = Ready::open(&settings, terminal)?;
    // Held until the shell has ended: dropping it stops the node.
    let sandbox = settings.sandbox.map(|version| start_sandbox(version, environment, terminal)).transpose()?;
    if let Some(sandbox) = &sandbox {
        settings.port = sandbox.port();
        settings.host = sandbox.addresses().first().map_or(settings.host, ToString::to_string);
    }
    let facts = surface::Facts {
        prompts: settings.tty,
        stdin_is_terminal: environment.stdin_is_terminal,
        stdout_is_terminal: environment.stdout_is_terminal,
        has_size: environment.stdout_has_size,
        term: environment.term.as_deref(),
    };
    Ok(ready.run(&settings, Surface::choose(settings.editor, facts), terminal)?)
}

/// Starts a throwaway node and says where it listens.
fn start_sandbox(
    version: sandbox::Version,
    environment: &Environment,
    terminal: &mut Terminal,
) -> Result<Sandbox, SandboxError> {
    let program = environment.program.clone().unwrap_or_else(|| "cqlsh".into());
    let builder = sandbox::Builder::new(version, program, environment.places.clone());
    let mut waiting = Waiting::new(terminal);
    let sandbox = builder.start(&mut |what| waiting.on(what))?;
    drop(waiting);
    for address in sandbox.addresses() {
        terminal.note(&format!("Cassandra {} listens on {address}:{}\n", version.release(), sandbox.port()));
    }
    Ok(sandbox)
}
