//! Where the rows of a file go: how its records are read, and who sends them. Files with other columns have another.

use std::sync::Arc;
use std::sync::mpsc::Sender;

use tokio::runtime::Handle;

use super::Event;
use super::authorship::Authorship;
use super::columns::Plan;
use super::count::Written;
use super::dispatch::Strain;
use super::encode::Encoder;
use super::header;
use super::literals::Literals;
use super::send::Courier;
use crate::cluster::{Consistency, PreparedWrite, QueryError, Session};
use crate::copy::faults::Faults;
use crate::copy::interrupt::Stop;
use crate::copy::options::Options;
use crate::copy::statements::Subject;
use crate::value::escapes;

/// What becomes of the records of a file.
pub(super) struct Target {
    /// Records to rows.
    pub(super) encoder: Encoder,
    /// Who sends rows.
    pub(super) courier: Arc<Courier>,
    /// Who sends static columns, where the table has any.
    pub(super) static_courier: Option<Arc<Courier>>,
}

/// Makes targets, one for each list of columns.
pub(super) struct Targets {
    /// What the statement names.
    pub(super) subject: Subject,
    /// Its options.
    pub(super) options: Options,
    /// The session to write through.
    pub(super) session: Session,
    /// Where sending happens.
    pub(super) runtime: Handle,
    /// The shell's consistency.
    pub(super) consistency: Consistency,
    /// Set when the import ends early.
    pub(super) stop: Stop,
    /// Set when Ctrl-C is pressed.
    pub(super) pressed: Stop,
    /// What happened.
    pub(super) events: Sender<Event>,
    /// Rows the server has taken.
    pub(super) written: Written,
    /// What tells that the server is too busy.
    pub(super) strain: Strain,
    /// Failures that a test asks for.
    pub(super) faults: Arc<Faults>,
    /// Who seems to have written the files, where that is to be found out.
    pub(super) authorship: Option<Arc<Authorship>>,
    /// Those made so far.
    pub(super) known: Vec<(Plan, Arc<Target>)>,
}

/// Why a statement is not prepared.
#[derive(Debug)]
pub(super) enum Unprepared {
    /// Ctrl-C was pressed.
    Interrupted,
    /// The server refuses it, or does not answer.
    Failed(QueryError),
}

impl Targets {
    /// The columns of the records after this line, which names them; `source` is what errors call the file. `Err` is the
    /// line that says why it does not fit the table.
    pub(super) fn named(&self, line: &[u8], source: &str) -> Result<Plan, String> {
        header::plan(line, source, &self.subject, &self.options)
    }

    /// The only target there is to be.
    pub(super) fn into_one(mut self, plan: &Plan) -> Result<Arc<Target>, Unprepared> {
        self.of(plan)
    }

    /// The target of records with these columns. Waits for the server, on a plain thread.
    pub(super) fn of(&mut self, plan: &Plan) -> Result<Arc<Target>, Unprepared> {
        if let Some((_, target)) = self.known.iter().find(|(known, _)| known == plan) {
            return Ok(Arc::clone(target));
        }
        let rows = self.prepare(&plan.cql)?;
        let statics = plan.statics.as_ref().map(|statics| self.prepare(&statics.cql)).transpose()?;
        let target = Arc::new(self.target(plan, rows, statics));
        self.known.push((plan.clone(), Arc::clone(&target)));
        Ok(target)
    }

    fn prepare(&self, cql: &str) -> Result<PreparedWrite, Unprepared> {
        let (session, cql) = (self.session.clone(), cql.to_owned());
        let pressed = self.pressed.clone();
        self.runtime.block_on(async move {
            tokio::select! {
                prepared = session.prepare_write(cql) => prepared.map_err(Unprepared::Failed),
                () = pressed.asked() => Err(Unprepared::Interrupted),
            }
        })
    }

    fn target(&self, plan: &Plan, rows: PreparedWrite, statics: Option<PreparedWrite>) -> Target {
        let (subject, style, import) = (&self.subject, &self.options.style, &self.options.import);
        let encoder = Encoder {
            dialect: self.options.dialect.clone(),
            style: style.clone(),
            marker: if style.by_cqlsh { escapes::escape(&style.null) } else { style.null.clone() },
            authorship: self.authorship.clone(),
            skipped: plan.skipped.clone(),
            bound: plan.bind(subject, &rows, style),
            statics: statics.iter().flat_map(|statics| plan.bind_statics(subject, statics, style)).collect(),
            timestamps: !plan.counters,
            expiring: import.ttl.is_some(),
            writes_nulls: import.writes_nulls,
        };
        let literals = |bound| (!import.prepared_statements).then(|| Literals::new(subject, bound, import.ttl));
        let courier = Arc::new(self.courier(plan, rows, literals(&encoder.bound)));
        let statics = statics.map(|statics| Arc::new(self.courier(plan, statics, literals(&encoder.statics))));
        Target { encoder, courier, static_courier: statics }
    }

    fn courier(&self, plan: &Plan, prepared: PreparedWrite, literals: Option<Literals>) -> Courier {
        Courier {
            session: self.session.clone(),
            prepared,
            literals,
            counters: plan.counters,
            consistency: self.consistency,
            timeout: self.options.import.request_timeout,
            max_attempts: self.options.max_attempts,
            stop: self.stop.clone(),
            events: self.events.clone(),
            written: self.written.clone(),
            strain: self.strain.clone(),
            faults: Arc::clone(&self.faults),
        }
    }
}
