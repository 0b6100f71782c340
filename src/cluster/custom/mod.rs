//! Answers with types that the driver does not know: columns of a Java class that is no type of CQL.
//!
//! The driver refuses such an answer as a whole. It is asked for again on a connection of our own, whose frames are the
//! driver's and whose columns are read here. Nothing is done twice by that: of the statements that are answered with
//! columns of tables, only conditional ones change anything, and those whose condition held are answered without them.

mod connection;
mod rows;

use std::future::Future;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::timeout;

use super::errors::{self, Host};
use super::{Column, ConnectOptions, Page, QueryError, Request};
use crate::cql::types::{CqlType, NativeType};
use connection::Connection;
pub(super) use rows::Rows;

/// A connection for such answers, made when the first one comes.
#[derive(Debug, Default)]
pub(super) struct Reserve(Mutex<Option<Connection>>);

impl Reserve {
    /// Asks for one page in this keyspace.
    pub(super) async fn query(
        &self,
        request: &Request,
        keyspace: Option<&str>,
        options: &ConnectOptions,
        host: &Host,
    ) -> Result<Page, QueryError> {
        let mut reserve = self.0.lock().await;
        // Taken out, so that a connection with an answer still to come is not used again.
        let mut connection = match reserve.take() {
            Some(connection) => connection,
            None => limited(options.connect_timeout, host, Connection::open(options, host)).await?,
        };
        let answer = async {
            connection.set_keyspace(keyspace, host).await?;
            connection.query(request, host).await
        };
        let answer = limited(options.request_timeout, host, answer).await;
        if connection.is_usable() {
            *reserve = Some(connection);
        }
        answer
    }
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

async fn limited<T>(
    limit: Duration,
    host: &Host,
    work: impl Future<Output = Result<T, QueryError>>,
) -> Result<T, QueryError> {
    timeout(limit, work).await.unwrap_or_else(|_| Err(errors::client_timeout(host)))
}
