//! Answers with types that the driver does not know: columns of a Java class that is no type of CQL.
//!
//! The driver refuses such an answer as a whole. It is asked for again on a connection of our own, whose frames are the
//! driver's and whose columns are read here. Nothing is done twice by that: of the statements that are answered with
//! columns of tables, only conditional ones change anything, and those whose condition held are answered without them.
//!
//! It refuses to prepare a statement with such columns too, but COPY's statements are not the driver's business anyway: all
//! its answers are read here.

mod rows;

use std::time::Duration;

use scylla_cql::frame::ResponseBodyWithExtensions;
use scylla_cql::frame::request::SerializableRequest;
use scylla_cql::frame::request::query::{Query, QueryParameters};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::connection::Connection;
use super::errors::{self, Host};
use super::{Column, ConnectOptions, Page, QueryError, Request};
use crate::cql::types::{CqlType, NativeType};
pub(super) use rows::{Rows, read_prepared};

/// A connection for such answers, made when the first one comes.
#[derive(Debug)]
pub(super) struct Reserve {
    options: ConnectOptions,
    host: Host,
    kept: Mutex<Option<Connection>>,
}

/// What such a connection is asked.
struct Question<'q, R> {
    request: &'q R,
    /// The keyspace to ask in; none where the statement names its own.
    keyspace: Option<&'q str>,
    tracing: bool,
    limit: Duration,
}

impl Reserve {
    pub(super) fn new(options: ConnectOptions, host: Host) -> Self {
        Self { options, host, kept: Mutex::default() }
    }

    /// Asks for one page in this keyspace.
    pub(super) async fn query(
        &self,
        request: &Request,
        keyspace: Option<&str>,
        limit: Duration,
    ) -> Result<Page, QueryError> {
        let parameters = QueryParameters {
            consistency: request.consistency.into(),
            serial_consistency: Some(request.serial_consistency.into()),
            page_size: request.page_size.map(|rows| rows.max(1)),
            paging_state: request.paging_state.as_ref().map(|state| state.state.clone()).unwrap_or_default(),
            ..QueryParameters::default()
        };
        let query = Query { contents: request.cql.as_str().into(), parameters };
        let answer = self.ask(Question { request: &query, keyspace, tracing: request.tracing, limit }).await?;
        page(answer)
    }

    /// One question at a time.
    async fn ask<R: SerializableRequest>(
        &self,
        question: Question<'_, R>,
    ) -> Result<ResponseBodyWithExtensions, QueryError> {
        let Self { options, host, kept } = self;
        let mut kept = kept.lock().await;
        // Taken out, so that a connection with an answer still to come is not used again.
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => Connection::open(options, host).await?,
        };
        let Question { request, keyspace, tracing, limit } = question;
        let answer = async {
            connection.set_keyspace(keyspace, host).await?;
            connection.result(request, tracing, host).await
        };
        let answer = timeout(limit, answer).await.unwrap_or_else(|_| Err(errors::client_timeout(host)));
        if connection.is_usable() {
            *kept = Some(connection);
        }
        answer
    }
}

/// The rows of an answer as a page; an answer without rows is an empty one.
pub(super) fn page(answer: ResponseBodyWithExtensions) -> Result<Page, QueryError> {
    Ok(Page::of_rows(Rows::read(answer.body)?, answer.warnings, answer.trace_id))
}

/// Whether the driver may have taken the columns for something else: it calls an old kind of timestamp a date.
pub(super) fn may_be_misread(columns: &[Column]) -> bool {
    fn has_date(ty: &CqlType) -> bool {
        match ty {
            CqlType::Native(native) => *native == NativeType::Date,
            CqlType::List(ty) | CqlType::Set(ty) | CqlType::Vector(ty, _) => has_date(ty),
            CqlType::Map(key, value) => has_date(key) || has_date(value),
            CqlType::Tuple(types) => types.iter().any(has_date),
            CqlType::UserType(ty) => ty.fields.iter().any(|(_, ty)| has_date(ty)),
            CqlType::Custom(_) => false,
        }
    }
    // Only what is inside a vector comes as a class.
    columns.iter().any(|column| matches!(&column.ty, CqlType::Vector(element, _) if has_date(element)))
}
