//! A connection that asks one thing at a time.

use std::collections::HashMap;
use std::fmt;

use rustls::pki_types::ServerName;
use scylla_cql::frame::protocol_features::ProtocolFeatures;
use scylla_cql::frame::request::auth_response::AuthResponse;
use scylla_cql::frame::request::options::{CQL_VERSION, DEFAULT_CQL_PROTOCOL_VERSION};
use scylla_cql::frame::request::query::{Query, QueryParameters};
use scylla_cql::frame::request::{SerializableRequest, Startup};
use scylla_cql::frame::response::{Response, ResponseOpcode};
use scylla_cql::frame::{
    ResponseBodyWithExtensions, SerializedRequest, parse_response_body_extensions, read_response_frame,
};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::super::errors::{self, Host};
use super::super::{ConnectOptions, Credentials, QueryError};
use crate::cql::names::quote;

/// What a connection reads and writes: a socket, plain or encrypted.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A connection that is logged in.
pub(super) struct Connection {
    stream: BufReader<Box<dyn Stream>>,
    keyspace: Option<String>,
    /// Whether the last answer came as a whole.
    usable: bool,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("keyspace", &self.keyspace).finish_non_exhaustive()
    }
}

type Answer = (ResponseOpcode, ResponseBodyWithExtensions);

impl Connection {
    /// Connects and logs in.
    pub(super) async fn open(options: &ConnectOptions, host: &Host) -> Result<Self, QueryError> {
        let stream = open_stream(options, host).await?;
        let mut connection = Self { stream: BufReader::new(stream), keyspace: None, usable: true };
        let version = (CQL_VERSION.into(), DEFAULT_CQL_PROTOCOL_VERSION.into());
        let startup = Startup { options: HashMap::from([version]) };
        let answer = connection.ask(&startup, false).await?;
        match response(answer, host)? {
            Response::Ready => Ok(connection),
            Response::Authenticate(_) => {
                connection.log_in(options.credentials.as_ref(), host).await?;
                Ok(connection)
            }
            _ => Err(unexpected()),
        }
    }

    async fn log_in(&mut self, credentials: Option<&Credentials>, host: &Host) -> Result<(), QueryError> {
        let response_bytes = credentials.map(|login| format!("\0{}\0{}", login.user, login.password.reveal()).into());
        let answer = self.ask(&AuthResponse { response: response_bytes }, false).await?;
        match response(answer, host)? {
            Response::AuthSuccess(_) => Ok(()),
            _ => Err(unexpected()),
        }
    }

    /// Whether another question can be asked.
    pub(super) fn is_usable(&self) -> bool {
        self.usable
    }

    /// Uses the keyspace, which a session that has one can change and not leave.
    pub(super) async fn set_keyspace(&mut self, keyspace: Option<&str>, host: &Host) -> Result<(), QueryError> {
        let Some(name) = keyspace.filter(|name| self.keyspace.as_deref() != Some(name)) else { return Ok(()) };
        let contents = format!("USE {}", quote(name)).into();
        let answer = self.ask(&Query { contents, parameters: QueryParameters::default() }, false).await?;
        response(answer, host)?;
        self.keyspace = Some(name.to_owned());
        Ok(())
    }

    /// Asks for a result.
    pub(super) async fn result<R: SerializableRequest>(
        &mut self,
        request: &R,
        tracing: bool,
        host: &Host,
    ) -> Result<ResponseBodyWithExtensions, QueryError> {
        let (opcode, answer) = self.ask(request, tracing).await?;
        if opcode != ResponseOpcode::Result {
            response((opcode, answer), host)?;
            return Err(unexpected());
        }
        Ok(answer)
    }

    async fn ask<R: SerializableRequest>(&mut self, request: &R, tracing: bool) -> Result<Answer, QueryError> {
        let frame = SerializedRequest::make(request, None, tracing).map_err(QueryError::unreadable)?;
        self.usable = false;
        let lost = |_| errors::connection_lost();
        self.stream.write_all(frame.get_data()).await.map_err(lost)?;
        self.stream.flush().await.map_err(lost)?;
        let (parameters, opcode, body) =
            read_response_frame(&mut self.stream).await.map_err(|_| errors::connection_lost())?;
        let answer = parse_response_body_extensions(parameters.flags, None, body).map_err(QueryError::unreadable)?;
        self.usable = true;
        Ok((opcode, answer))
    }
}

async fn open_stream(options: &ConnectOptions, host: &Host) -> Result<Box<dyn Stream>, QueryError> {
    let stream = TcpStream::connect(host.address).await.map_err(|_| errors::connection_lost())?;
    // A request is written as a whole.
    let _ = stream.set_nodelay(true);
    let Some(tls) = &options.tls else { return Ok(Box::new(stream)) };
    // As the driver names it; which name the certificate must hold is the verifier's business.
    let name = ServerName::IpAddress(host.address.ip().into());
    let stream = TlsConnector::from(tls.config()).connect(name, stream).await;
    Ok(Box::new(stream.map_err(|_| errors::connection_lost())?))
}

/// The answer read; the server's errors in their words.
fn response((opcode, answer): Answer, host: &Host) -> Result<Response, QueryError> {
    let features = ProtocolFeatures::default();
    let response = Response::deserialize(&features, opcode, answer.body, None).map_err(QueryError::unreadable)?;
    match response {
        Response::Error(error) => Err(errors::query_error(&error.error, &error.reason, host)),
        response => Ok(response),
    }
}

fn unexpected() -> QueryError {
    QueryError::unreadable("it is not what was asked for")
}
