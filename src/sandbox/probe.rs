//! One question to a node over the native protocol, just enough to learn that it answers. Plain connections only.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Version 4, which every release here speaks.
const REQUEST: u8 = 0x04;
const RESPONSE: u8 = 0x84;

const STARTUP: u8 = 0x01;
const READY: u8 = 0x02;
const AUTHENTICATE: u8 = 0x03;
const QUERY: u8 = 0x07;
const RESULT: u8 = 0x08;
const AUTH_RESPONSE: u8 = 0x0f;
const AUTH_SUCCESS: u8 = 0x10;

/// How long one read may take: a node that has just opened its port is slow at first.
const PATIENCE: Duration = Duration::from_secs(10);

/// No answer asked for here is longer.
const LONGEST: usize = 1 << 20;

/// Connects, logs in if the node wants it, runs `query` and returns how many rows came back.
///
/// # Errors
/// The node does not listen, does not speak the protocol, refuses the login or the query.
pub(super) fn count_rows(node: SocketAddr, login: (&str, &str), query: &str) -> io::Result<u32> {
    let mut stream = TcpStream::connect_timeout(&node, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut startup = vec![0, 1];
    short_string(&mut startup, "CQL_VERSION");
    short_string(&mut startup, "3.0.0");
    match ask(&mut stream, STARTUP, &startup)?.0 {
        READY => {}
        AUTHENTICATE => {
            let token = format!("\0{}\0{}", login.0, login.1);
            let mut body = Vec::new();
            long_string(&mut body, &token);
            expect(ask(&mut stream, AUTH_RESPONSE, &body)?, AUTH_SUCCESS)?;
        }
        other => return Err(unexpected(other)),
    }
    let mut body = Vec::new();
    long_string(&mut body, query);
    // Consistency ONE; the rows come without their metadata.
    body.extend([0, 1, 0x02]);
    let result = expect(ask(&mut stream, QUERY, &body)?, RESULT)?;
    rows_in(&result).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "not a result of rows"))
}

fn short_string(body: &mut Vec<u8>, text: &str) {
    body.extend((text.len() as u16).to_be_bytes());
    body.extend(text.as_bytes());
}

fn long_string(body: &mut Vec<u8>, text: &str) {
    body.extend((text.len() as u32).to_be_bytes());
    body.extend(text.as_bytes());
}

/// Sends one frame and reads one: its opcode and body.
fn ask(stream: &mut (impl Read + Write), opcode: u8, body: &[u8]) -> io::Result<(u8, Vec<u8>)> {
    let mut frame = vec![REQUEST, 0, 0, 0, opcode];
    frame.extend((body.len() as u32).to_be_bytes());
    frame.extend(body);
    stream.write_all(&frame)?;
    let mut header = [0; 9];
    stream.read_exact(&mut header)?;
    let [version, _, _, _, opcode, length @ ..] = header;
    let length = u32::from_be_bytes(length) as usize;
    if version != RESPONSE || length > LONGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "not a Cassandra node"));
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok((opcode, body))
}

fn expect((opcode, body): (u8, Vec<u8>), expected: u8) -> io::Result<Vec<u8>> {
    if opcode == expected { Ok(body) } else { Err(unexpected(opcode)) }
}

fn unexpected(opcode: u8) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the node answered with opcode {opcode:#04x}"))
}

/// The number of rows in a result without metadata: kind 2, flags, number of columns, number of rows.
fn rows_in(result: &[u8]) -> Option<u32> {
    let number = |at: usize| Some(u32::from_be_bytes(result.get(at..at + 4)?.try_into().ok()?));
    (number(0)? == 2).then(|| number(12)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::thread;

    const LOGIN: (&str, &str) = ("cassandra", "cassandra");

    type Frame = (u8, Vec<u8>);

    /// A server that reads one request per answer and returns the requests' opcodes and bodies.
    fn node_that_says(answers: Vec<Frame>) -> (SocketAddr, thread::JoinHandle<Vec<Frame>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let served = thread::spawn(move || {
            let mut stream = listener.accept().unwrap().0;
            let mut requests = Vec::new();
            for (opcode, body) in answers {
                let mut header = [0; 9];
                stream.read_exact(&mut header).unwrap();
                let mut request = vec![0; u32::from_be_bytes(header[5..].try_into().unwrap()) as usize];
                stream.read_exact(&mut request).unwrap();
                requests.push((header[4], request));
                let mut frame = vec![RESPONSE, 0, 0, 0, opcode];
                frame.extend((body.len() as u32).to_be_bytes());
                frame.extend(body);
                stream.write_all(&frame).unwrap();
            }
            requests
        });
        (address, served)
    }

    fn rows(number: u8) -> Vec<u8> {
        vec![0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, number]
    }

    #[test]
    fn an_open_node_is_asked_at_once() {
        let (node, served) = node_that_says(vec![(READY, vec![]), (RESULT, rows(3))]);
        assert_eq!(count_rows(node, LOGIN, "SELECT 1").unwrap(), 3);
        let requests = served.join().unwrap();
        assert_eq!(requests[0].0, STARTUP);
        assert_eq!(requests[1], (QUERY, b"\0\0\0\x08SELECT 1\0\x01\x02".to_vec()));
    }

    #[test]
    fn a_node_with_passwords_gets_the_login_first() {
        let answers = vec![(AUTHENTICATE, vec![0, 0]), (AUTH_SUCCESS, vec![]), (RESULT, rows(1))];
        let (node, served) = node_that_says(answers);
        assert_eq!(count_rows(node, LOGIN, "SELECT 1").unwrap(), 1);
        assert_eq!(served.join().unwrap()[1], (AUTH_RESPONSE, b"\0\0\0\x14\0cassandra\0cassandra".to_vec()));
    }

    #[test]
    fn a_refused_login_and_a_refused_query_are_errors() {
        let (node, _) = node_that_says(vec![(AUTHENTICATE, vec![0, 0]), (0x00, vec![])]);
        assert!(count_rows(node, LOGIN, "SELECT 1").is_err());
        let (node, _) = node_that_says(vec![(READY, vec![]), (0x00, vec![])]);
        assert!(count_rows(node, LOGIN, "SELECT 1").is_err());
    }

    #[test]
    fn a_result_without_rows_or_cut_short_is_not_a_count() {
        assert_eq!(rows_in(&[0, 0, 0, 1]), None);
        assert_eq!(rows_in(&rows(3)[..15]), None);
        assert_eq!(rows_in(&[]), None);
    }
}
