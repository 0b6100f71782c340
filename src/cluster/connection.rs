//! A connection of our own: opened, logged in, and asked one thing at a time.

use std::collections::HashMap;
use std::fmt;

use rustls::pki_types::ServerName;
use scylla::errors::DbError;
use scylla_cql::frame::protocol_features::ProtocolFeatures;
use scylla_cql::frame::request::auth_response::AuthResponse;
use scylla_cql::frame::request::options::{COMPRESSION, CQL_VERSION, DEFAULT_CQL_PROTOCOL_VERSION};
use scylla_cql::frame::request::query::{Query, QueryParameters};
use scylla_cql::frame::request::{Options, SerializableRequest, Startup};
use scylla_cql::frame::response::{Response, ResponseOpcode};
use scylla_cql::frame::{Compression, ResponseBodyWithExtensions, SerializedRequest, parse_response_body_extensions};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::errors::{self, Host};
use super::request::{HEADER, VERSION};
use super::{ConnectOptions, Credentials, QueryError};
use crate::cql::names::quote;

/// How the error begins that a server gives for a prepared statement it does not know.
const UNPREPARED: [u8; 4] = 0x2500_u32.to_be_bytes();

/// How frames of the server begin.
const ANSWER: u8 = 0x80 | VERSION;

/// How much room is made for a body of which nothing has come yet: a server may say that it has gigabytes.
const FIRST_ROOM: usize = 4 << 20;

/// The flag of a frame whose body is compressed.
const COMPRESSED: u8 = 1;

/// Whether a body compressed with LZ4 can hold as many bytes as it says in its first four: each of the others stands for 255
/// at most.
fn may_hold_what_it_says(body: &[u8]) -> bool {
    let Some((says, compressed)) = body.split_first_chunk() else { return true };
    u32::from_be_bytes(*says) as usize <= compressed.len().saturating_mul(255)
}

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

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("opcode", &self.opcode).finish_non_exhaustive()
    }
}

impl Answer {
    /// Reads the next frame of a stream, whose body may be compressed if that was agreed on. Gives the number of the request
    /// that it answers too.
    pub(super) async fn read(
        stream: &mut (impl AsyncRead + Unpin),
        compression: Option<Compression>,
    ) -> Result<(i16, Self), QueryError> {
        let lost = |_| errors::connection_lost();
        let mut header = [0; HEADER];
        stream.read_exact(&mut header).await.map_err(lost)?;
        let [version, flags, number @ .., opcode, a, b, c, d] = header;
        let opcode = ResponseOpcode::try_from(opcode).map_err(|_| errors::connection_lost())?;
        if version != ANSWER {
            return Err(errors::connection_lost());
        }
        let length = u32::from_be_bytes([a, b, c, d]);
        let mut body = Vec::with_capacity(FIRST_ROOM.min(length as usize));
        let read = stream.take(length.into()).read_to_end(&mut body).await.map_err(lost)?;
        if read < length as usize {
            return Err(errors::connection_lost());
        }
        if compression.is_some() && flags & COMPRESSED != 0 && !may_hold_what_it_says(&body) {
            return Err(QueryError::unreadable("it says that it holds more than it can"));
        }
        let extensions = parse_response_body_extensions(flags, compression, body.into());
        let extensions = extensions.map_err(QueryError::unreadable)?;
        Ok((i16::from_be_bytes(number), Self { opcode, extensions }))
    }

    /// Whether the server does not know the prepared statement any more.
    pub(super) fn is_unprepared(&self) -> bool {
        self.opcode == ResponseOpcode::Error && self.extensions.body.starts_with(&UNPREPARED)
    }

    /// The result; the server's errors in their words.
    pub(super) fn result(self, host: &Host) -> Result<ResponseBodyWithExtensions, QueryError> {
        match self.opcode {
            ResponseOpcode::Result => Ok(self.extensions),
            _ => self.response(host).and_then(|_| Err(unexpected())),
        }
    }

    /// What became of something written in bulk; the server's errors in their words.
    pub(super) fn written(self, host: &Host) -> Result<(), QueryError> {
        match self.opcode {
            ResponseOpcode::Result => Ok(()),
            _ => self.read_or(host, errors::write_error).and_then(|_| Err(unexpected())),
        }
    }

    /// An answer that is no result, read; the server's errors in their words.
    fn response(self, host: &Host) -> Result<Response, QueryError> {
        self.read_or(host, errors::query_error)
    }

    fn read_or(self, host: &Host, worded: fn(&DbError, &str, &Host) -> QueryError) -> Result<Response, QueryError> {
        let Self { opcode, extensions } = self;
        // The driver believes what a result says of its own size.
        if opcode == ResponseOpcode::Result {
            return Err(unexpected());
        }
        let response = Response::deserialize(&ProtocolFeatures::default(), opcode, extensions.body, None);
        match response.map_err(QueryError::unreadable)? {
            Response::Error(error) => Err(worded(&error.error, &error.reason, host)),
            response => Ok(response),
        }
    }
}

