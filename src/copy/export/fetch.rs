//! Fetching: portions of the table, page by page, each page again after a failure at the place where it began, so that
//! no row is lost and none comes twice.

use std::iter::Enumerate;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::vec;

use tokio::sync::mpsc::Sender;

use super::page_size::PageSize;
use super::scan::Portion;
use crate::cluster::{Consistency, Page, PagingState, PreparedRead, QueryError, Session, Terms};
use crate::copy::faults::Faults;
use crate::copy::retry;

/// What a formatter is given, in order for each portion.
#[derive(Debug)]
pub(super) enum Work {
    /// Rows of the portion of this name.
    Page(Box<Page>, Arc<str>),
    /// The portion is complete.
    Done,
    /// A failure that will be tried again.
    Remark(String),
    /// A failure for good.
    Failed(String),
}

/// Takes portions off a list until it is empty. Several of its tasks share it.
pub(super) struct Fetcher {
    /// The session to read through.
    pub(super) session: Session,
    /// The SELECT.
    pub(super) prepared: PreparedRead,
    /// The shell's consistency.
    pub(super) consistency: Consistency,
    /// Time limit of one page.
    pub(super) timeout: Duration,
    /// Attempts for each page.
    pub(super) max_attempts: u32,
    /// Rows to ask for.
    pub(super) page_size: Arc<PageSize>,
    /// Failures that a test asks for.
    pub(super) faults: Faults,
    /// What is left to fetch.
    pub(super) portions: Mutex<Enumerate<vec::IntoIter<Portion>>>,
    /// Each portion goes to one formatter as a whole, so that its rows stay in order.
    pub(super) formatters: Vec<Sender<Work>>,
}

/// The formatters are gone: the export has ended.
struct Gone;

impl Fetcher {
    /// One of the tasks. It ends early when a portion fails for good or nobody formats any more.
    pub(super) async fn run(self: Arc<Self>) {
        while let Some((number, portion)) = self.next() {
            let to = &self.formatters[number % self.formatters.len()];
            if self.portion(&portion, to).await.is_err() {
                return;
            }
        }
    }

    fn next(&self) -> Option<(usize, Portion)> {
        self.portions.lock().unwrap_or_else(PoisonError::into_inner).next()
    }

    async fn portion(&self, portion: &Portion, to: &Sender<Work>) -> Result<(), Gone> {
        let name: Arc<str> = portion.name.as_str().into();
        let mut from = None;
        let mut rows = 0;
        loop {
            let page = match self.page(portion, from, to, rows).await? {
                Ok(page) => page,
                Err(line) => return send(to, Work::Failed(line)).await,
            };
            from = page.next().cloned();
            rows += page.len();
            send(to, Work::Page(Box::new(page), Arc::clone(&name))).await?;
            if from.is_none() {
                return send(to, Work::Done).await;
            }
        }
    }

    /// One page, after as many attempts as it takes; the inner `Err` is the line that tells of the last one.
    async fn page(
        &self,
        portion: &Portion,
        from: Option<PagingState>,
        to: &Sender<Work>,
        rows: usize,
    ) -> Result<Result<Page, String>, Gone> {
        let mut failures = 0;
        loop {
            let error: QueryError = match self.ask(portion, from.clone(), failures).await {
                Ok(page) => return Ok(Ok(page)),
                Err(error) => error,
            };
            failures += 1;
            let (name, told, most) = (&portion.name, retry::told(&error), self.max_attempts);
            if failures >= most || !retry::is_worthwhile(&error) {
                let end = format!("permanently given up after {rows} rows and {failures} attempts");
                return Ok(Err(format!("Error for {name}: {told} ({end})")));
            }
            let end = format!("will try again later attempt {failures} of {most}");
            send(to, Work::Remark(format!("Error for {name}: {told} ({end})"))).await?;
            tokio::time::sleep(retry::pause(&error, failures, self.session.is_reachable(&portion.route))).await;
        }
    }

    async fn ask(&self, portion: &Portion, from: Option<PagingState>, failures: u32) -> Result<Page, QueryError> {
        if let [after, up_to] = portion.tokens[..]
            && let Some(fault) = self.faults.of_range(after, up_to, failures + 1)
        {
            return Err(fault);
        }
        let rows = self.page_size.rows(failures);
        let terms = Terms { route: portion.route.clone(), consistency: self.consistency, timeout: self.timeout };
        self.session.read_page(&self.prepared, &portion.tokens, rows, from, &terms).await
    }
}

async fn send(to: &Sender<Work>, work: Work) -> Result<(), Gone> {
    to.send(work).await.map_err(|_| Gone)
}
