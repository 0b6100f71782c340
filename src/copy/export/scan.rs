//! What an export asks for: one statement, and the portions of the table to ask for with it.

use crate::cluster::{Route, Session};
use crate::copy::ranges::{self, Limits};
use crate::copy::statements::Subject;
use crate::copy::{Context, Ended};

/// A portion of the table, asked for on its own.
#[derive(Debug, Clone)]
pub(super) struct Portion {
    /// Who is asked.
    pub(super) route: Route,
    /// What is bound: the bounds of a token range, or nothing for everything at once.
    pub(super) tokens: Vec<i64>,
    /// What errors call it: `(-5, 7)`.
    pub(super) name: String,
}

/// A statement and its portions.
#[derive(Debug)]
pub(super) struct Scan {
    /// The statement to prepare.
    pub(super) cql: String,
    /// What to ask for with it.
    pub(super) portions: Vec<Portion>,
}

impl Scan {
    /// Decides how to read the table between the limits.
    pub(super) fn plan(subject: &Subject, limits: Limits, context: &Context<'_>) -> Result<Self, Ended> {
        let partitioner = &context.session.server().partitioner;
        if is_virtual(&subject.table.keyspace) {
            return Self::at_once(subject, limits, None);
        } else if partitioner.ends_with("RandomPartitioner") {
            return Self::at_once(subject, limits, Some(-1));
        } else if !partitioner.ends_with("Murmur3Partitioner") {
            return Self::at_once(subject, limits, None);
        }
        limits.check(i64::MIN.into()).map_err(Ended::Refused)?;
        let Some(whole) = limits.murmur3() else {
            let shown = |token: Option<i128>| token.map_or_else(|| "None".to_owned(), |token| token.to_string());
            let (begin, end) = (shown(limits.begin), shown(limits.end));
            let line = format!("Found no ranges to query, check begin and end tokens: {begin} - {end}");
            return Err(Ended::Refused(line));
        };
        let session: Session = context.session.clone();
        let keyspace = subject.table.keyspace.clone();
        let placement = context.runtime.run(async move { session.placement(&keyspace).await })?;
        let placement = placement.map_err(|error| Ended::Refused(error.line))?;
        let portions = ranges::split(&placement, whole)
            .into_iter()
            .map(|(range, place)| Portion {
                route: placement.route(place),
                tokens: vec![range.after, range.up_to],
                name: range.to_string(),
            })
            .collect();
        Ok(Self { cql: subject.select_range(), portions })
    }

    /// One query for everything between the limits, which only a partitioner with a smallest token can have.
    fn at_once(subject: &Subject, limits: Limits, smallest: Option<i128>) -> Result<Self, Ended> {
        match smallest {
            Some(smallest) => limits.check(smallest).map_err(Ended::Refused)?,
            None if limits == Limits::default() => {}
            None => {
                let line = "BEGINTOKEN and ENDTOKEN mean nothing for this table".to_owned();
                return Err(Ended::Refused(line));
            }
        }
        let name = "(None, None)".to_owned();
        Ok(Self {
            cql: subject.select_between(limits),
            portions: vec![Portion { route: Route::contact(), tokens: Vec::new(), name }],
        })
    }
}

/// Tables that are the node's own view of itself have no place in the ring. Apache cqlsh cannot export them.
fn is_virtual(keyspace: &str) -> bool {
    matches!(keyspace, "system_views" | "system_virtual_schema")
}