impl Connection {
    /// Connects and logs in, in the time that connecting may take.
    pub(super) async fn open(options: &ConnectOptions, host: &Host) -> Result<Self, QueryError> {
        let opened = timeout(options.connect_timeout, Self::log_in_at(options, host)).await;
        opened.unwrap_or_else(|_| Err(errors::client_timeout(host)))
    }

    async fn log_in_at(options: &ConnectOptions, host: &Host) -> Result<Self, QueryError> {
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
        self.result(&Query { contents, parameters: QueryParameters::default() }, false, host).await?;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of a stream of these bytes.
    async fn read(bytes: &[u8]) -> Result<(i16, ResponseBodyWithExtensions), QueryError> {
        read_with(None, bytes).await
    }

    async fn read_with(
        compression: Option<Compression>,
        bytes: &[u8],
    ) -> Result<(i16, ResponseBodyWithExtensions), QueryError> {
        let host = Host { address: "127.0.0.1:9042".parse().unwrap(), data_center: String::new() };
        let (number, answer) = Answer::read(&mut &bytes[..], compression).await?;
        Ok((number, answer.result(&host)?))
    }

    fn frame(flags: u8, opcode: u8, length: u32, body: &[u8]) -> Vec<u8> {
        [&[ANSWER, flags, 1, 2, opcode], &length.to_be_bytes()[..], body].concat()
    }

    const RESULT: u8 = ResponseOpcode::Result as u8;

    #[tokio::test]
    async fn a_body_is_read_whole_however_long_it_is() {
        for length in [0, 1, FIRST_ROOM - 1, FIRST_ROOM, FIRST_ROOM + 1, 3 * FIRST_ROOM] {
            let body: Vec<u8> = (0..length).map(|i| i as u8).collect();
            let more = [frame(0, RESULT, length as u32, &body), b"the next".to_vec()].concat();
            let (number, answer) = read(&more).await.unwrap();
            assert_eq!((number, answer.body.len()), (0x0102, length));
            assert!(answer.body == body);
        }
    }

    #[tokio::test]
    async fn what_is_no_whole_frame_of_a_server_is_a_lost_connection() {
        let mut of_a_client = frame(0, RESULT, 0, b"");
        of_a_client[0] = 0x04;
        let mut of_version_5 = frame(0, RESULT, 0, b"");
        of_version_5[0] = 0x85;
        for bytes in [
            frame(0, RESULT, u32::MAX, b"not as much"),
            frame(0, RESULT, 2, b"1"),
            frame(0, 0x55, 0, b""),
            of_a_client,
            of_version_5,
            vec![ANSWER, 0],
            vec![],
        ] {
            assert_eq!(read(&bytes).await.map(drop), Err(errors::connection_lost()), "{bytes:?}");
        }
    }

    #[tokio::test]
    async fn what_does_not_hold_what_its_flags_say_cannot_be_read() {
        // Compressed, which was not agreed on; with a trace's id; with warnings; with a payload.
        for flags in [1, 2, 4, 8] {
            let error = read(&frame(flags, RESULT, 3, b"\xff\xff\xff")).await.map(drop).unwrap_err();
            assert_eq!(error.kind, super::super::QueryErrorKind::Unreadable, "{flags}: {error}");
        }
    }

    #[tokio::test]
    async fn a_compressed_body_that_lies_about_its_length_cannot_be_read() {
        let compressed = |says: u32, body: &[u8]| {
            let body = [&says.to_be_bytes(), body].concat();
            frame(COMPRESSED, RESULT, body.len() as u32, &body)
        };
        let lz4 = Some(Compression::Lz4);
        // LZ4 of 1,000 times the same letter: one, and a copy of it that is 999 long.
        let thousand = [&b"\x1fx\x01\x00"[..], &[255; 3], b"\xd7\x50xxxxx"].concat();
        let (_, answer) = read_with(lz4, &compressed(1005, &thousand)).await.unwrap();
        assert!(answer.body.len() >= 1000 && answer.body.iter().all(|byte| *byte == b'x'), "{}", answer.body.len());
        for bytes in
            [compressed(u32::MAX, &thousand), compressed(1, &thousand), compressed(9, b""), compressed(9, b"\xff")]
        {
            let error = read_with(lz4, &bytes).await.map(drop).unwrap_err();
            assert_eq!(error.kind, super::super::QueryErrorKind::Unreadable, "{bytes:?}: {error}");
        }
    }

    #[tokio::test]
    async fn an_answer_of_another_kind_is_no_result() {
        for opcode in [ResponseOpcode::Ready as u8, ResponseOpcode::Supported as u8] {
            let error = read(&frame(0, opcode, 2, b"\0\0")).await.map(drop).unwrap_err();
            assert_eq!(error.to_string(), "The server's answer cannot be read: it is not what was asked for");
        }
    }
}
