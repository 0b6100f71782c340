//! Statements that are prepared once and executed in bulk.

use std::sync::Arc;

use scylla_cql::frame::request::Prepare;

use super::connection::Answer;
use super::nodes::{Reached, Route, Terms};
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
    /// Prepares a statement that names its table in full. Its id is the same on all nodes.
    pub(super) async fn prepare(&self, cql: String) -> Result<Prepared, QueryError> {
        let request = Request::of(&Prepare { query: &cql })?;
        let (answer, node) = self.nodes().ask(&Route::default(), &request, self.options().request_timeout).await?;
        let (id, parameters) = custom::read_prepared(&answer.result(node.host())?.body)?;
        Ok(Prepared(Arc::new(Inner { cql, id, parameters })))
    }

    /// Executes the statement, which the request names by its id. A node that does not know it, or not any more, prepares it
    /// first. Gives the node's answer, be it an error.
    pub(super) async fn execute(
        &self,
        prepared: &Prepared,
        request: &Request,
        terms: &Terms,
    ) -> Result<(Answer, Reached), QueryError> {
        let (mut answer, node) = self.nodes().ask(&terms.route, request, terms.timeout).await?;
        if answer.is_unprepared() {
            let prepare = Request::of(&Prepare { query: &prepared.0.cql })?;
            node.ask(prepare, self.options().request_timeout).await?.result(node.host())?;
            answer = node.ask(request.clone(), terms.timeout).await?;
        }
        Ok((answer, node))
    }
}
