//! A server that answers nonsense: an error in a line, never a crash, and never as much memory as it claims to need.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;

use crate::support::cqlsh::Cqlsh;
use crate::support::node;

/// What the statement holds that is answered with nonsense.
const MARK: &str = "nonsense";

/// Opens a port that passes everything on to the shared node and back, but for the question with [`MARK`] in it: that one is
/// answered with these bytes, in which the two from the third on are those of the question; then the connection ends, if
/// `ends`. It ends with the process.
fn answering(answer: Vec<u8>, ends: bool) -> String {
    answering_times(usize::MAX, answer, ends)
}

/// The same, as often as that; the node answers the question from then on.
fn answering_times(times: usize, answer: Vec<u8>, ends: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let node = (node::plain().host(), node::plain().port());
    let left = Arc::new(AtomicUsize::new(times));
    thread::spawn(move || {
        for client in listener.incoming() {
            let (client, node) = (client.unwrap(), TcpStream::connect((node.0.as_str(), node.1)).unwrap());
            let (mut from, mut to) = (node.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || {
                let _ = std::io::copy(&mut from, &mut to);
                let _ = to.shutdown(Shutdown::Both);
            });
            let (answer, left) = (answer.clone(), Arc::clone(&left));
            thread::spawn(move || ask(client, node, answer, ends, &left));
        }
    });
    port
}

fn ask(mut client: TcpStream, mut node: TcpStream, answer: Vec<u8>, ends: bool, left: &AtomicUsize) {
    let mut bytes = [0; 65536];
    while let Ok(read @ 1..) = client.read(&mut bytes) {
        let question = &bytes[..read];
        let is_marked = question.windows(MARK.len()).any(|window| window == MARK.as_bytes());
        if is_marked && left.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok() {
            let mut answer = answer.clone();
            if answer.len() >= 4 && answer[2..4] == [0, 0] {
                answer[2..4].copy_from_slice(&question[2..4]);
            }
            let _ = client.write_all(&answer);
            if ends {
                break;
            }
        } else if node.write_all(question).is_err() {
            break;
        }
    }
    for stream in [client, node] {
        let _ = stream.shutdown(Shutdown::Both);
    }
}

/// A frame of a server.
fn frame(opcode: u8, body: &[u8]) -> Vec<u8> {
    [&[0x84, 0, 0, 0, opcode][..], &(body.len() as u32).to_be_bytes(), body].concat()
}

/// A frame that says it has a body of so many bytes.
fn of_length(length: u32) -> Vec<u8> {
    [&[0x84, 0, 0, 0, RESULT][..], &length.to_be_bytes(), b"not as many"].concat()
}

const ERROR: u8 = 0x00;
const READY: u8 = 0x02;
const RESULT: u8 = 0x08;

/// A result of rows with one column of text in `k.t`, as far as its rows.
fn rows(count: i32) -> Vec<u8> {
    let text = |text: &str| [&(text.len() as u16).to_be_bytes()[..], text.as_bytes()].concat();
    let head = [2_i32, 1, 1].map(i32::to_be_bytes).concat();
    [head, text("k"), text("t"), text("c"), vec![0, 13], count.to_be_bytes().to_vec()].concat()
}

/// What the shell says of an answer that it cannot read, and of a connection that was of no use any more; why it ended may
/// follow.
const UNREADABLE: &str = "The server's answer cannot be read: ";
const LOST: &str = "NoHostAvailable: ('Unable to complete the operation against any hosts', {";
const NEVER: &str = "OperationTimedOut: errors={'127.0.0.1:";

// The driver believes how many columns a result says it has, so that there is none here with more than it can have.
#[test]
fn nonsense_is_an_error_and_the_shell_lives() {
    let cell = |bytes: &[u8]| frame(RESULT, &[&rows(1), bytes].concat());
    for (what, answer, said) in [
        ("a frame of 4 GiB", of_length(u32::MAX), LOST),
        ("a frame of 2 GiB", of_length(0x7fff_ffff), LOST),
        ("half a frame", of_length(20), LOST),
        ("half a header", vec![0x84, 0, 0], LOST),
        ("nothing", vec![], LOST),
        ("an opcode that is none", frame(0x55, b"x"), LOST),
        ("another kind of answer", frame(READY, b""), UNREADABLE),
        ("the answer to another question", [&[0x84, 0, 0x12, 0x34, READY][..], &[0; 4]].concat(), LOST),
        ("another version", [&[0x87, 0, 0, 0, RESULT][..], &[0; 4]].concat(), LOST),
        ("a question", [&[0x04, 0, 0, 0, RESULT][..], &[0; 4]].concat(), LOST),
        ("HTTP", b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), LOST),
        ("a result of an unknown kind", frame(RESULT, &[0, 0, 0, 99]), UNREADABLE),
        ("an empty result", frame(RESULT, b""), UNREADABLE),
        ("-1 columns", frame(RESULT, &[0, 0, 0, 2, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]), UNREADABLE),
        ("2^31 rows", frame(RESULT, &rows(i32::MAX)), UNREADABLE),
        ("-1 rows", frame(RESULT, &rows(-1)), UNREADABLE),
        ("2^31 rows of no columns", frame(RESULT, b"\0\0\0\x02\0\0\0\0\0\0\0\0\x7f\xff\xff\xff"), UNREADABLE),
        ("a cell longer than the frame", cell(&[0x7f, 0xff, 0xff, 0xff, b'x']), UNREADABLE),
        ("half a length", cell(&[0, 0]), UNREADABLE),
        ("an error cut short", frame(ERROR, &[0, 0]), UNREADABLE),
        ("an error of an unknown kind", frame(ERROR, &[0x77, 0x77, 0x77, 0x77, 0, 1, b'x']), "ErrorMessage: x"),
    ] {
        asked(what, &answering(answer, true), said);
    }
}

