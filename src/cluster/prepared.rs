//! Statements that are prepared once and executed in bulk.

use std::sync::Arc;
use std::time::Duration;

use scylla_cql::frame::ResponseBodyWithExtensions;
use scylla_cql::frame::request::Prepare;

use super::request::Request;
use super::{Column, QueryError, Session, custom};

/// A prepared statement. Cloning is cheap.
#[derive(Debug, Clone)]
pub(super) struct Prepared(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    cql: String,
    id: Vec<u8>,
    parameters: Vec<Column>,
}

impl Prepared {
    /// What the server knows it by.
    pub(super) fn id(&self) -> &[u8] {
        &self.0.id
    }

    /// The bind markers in order.
    pub(super) fn parameters(&self) -> &[Column] {
        &self.0.parameters
    }
}

impl Session {
    /// Prepares a statement that names its table in full.
    pub(super) async fn prepare(&self, cql: String) -> Result<Prepared, QueryError> {
        let request = Request::of(&Prepare { query: &cql })?;
        let answer = self.ask(self.options().request_timeout, self.pipeline().ask(request)).await?;
        let (id, parameters) = custom::read_prepared(&answer.result(self.host())?.body)?;
        Ok(Prepared(Arc::new(Inner { cql, id, parameters })))
    }

    /// Executes the statement, which the request names by its id; prepares it anew if the server has forgotten it.
    pub(super) async fn execute(
        &self,
        prepared: &Prepared,
        request: Request,
        limit: Duration,
    ) -> Result<ResponseBodyWithExtensions, QueryError> {
        let mut answer = self.ask(limit, self.pipeline().ask(request.clone())).await?;
        if answer.is_unprepared() {
            self.prepare(prepared.0.cql.clone()).await?;
            answer = self.ask(limit, self.pipeline().ask(request)).await?;
        }
        answer.result(self.host())
    }
}
