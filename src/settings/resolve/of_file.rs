//! What cqlshrc says where flags or environment may say otherwise.

use std::time::Duration;

use crate::settings::cqlshrc::LONGEST;
use crate::settings::{ConfigError, Cqlshrc, EditMode, Notices};
use crate::terminal::surface::Wish;

/// What cqlshrc says, as far as flags or environment may say otherwise.
pub(super) struct OfFile {
    pub(super) keyspace: Option<String>,
    pub(super) browser: Option<String>,
    pub(super) colour: Option<bool>,
    pub(super) float_precision: Option<usize>,
    pub(super) double_precision: Option<usize>,
    pub(super) max_trace_wait: Option<Duration>,
    pub(super) time_zone: Option<String>,
    pub(super) ssl: bool,
    pub(super) compression: Option<bool>,
    pub(super) encoding: Option<String>,
    pub(super) tty: Option<bool>,
    pub(super) editor: Wish,
    pub(super) edit_mode: EditMode,
    pub(super) protocol_version: Option<i64>,
    pub(super) cql_version: Option<String>,
    pub(super) connect_timeout: Option<Duration>,
    pub(super) request_timeout: Option<Duration>,
    pub(super) disable_history: bool,
    pub(super) host: Option<String>,
    pub(super) port: Option<String>,
}

impl OfFile {
    /// Reads it in cqlsh's order, which decides which of several bad values is told.
    pub(super) fn read(cqlshrc: &Cqlshrc, notices: &mut Notices) -> Result<Self, ConfigError> {
        let keyspace = cqlshrc.text("authentication", "keyspace", notices);
        let browser = cqlshrc.text("ui", "browser", notices);
        let colour = cqlshrc.boolean("ui", "color", notices)?;
        // cqlsh: digits below none are none.
        let digits = |number: i64| usize::try_from(number).unwrap_or(0);
        let float_precision = cqlshrc.integer("ui", "float_precision", notices)?.map(digits);
        let double_precision = cqlshrc.integer("ui", "double_precision", notices)?.map(digits);
        // Fields may be of any length here.
        cqlshrc.integer("csv", "field_size_limit", notices)?;
        let wait = cqlshrc.number("tracing", "max_trace_wait", notices)?;
        Ok(Self {
            keyspace,
            browser,
            colour,
            float_precision,
            double_precision,
            max_trace_wait: wait.map(|seconds| Duration::from_secs_f64(seconds.clamp(0.0, LONGEST.as_secs_f64()))),
            time_zone: cqlshrc.text("ui", "timezone", notices).filter(|name| !name.is_empty()),
            ssl: cqlshrc.boolean("connection", "ssl", notices)?.unwrap_or(false),
            compression: cqlshrc.boolean("connection", "compression", notices)?,
            encoding: cqlshrc.text("ui", "encoding", notices),
            tty: cqlshrc.boolean("ui", "tty", notices)?,
            protocol_version: cqlshrc.integer("protocol", "version", notices)?,
            cql_version: cqlshrc.text("cql", "version", notices),
            connect_timeout: cqlshrc.seconds("connection", "timeout", notices)?,
            request_timeout: cqlshrc.seconds("connection", "request_timeout", notices)?,
            disable_history: cqlshrc.boolean("history", "disabled", notices)?.unwrap_or(false),
            host: cqlshrc.text("connection", "hostname", notices),
            port: cqlshrc.text("connection", "port", notices),
            editor: cqlshrc.value("shell", "editor", Wish::WORDS, notices, Wish::parse)?.unwrap_or_default(),
            edit_mode: cqlshrc
                .value("shell", "edit_mode", EditMode::WORDS, notices, EditMode::parse)?
                .unwrap_or_default(),
        })
    }

    /// Drops what is meant for another server than a sandbox.
    pub(super) fn forget_the_server(&mut self) {
        (self.host, self.port, self.keyspace) = (None, None, None);
        (self.ssl, self.cql_version, self.protocol_version) = (false, None, None);
    }
}
