//! A relay in front of a node that breaks connections in the middle of the work, at places that a seed decides.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// How long questions are still passed on, and answers are not, before a connection of [`Fault::LostAnswers`] breaks.
const UNANSWERED: Duration = Duration::from_millis(300);

/// What happens to a connection when its time has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It ends at once, in the middle of whatever is being sent.
    Reset,
    /// The node hears and carries out what it is asked, its answers are lost, and then the connection ends.
    LostAnswers,
}

/// What breaks, and when.
#[derive(Debug, Clone)]
pub struct Plan {
    pub fault: Fault,
    /// Bytes, in both directions, that a connection lives for.
    pub bytes: Range<u64>,
    /// Connections that break; those after them live.
    pub most: usize,
}

/// The relay. Its threads end with the connections they serve.
pub struct Chaos {
    port: u16,
    fired: Arc<AtomicUsize>,
}

/// One connection, seen from both its directions.
struct Connection {
    client: TcpStream,
    node: TcpStream,
    /// Bytes it still lives for.
    left: Mutex<u64>,
    plan: Plan,
    fired: Arc<AtomicUsize>,
}

impl Chaos {
    /// Prints the seed, so that a run that failed can be had again by setting `CHAOS_SEED`.
    pub fn before(host: &str, port: u16, plan: Plan) -> Self {
        let given = std::env::var("CHAOS_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| RandomState::new().build_hasher().finish());
        println!("CHAOS_SEED={seed} {plan:?}");
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let chaos = Self { port: listener.local_addr().unwrap().port(), fired: Arc::default() };
        let (fired, host) = (Arc::clone(&chaos.fired), host.to_owned());
        thread::spawn(move || {
            let mut random = seed | 1;
            for client in listener.incoming() {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                let lives_for = plan.bytes.start + random % (plan.bytes.end - plan.bytes.start);
                let Ok(node) = TcpStream::connect((host.as_str(), port)) else { continue };
                let (plan, fired) = (plan.clone(), Arc::clone(&fired));
                let left = Mutex::new(lives_for);
                Arc::new(Connection { client: client.unwrap(), node, left, plan, fired }).serve();
            }
        });
        chaos
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Connections broken so far.
    pub fn fired(&self) -> usize {
        self.fired.load(SeqCst)
    }
}

impl Connection {
    fn serve(self: Arc<Self>) {
        let other = Arc::clone(&self);
        thread::spawn(move || {
            other.pass(&other.client, &other.node, |_| true);
            other.end();
        });
        thread::spawn(move || {
            self.pass(&self.node, &self.client, |broken| !broken || self.plan.fault != Fault::LostAnswers);
            self.end();
        });
    }

    /// Passes on what `passes` lets through, until either side ends or the connection's time has come.
    fn pass(self: &Arc<Self>, mut from: &TcpStream, mut to: &TcpStream, passes: impl Fn(bool) -> bool) {
        let mut bytes = [0; 4096];
        while let Ok(read @ 1..) = from.read(&mut bytes) {
            let broken = self.spend(read as u64);
            if broken && self.plan.fault == Fault::Reset {
                // The first half of it, so that the end comes inside a frame.
                let _ = to.write_all(&bytes[..read / 2]);
                return;
            }
            if passes(broken) && to.write_all(&bytes[..read]).is_err() {
                return;
            }
        }
    }

    /// Whether the connection's time has come.
    fn spend(self: &Arc<Self>, bytes: u64) -> bool {
        let mut left = self.left.lock().unwrap();
        if *left == 0 {
            return true;
        }
        *left = left.saturating_sub(bytes);
        if *left > 0 {
            return false;
        }
        if self.fired.fetch_update(SeqCst, SeqCst, |fired| (fired < self.plan.most).then_some(fired + 1)).is_err() {
            *left = u64::MAX;
            return false;
        }
        if self.plan.fault == Fault::LostAnswers {
            let connection = Arc::clone(self);
            thread::spawn(move || {
                thread::sleep(UNANSWERED);
                connection.end();
            });
        }
        true
    }

    fn end(&self) {
        for stream in [&self.client, &self.node] {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}