// It is the driver that reads these; what a connection of our own does with such answers is tested where it is.
#[test]
fn what_only_says_that_it_is_compressed_is_an_error_and_the_shell_lives() {
    let compressed = |body: &[u8]| {
        let mut frame = frame(RESULT, body);
        frame[1] = 1;
        frame
    };
    for (what, body) in [
        ("nothing", &b""[..]),
        ("half a length", b"\0\0"),
        ("a length alone", b"\0\0\0\x09"),
        ("4 GiB", b"\xff\xff\xff\xff\x10x"),
        ("less than there is", b"\0\0\0\x01\x90123456789"),
        ("no LZ4", b"\0\0\0\x09\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
        ("what is before its beginning", b"\0\0\0\x20\x14x\xff\xff\x10x"),
    ] {
        let port = answering(compressed(body), true);
        asked_with(&["--cqlshrc", "cqlshrc"], what, &port, UNREADABLE);
        // Where it was not agreed on.
        asked(what, &port, UNREADABLE);
    }
}

#[test]
fn what_is_announced_and_never_comes_takes_the_time_of_a_request() {
    asked("a frame of 2 GiB", &answering(of_length(0x7fff_ffff), false), NEVER);
}

/// Fails unless the question's answer is an error that begins so, and the shell goes on.
#[track_caller]
fn asked(what: &str, port: &str, said: &str) {
    asked_with(&[], what, port, said);
}

/// The same with options more; answers come compressed with the file `cqlshrc`.
#[track_caller]
fn asked_with(options: &[&str], what: &str, port: &str, said: &str) {
    let script = format!("SELECT {MARK} FROM k.t;\nCONSISTENCY\n");
    let run = Cqlsh::new(["127.0.0.1", port, "--request-timeout", "5"].iter().chain(options)).stdin(script);
    fs::write(run.home().join("cqlshrc"), "[connection]\ncompression = on\n").unwrap();
    let ran = run.run();
    assert!(ran.stderr.starts_with(&format!("<stdin>:2:{said}")), "{what}: {ran:?}");
    assert_eq!((ran.code(), ran.stderr.matches('\n').count()), (2, 1), "{what}: {ran:?}");
    assert!(ran.stdout.ends_with("Current consistency level is ONE.\n"), "{what}: {ran:?}");
}

#[test]
fn a_row_of_200_megabytes_is_shown_whole() {
    const LENGTH: usize = 200 << 20;
    let row = [&rows(1)[..], &(LENGTH as i32).to_be_bytes(), &vec![b'x'; LENGTH]].concat();
    let port = answering(frame(RESULT, &row), false);
    let ran =
        Cqlsh::new(["127.0.0.1", &port, "--request-timeout", "60", "-e", &format!("SELECT {MARK} FROM k.t")]).run();
    ran.succeeded();
    assert_eq!(ran.stdout.bytes().filter(|byte| *byte == b'x').count(), LENGTH);
    assert!(ran.stdout.ends_with("x\n\n(1 rows)\n"));
}

/// The error of a read (or, with a type, of a write) for which so many of two answers came in time.
fn too_late(received: i32, write_type: Option<&str>, has_data: bool) -> Vec<u8> {
    let text = |text: &str| [&(text.len() as u16).to_be_bytes()[..], text.as_bytes()].concat();
    let code = if write_type.is_some() { 0x1100_i32 } else { 0x1200 };
    let rest = write_type.map_or(vec![u8::from(has_data)], text);
    let counts = [received, 2].map(i32::to_be_bytes).concat();
    frame(ERROR, &[&code.to_be_bytes()[..], &text("too late"), &[0, 1], &counts, &rest].concat())
}

// As Apache cqlsh 6.2.2 does with the same answers.
#[test]
fn what_is_surely_not_done_is_asked_for_once_more_and_nothing_else_is() {
    let asked = |times: usize, answer: Vec<u8>| {
        let port = answering_times(times, answer, false);
        Cqlsh::new(["127.0.0.1", &port, "-e", &format!("SELECT key AS {MARK} FROM system.local")]).run()
    };
    for answer in [too_late(2, None, false), too_late(1, Some("BATCH_LOG"), false)] {
        assert!(asked(1, answer.clone()).succeeded().stdout.contains("(1 rows)"));
        let ran = asked(2, answer);
        assert!(ran.code() == 2 && ran.stderr.contains("Timeout: Error from server: code=1"), "{ran:?}");
    }
    for answer in [
        too_late(2, None, true),
        too_late(1, None, false),
        too_late(1, Some("SIMPLE"), false),
        too_late(1, Some("BATCH"), false),
        too_late(1, Some("CAS"), false),
    ] {
        let ran = asked(1, answer);
        assert!(ran.code() == 2 && ran.stderr.contains("Timeout: Error from server: code=1"), "{ran:?}");
    }
}
