//! Prepared SELECTs in bulk: pages by token range.
//!
//! Nothing is tried twice here; what is worth another attempt is decided by COPY.

use std::borrow::Cow;

use scylla::errors::SerializationError;
use scylla_cql::frame::request::execute::ExecuteV2;
use scylla_cql::frame::request::query::QueryParameters;
use scylla_cql::serialize::row::SerializedValues;

use super::prepared::Prepared;
use super::request::Request;
use super::{Page, PagingState, QueryError, Session, Terms, custom};

/// A prepared SELECT whose bind markers are all `bigint`: the bounds of a range of tokens. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct PreparedRead(Prepared);

impl Session {
    /// Prepares a SELECT.
    pub async fn prepare_read(&self, cql: String) -> Result<PreparedRead, QueryError> {
        Ok(PreparedRead(self.prepare(cql).await?))
    }

    /// Asks for one page of the rows between these tokens, of so many rows at most.
    pub async fn read_page(
        &self,
        prepared: &PreparedRead,
        tokens: &[i64],
        page_size: i32,
        paging_state: Option<PagingState>,
        terms: &Terms,
    ) -> Result<Page, QueryError> {
        let PreparedRead(prepared) = prepared;
        let parameters = QueryParameters {
            consistency: terms.consistency.into(),
            page_size: Some(page_size.max(1)),
            paging_state: paging_state.map(|state| state.state).unwrap_or_default(),
            values: Cow::Owned(values(tokens)?),
            ..QueryParameters::default()
        };
        let id = prepared.id().into();
        let execute = ExecuteV2 { id, result_metadata_id: None, parameters, tablet_version_block: None };
        let (answer, node) = self.execute(prepared, &Request::of(&execute)?, terms).await?;
        custom::page(answer.result(node.host())?)
    }
}

fn values(tokens: &[i64]) -> Result<SerializedValues, QueryError> {
    let values = SerializedValues::from_closure(|writer| {
        for token in tokens {
            writer.make_cell_writer().set_value(&token.to_be_bytes()).map_err(SerializationError::new)?;
        }
        Ok(())
    });
    values.map(|(values, ())| values).map_err(QueryError::unreadable)
}
