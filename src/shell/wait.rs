//! The first connection, and waiting for a server that is still starting.

use std::time::{Duration, Instant};

use super::StartError;
use crate::cluster::{ConnectErrorKind, ConnectOptions, Runtime, Session};
use crate::terminal::Terminal;

/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(500);

/// How long a server may refuse a login that it takes later: a new cluster makes its first role ten seconds after it
/// listens.
const FIRST_ROLE: Duration = Duration::from_secs(20);

/// Connects; if `wait` is given, as often as it takes and until that long has passed. Every change of what keeps it from
/// connecting is a line on stderr.
pub(super) fn connect(
    options: &ConnectOptions,
    wait: Option<Duration>,
    runtime: &Runtime,
    terminal: &mut Terminal,
) -> Result<Session, StartError> {
    let begun = Instant::now();
    let mut state = None;
    let mut refused_since = None;
    loop {
        let attempt = runtime.run(Session::connect(options.clone())).map_err(|_| StartError::Aborted)?;
        let error = match attempt {
            Ok(session) => {
                if state.is_some() {
                    terminal.note(&format!("{} answers.\n", server(options)));
                }
                return Ok(session);
            }
            Err(error) => error,
        };
        let in_time = wait.is_some_and(|wait| begun.elapsed() + PAUSE < wait);
        let words = words(error.kind).filter(|_| in_time);
        let Some(words) = words else { return Err(error.into()) };
        if error.kind == ConnectErrorKind::LoginFailed {
            let since: Instant = *refused_since.get_or_insert_with(Instant::now);
            if since.elapsed() > FIRST_ROLE {
                return Err(error.into());
            }
        }
        if state.replace(error.kind) != Some(error.kind) {
            terminal.note(&format!("Waiting for {}: {words}.\n", server(options)));
        }
        runtime.run(async { tokio::time::sleep(PAUSE).await }).map_err(|_| StartError::Aborted)?;
    }
}

/// The server as it was given.
fn server(options: &ConnectOptions) -> String {
    format!("{}:{}", options.host, options.port)
}

/// What a server does that may yet change its mind.
fn words(kind: ConnectErrorKind) -> Option<&'static str> {
    Some(match kind {
        ConnectErrorKind::UnknownHost => "the host's name is not known",
        ConnectErrorKind::Refused => "nobody listens there",
        ConnectErrorKind::NoAnswer => "it does not answer",
        ConnectErrorKind::NotReady => "it is not ready",
        ConnectErrorKind::LoginFailed => "it does not let this user in",
        ConnectErrorKind::Final => return None,
    })
}
