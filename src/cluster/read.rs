//! Prepared SELECTs in bulk: pages by token range.
//!
//! Nothing is tried twice here; what is worth another attempt is decided by COPY.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use scylla::errors::SerializationError;
use scylla::statement::prepared::PreparedStatement;
use scylla_cql::frame::request::query::{Query, QueryParameters};
use scylla_cql::serialize::row::SerializedValues;

use super::{Column, Consistency, Page, PagingState, QueryError, QueryErrorKind, Session, column, custom};

/// A prepared SELECT whose bind markers are all `bigint`: the bounds of a range of tokens. Cloning is cheap.
#[derive(Clone)]
pub struct PreparedRead(Arc<Form>);

/// How it is sent.
enum Form {
    /// By the driver.
    Prepared(PreparedStatement),
    /// As text with its values beside it, where the driver does not know the types.
    Text(String),
}

impl fmt::Debug for PreparedRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match &*self.0 {
            Form::Prepared(statement) => statement.get_statement(),
            Form::Text(text) => text,
        };
        f.debug_tuple("PreparedRead").field(&text).finish()
    }
}

impl Session {
    /// Prepares a SELECT.
    pub async fn prepare_read(&self, cql: String) -> Result<PreparedRead, QueryError> {
        let form = match self.prepare_by_driver(cql.clone()).await {
            Ok(Some(statement)) => Form::Prepared(statement),
            Err(error) if error.kind != QueryErrorKind::UnknownTypes => return Err(error),
            Ok(None) | Err(_) => Form::Text(cql),
        };
        Ok(PreparedRead(Arc::new(form)))
    }

    /// None if the driver may take a type for another one.
    async fn prepare_by_driver(&self, cql: String) -> Result<Option<PreparedStatement>, QueryError> {
        let statement = self.ask(self.options().request_timeout, self.driver().prepare(cql)).await?;
        let columns: Vec<Column> =
            statement.get_current_result_set_col_specs().get().iter().map(column::from_spec).collect();
        Ok((!custom::may_be_misread(&columns)).then_some(statement))
    }

    /// Asks for one page of the rows between these tokens.
    pub async fn read_page(
        &self,
        prepared: &PreparedRead,
        tokens: &[i64],
        consistency: Consistency,
        page_size: i32,
        paging_state: Option<PagingState>,
        timeout: Duration,
    ) -> Result<Page, QueryError> {
        let start = paging_state.map(|state| state.state).unwrap_or_default();
        match &*prepared.0 {
            Form::Prepared(statement) => {
                let mut statement = statement.clone();
                statement.set_consistency(consistency.into());
                statement.set_page_size(page_size.max(1));
                let page = self.driver().execute_single_page(&statement, tokens, start);
                let (result, next) = self.ask(timeout, page).await?;
                Ok(Page::new(result, next))
            }
            Form::Text(text) => {
                let parameters = QueryParameters {
                    consistency: consistency.into(),
                    page_size: Some(page_size.max(1)),
                    paging_state: start,
                    values: Cow::Owned(values(tokens)?),
                    ..QueryParameters::default()
                };
                self.reserve().page(&Query { contents: text.into(), parameters }, timeout).await
            }
        }
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
