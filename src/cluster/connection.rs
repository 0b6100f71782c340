//! A connection of our own: opened, logged in, and asked one thing at a time.

use std::collections::HashMap;
use std::fmt;

use rustls::pki_types::ServerName;
use scylla_cql::frame::protocol_features::ProtocolFeatures;
use scylla_cql::frame::request::auth_response::AuthResponse;
use scylla_cql::frame::request::options::{COMPRESSION, CQL_VERSION, DEFAULT_CQL_PROTOCOL_VERSION};
use scylla_cql::frame::request::query::{Query, QueryParameters};
use scylla_cql::frame::request::{Options, SerializableRequest, Startup};
use scylla_cql::frame::response::{Response, ResponseOpcode};
use scylla_cql::frame::{
    Compression, ResponseBodyWithExtensions, SerializedRequest, parse_response_body_extensions, read_response_frame,
};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::errors::{self, Host};
use super::{ConnectOptions, Credentials, QueryError};
use crate::cql::names::quote;

/// How the error begins that a server gives for a prepared statement it does not know.
const UNPREPARED: [u8; 4] = 0x2500_u32.to_be_bytes();

/// What a connection reads and writes: a socket, plain or encrypted.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A connection that is logged in.
pub(super) struct Connection {
    stream: BufReader<Box<dyn Stream>>,
    /// How answers may come.
    compression: Option<Compression>,
    keyspace: Option<String>,
    /// Whether the last answer came as a whole.
    usable: bool,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("keyspace", &self.keyspace).finish_non_exhaustive()
    }
}

/// What the node answered.
pub(super) struct Answer {
    opcode: ResponseOpcode,
    extensions: ResponseBodyWithExtensions,
}

impl Answer {
    /// Reads the next frame of a stream, whose body may be compressed if that was agreed on. Gives the number of the request
    /// that it answers too.
    pub(super) async fn read(
        stream: &mut (impl AsyncRead + Unpin),
        compression: Option<Compression>,
    ) -> Result<(i16, Self), QueryError> {
        let lost = |_| errors::connection_lost();
        let (parameters, opcode, body) = read_response_frame(stream).await.map_err(lost)?;
        let extensions = parse_response_body_extensions(parameters.flags, compression, body);
        let extensions = extensions.map_err(QueryError::unreadable)?;
        Ok((parameters.stream, Self { opcode, extensions }))
    }

    /// Whether the server does not know the prepared statement any more.
    pub(super) fn is_unprepared(&self) -> bool {
        self.opcode == ResponseOpcode::Error && self.extensions.body.starts_with(&UNPREPARED)
    }

    /// The result; the server's errors in their words.
    pub(super) fn result(self, host: &Host) -> Result<ResponseBodyWithExtensions, QueryError> {
        if self.opcode == ResponseOpcode::Result {
            return Ok(self.extensions);
        }
        self.response(host)?;
        Err(unexpected())
    }

    /// The answer read; the server's errors in their words.
    fn response(self, host: &Host) -> Result<Response, QueryError> {
        let Self { opcode, extensions } = self;
        let response = Response::deserialize(&ProtocolFeatures::default(), opcode, extensions.body, None);
        match response.map_err(QueryError::unreadable)? {
            Response::Error(error) => Err(errors::query_error(&error.error, &error.reason, host)),
            response => Ok(response),
        }
    }
}

impl Connection {
    /// Connects and logs in.
    pub(super) async fn open(options: &ConnectOptions, host: &Host) -> Result<Self, QueryError> {
        let stream = open_stream(options, host).await?;
        let mut connection = Self { stream: BufReader::new(stream), compression: None, keyspace: None, usable: true };
        let mut startup =
            Startup { options: HashMap::from([(CQL_VERSION.into(), DEFAULT_CQL_PROTOCOL_VERSION.into())]) };
        if options.compresses(host.address.ip()) && connection.knows_compression(host).await? {
            connection.compression = Some(Compression::Lz4);
            startup.options.insert(COMPRESSION.into(), Compression::Lz4.as_str().into());
        }
        let answer = connection.ask(&startup, false).await?;
        match answer.response(host)? {
            Response::Ready => Ok(connection),
            Response::Authenticate(_) => {
                connection.log_in(options.credentials.as_ref(), host).await?;
                Ok(connection)
            }
            _ => Err(unexpected()),
        }
    }

    /// Whether the server can compress its answers.
    async fn knows_compression(&mut self, host: &Host) -> Result<bool, QueryError> {
        let Response::Supported(supported) = self.ask(&Options, false).await?.response(host)? else {
            return Err(unexpected());
        };
        let known = supported.options.get(COMPRESSION);
        Ok(known.is_some_and(|known| known.iter().any(|name| name == Compression::Lz4.as_str())))
    }

    async fn log_in(&mut self, credentials: Option<&Credentials>, host: &Host) -> Result<(), QueryError> {
        let response_bytes = credentials.map(|login| format!("\0{}\0{}", login.user, login.password.reveal()).into());
        let answer = self.ask(&AuthResponse { response: response_bytes }, false).await?;
        match answer.response(host)? {
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
        answer.response(host)?;
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
        self.ask(request, tracing).await?.result(host)
    }

    /// What is left to read and to write, for a conversation of another kind, and how its answers may come.
    pub(super) fn into_stream(self) -> (BufReader<Box<dyn Stream>>, Option<Compression>) {
        (self.stream, self.compression)
    }

    async fn ask<R: SerializableRequest>(&mut self, request: &R, tracing: bool) -> Result<Answer, QueryError> {
        let frame = SerializedRequest::make(request, None, tracing).map_err(QueryError::unreadable)?;
        self.usable = false;
        let lost = |_| errors::connection_lost();
        self.stream.write_all(frame.get_data()).await.map_err(lost)?;
        self.stream.flush().await.map_err(lost)?;
        let (_, answer) = Answer::read(&mut self.stream, self.compression).await?;
        self.usable = true;
        Ok(answer)
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

fn unexpected() -> QueryError {
    QueryError::unreadable("it is not what was asked for")
}
