//! Statements that are prepared once and executed in bulk.

use std::sync::Arc;
use std::time::Duration;

use scylla_cql::frame::request::Prepare;

use super::connection::Answer;
use super::nodes::{Nodes, Reached, Route, Terms};
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

    /// Executes the statement, which the request names by its id. Gives the node's answer, be it an error.
    pub(super) async fn execute(
        &self,
        prepared: &Prepared,
        request: &Request,
        terms: &Terms,
    ) -> Result<(Answer, Reached), QueryError> {
        self.nodes().execute(&prepared.0.cql, request, terms, self.options().request_timeout).await
    }
}

impl Nodes {
    /// Has the request answered. A node that does not know its statement, or not any more, prepares it first; where it cannot,
    /// the contact point takes its place, because other nodes may know less of the schema yet.
    async fn execute(
        &self,
        cql: &str,
        request: &Request,
        terms: &Terms,
        limit: Duration,
    ) -> Result<(Answer, Reached), QueryError> {
        let (answer, mut node) = self.ask(&terms.route, request, terms.timeout).await?;
        if !answer.is_unprepared() {
            return Ok((answer, node));
        }
        let prepare = Request::of(&Prepare { query: cql })?;
        let mut prepared = node.ask(prepare.clone(), limit).await.and_then(|answer| answer.result(node.host()));
        if prepared.is_err() && !self.is_contact(&node) {
            let (answer, contact) = self.ask(&Route::contact(), &prepare, limit).await?;
            prepared = answer.result(contact.host());
            node = contact;
        }
        prepared?;
        let answer = node.ask(request.clone(), terms.timeout).await?;
        Ok((answer, node))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::io::{AsyncWriteExt, DuplexStream};

    use super::super::Consistency;
    use super::super::nodes::tests::{node, nodes};
    use super::super::pipeline::tests::{FOREVER, answer, heard, request, text};
    use super::*;

    const UNPREPARED: u32 = 0x2500;
    const INVALID: u32 = 0x2200;

    /// An error of the server.
    async fn refuse(server: &mut DuplexStream, [high, low]: [u8; 2], code: u32) {
        let frame = [&[0x84, 0, high, low, 0, 0, 0, 0, 8], &code.to_be_bytes()[..], b"\0\x02no"].concat();
        server.write_all(&frame).await.unwrap();
    }

    /// Does not know the statement, and cannot prepare it.
    async fn lag_behind(server: &mut DuplexStream) {
        for (asked, code) in [("execute", UNPREPARED), ("prepare", INVALID)] {
            let (number, what) = heard(server).await;
            assert_eq!(what, asked);
            refuse(server, number, code).await;
        }
    }

    fn terms(route: Route) -> Terms {
        Terms { route, consistency: Consistency::One, timeout: FOREVER }
    }

    #[tokio::test]
    async fn what_a_node_cannot_prepare_is_executed_by_the_contact_point() {
        let ((contact, mut knows), (replica, mut lags)) = (node(1), node(2));
        let nodes = nodes(&contact, [&replica]);
        let serve = async {
            lag_behind(&mut lags).await;
            for asked in ["prepare", "execute"] {
                let (number, what) = heard(&mut knows).await;
                assert_eq!(what, asked);
                answer(&mut knows, number, "done").await;
            }
        };
        let (terms, execute) = (terms(Route::to([Arc::clone(&replica)])), request("execute"));
        let (executed, ()) = tokio::join!(nodes.execute("prepare", &execute, &terms, FOREVER), serve);
        let (answer, node) = executed.unwrap();
        assert!(nodes.is_contact(&node));
        assert_eq!(text(Ok(answer)), "done");
    }

    #[tokio::test]
    async fn what_the_contact_point_cannot_prepare_is_an_error() {
        let ((contact, mut knows), (replica, mut lags)) = (node(1), node(2));
        let nodes = nodes(&contact, [&replica]);
        let serve = async {
            lag_behind(&mut lags).await;
            let (number, _) = heard(&mut knows).await;
            refuse(&mut knows, number, INVALID).await;
            // It is not asked a second time when it was the first to be asked.
            lag_behind(&mut knows).await;
        };
        let ask = async {
            for route in [Route::to([Arc::clone(&replica)]), Route::contact()] {
                let executed = nodes.execute("prepare", &request("execute"), &terms(route), FOREVER).await;
                let error = executed.map(drop).unwrap_err();
                assert!(error.line.contains("code=2200"), "{error}");
            }
        };
        tokio::join!(ask, serve);
    }
}
