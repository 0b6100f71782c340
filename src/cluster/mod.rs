//! The only room that names the driver.
//!
//! Everything asynchronous runs on one background thread ([`Runtime`]); the shell is ordinary blocking code. Nothing is
//! printed here, and what cells mean is not known.

mod agreement;
mod catalogue;
mod cells;
pub(crate) mod collection;
mod column;
pub mod connect;
mod connection;
mod consistency;
mod contact;
mod custom;
pub mod definition;
pub mod errors;
mod limits;
mod node;
mod nodes;
pub mod page;
mod pipeline;
mod placement;
mod prepared;
pub mod read;
mod request;
mod retry;
mod ring;
pub mod runtime;
pub mod schema;
pub mod session;
pub mod tls;
mod trace;
pub mod write;

pub use catalogue::{Catalogue, KeyspaceNames, TableNames};
pub use connect::{ConnectOptions, Credentials, Secret};
pub use errors::{ConnectError, ConnectErrorKind, QueryError, QueryErrorKind};
pub use nodes::{Route, Terms};
pub use page::{Column, Page, PagingState};
pub use placement::{Place, Placement};
pub use read::PreparedRead;
pub use request::{Batch, EncodedRows};
pub use runtime::{Interrupted, Interrupts, Pending, Runtime};
pub use schema::{ColumnKind, Table, TableColumn};
pub use session::{Consistency, Request, SerialConsistency, ServerInfo, Session};
pub use tls::{Tls, TlsError, TlsOptions};
pub use trace::{Trace, TraceEvent};
pub use write::{BatchKind, PreparedWrite, murmur3_token};
