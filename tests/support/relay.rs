//! A relay in front of a node whose answers can be held back: a statement that takes as long as a test wants.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

/// How long a question may take before the test counts as failed; nothing waits that long when all is well.
const PATIENCE: Duration = Duration::from_secs(60);

/// The relay. Its threads end with the connections they serve.
pub struct Relay {
    port: u16,
    state: Arc<(Mutex<State>, Condvar)>,
}

#[derive(Default)]
struct State {
    held: bool,
    /// What holds answers back when it is sent to the node.
    trigger: Option<String>,
    /// Whether connections end as soon as they are made.
    cut: bool,
    /// The clients' ends of the connections there were.
    clients: Vec<TcpStream>,
    /// Everything that was sent to the node.
    asked: Vec<u8>,
}

impl State {
    fn was_asked(&self, text: &str) -> bool {
        self.asked.windows(text.len()).any(|window| window == text.as_bytes())
    }
}

impl Relay {
    pub fn to(host: &str, port: u16) -> Self {
        Self::at(TcpListener::bind(("127.0.0.1", 0)).unwrap(), host, port)
    }

    /// The same where it is to listen.
    pub fn at(listener: TcpListener, host: &str, port: u16) -> Self {
        let relay = Self { port: listener.local_addr().unwrap().port(), state: Arc::default() };
        let (state, host) = (Arc::clone(&relay.state), host.to_owned());
        thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.unwrap();
                let mut now = state.0.lock().unwrap();
                if now.cut {
                    continue;
                }
                now.clients.push(client.try_clone().unwrap());
                drop(now);
                let node = TcpStream::connect((host.as_str(), port)).unwrap();
                let (back, forth) = (Arc::clone(&state), Arc::clone(&state));
                let (from, to) = (node.try_clone().unwrap(), client.try_clone().unwrap());
                thread::spawn(move || pass(from, to, |_| drop(back.1.wait_while(back.0.lock().unwrap(), |s| s.held))));
                thread::spawn(move || {
                    pass(client, node, |bytes| {
                        let mut state = forth.0.lock().unwrap();
                        state.asked.extend(bytes);
                        state.held |= state.trigger.as_deref().is_some_and(|text| state.was_asked(text));
                        drop(state);
                        forth.1.notify_all();
                    });
                });
            }
        });
        relay
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// From now on no answer comes.
    pub fn hold(&self) {
        self.state.0.lock().unwrap().held = true;
    }

    /// No answer comes from the moment on when the node is sent this text.
    pub fn hold_when_asked(&self, text: &str) {
        self.state.0.lock().unwrap().trigger = Some(text.to_owned());
    }

    /// What was held back comes, and everything after it.
    pub fn release(&self) {
        let mut state = self.state.0.lock().unwrap();
        state.held = false;
        state.trigger = None;
        drop(state);
        self.state.1.notify_all();
    }

    /// Connections break, and new ones too.
    pub fn cut(&self) {
        let mut state = self.state.0.lock().unwrap();
        state.cut = true;
        for client in state.clients.drain(..) {
            let _ = client.shutdown(Shutdown::Both);
        }
    }

    /// New connections live.
    pub fn mend(&self) {
        self.state.0.lock().unwrap().cut = false;
    }

    /// Whether the node was sent this text.
    pub fn was_asked(&self, text: &str) -> bool {
        self.state.0.lock().unwrap().was_asked(text)
    }

    /// Waits until the node was sent this text.
    pub fn wait_for(&self, text: &str) {
        let state = self.state.0.lock().unwrap();
        let waited = self.state.1.wait_timeout_while(state, PATIENCE, |state| !state.was_asked(text));
        assert!(!waited.unwrap().1.timed_out(), "the node was not asked {text:?}");
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, mut each: impl FnMut(&[u8])) {
    let mut bytes = [0; 65536];
    let mut forward = || -> io::Result<usize> {
        let read = from.read(&mut bytes)?;
        each(&bytes[..read]);
        to.write_all(&bytes[..read])?;
        Ok(read)
    };
    while let Ok(1..) = forward() {}
    let _ = to.shutdown(Shutdown::Both);
}
