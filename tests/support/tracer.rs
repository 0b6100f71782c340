//! What a node announces as its address: a relay that can ask the node to trace what is executed through it.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::thread;

const EXECUTE: u8 = 0x0a;
const BATCH: u8 = 0x0d;
/// The flag of a request that is to be traced.
const TRACED: u8 = 2;

/// The relay. Its threads end with the connections they serve.
pub struct Tracer {
    pub address: IpAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    /// Where connections lead; nowhere at first.
    node: Mutex<Option<SocketAddr>>,
    traces: AtomicBool,
    holds_back: AtomicBool,
    executed: AtomicUsize,
}

impl Tracer {
    /// Listens where a node is to be announced.
    pub fn at(address: IpAddr, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((address, port))?;
        let state: Arc<State> = Arc::default();
        thread::spawn({
            let state = Arc::clone(&state);
            move || {
                for client in listener.incoming() {
                    let (state, client) = (Arc::clone(&state), client.unwrap());
                    thread::spawn(move || state.serve(client));
                }
            }
        });
        Ok(Self { address, state })
    }

    /// New connections lead there.
    pub fn lead_to(&self, node: SocketAddr) {
        *self.state.node.lock().unwrap() = Some(node);
    }

    /// From now on what is executed is traced, or it is not.
    pub fn trace(&self, traces: bool) {
        self.state.traces.store(traces, SeqCst);
    }

    /// From now on no answer is passed on.
    pub fn hold_back(&self) {
        self.state.holds_back.store(true, SeqCst);
    }

    /// How many statements and batches were sent to the node since this was last asked.
    pub fn executed(&self) -> usize {
        self.state.executed.swap(0, SeqCst)
    }
}

impl State {
    fn serve(self: Arc<Self>, client: TcpStream) {
        let Some(node) = *self.node.lock().unwrap() else { return };
        let Ok(node) = TcpStream::connect(node) else { return };
        let (from, to) = (node.try_clone().unwrap(), client.try_clone().unwrap());
        let state = Arc::clone(&self);
        let answers = thread::spawn(move || {
            let _ = state.pass_answers(&from, &to);
            let _ = to.shutdown(Shutdown::Both);
        });
        let _ = self.pass_requests(&client, &node);
        let _ = node.shutdown(Shutdown::Both);
        answers.join().unwrap();
    }

    fn pass_answers(&self, mut node: &TcpStream, mut client: &TcpStream) -> io::Result<()> {
        let mut bytes = vec![0; 1 << 16];
        loop {
            match node.read(&mut bytes)? {
                0 => return Ok(()),
                _ if self.holds_back.load(SeqCst) => {}
                read => client.write_all(&bytes[..read])?,
            }
        }
    }

    fn pass_requests(&self, mut client: &TcpStream, mut node: &TcpStream) -> io::Result<()> {
        loop {
            let mut frame = vec![0; 9];
            client.read_exact(&mut frame)?;
            let length = u32::from_be_bytes(frame[5..9].try_into().unwrap());
            client.take(length.into()).read_to_end(&mut frame)?;
            if [EXECUTE, BATCH].contains(&frame[4]) {
                self.executed.fetch_add(1, SeqCst);
                if self.traces.load(SeqCst) {
                    frame[1] |= TRACED;
                }
            }
            node.write_all(&frame)?;
        }
    }
}
