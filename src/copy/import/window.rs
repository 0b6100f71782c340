//! How many requests are on their way at a time: enough that the server never waits for one, and few more, because what
//! waits at the server only takes its memory and comes back late. It counts; the clock is handed in.
//!
//! As in a congestion control that goes by delay (TCP Vegas), the number of requests that wait at the server is told from
//! how much longer an answer takes than the fastest one. Now and then fewer are sent for a while to see how fast that is
//! by now, as BBR does it.

use std::time::Duration;

/// Requests at the beginning.
const FIRST: usize = 8;
/// Requests that should wait at a server, at least and at most.
const FEW_WAITING: f64 = 8.0;
const MANY_WAITING: f64 = 16.0;
/// Rounds, of as many answers as requests may be on their way, until the fastest answer is looked for again.
const ROUNDS: u32 = 64;

/// The number of requests that may be on their way.
#[derive(Debug)]
pub(super) struct Window {
    limit: usize,
    most: usize,
    /// How long the fastest answer took.
    fastest: Duration,
    rounds: u32,
    round: Round,
    /// Whether there was never too much.
    doubling: bool,
    /// Answers to come to requests that were sent before the limit was last lowered.
    stale: usize,
}

/// What the answers of a round tell.
#[derive(Debug)]
struct Round {
    answers: u32,
    time: Duration,
    fastest: Duration,
    /// Whether as many requests as may be were on their way all the time.
    full: bool,
}

impl Default for Round {
    fn default() -> Self {
        Self { answers: 0, time: Duration::ZERO, fastest: Duration::MAX, full: true }
    }
}

impl Window {
    /// At most this many requests, whatever the servers can take.
    pub(super) fn new(most: usize) -> Self {
        let (limit, round) = (FIRST.min(most), Round::default());
        Self { limit, most, fastest: Duration::MAX, rounds: 0, round, doubling: true, stale: 0 }
    }

    /// How many requests may be on their way now.
    pub(super) fn limit(&self) -> usize {
        if self.is_measuring() { self.limit.div_ceil(2) } else { self.limit }
    }

    /// A request was answered after this time. `full` tells that as many were on their way as may be: otherwise nothing is
    /// known of what the server can take. `servers` tells how many share the requests now, one at least; it is asked at the
    /// end of a round.
    pub(super) fn answered(&mut self, took: Duration, full: bool, servers: impl FnOnce() -> usize) {
        self.stale = self.stale.saturating_sub(1);
        let round = &mut self.round;
        round.answers += 1;
        round.time += took;
        round.fastest = round.fastest.min(took);
        round.full &= full;
        let answers = round.answers as usize;
        if self.is_measuring() {
            // The first half of these were sent before.
            if answers >= self.limit * 2 {
                self.fastest = std::mem::take(&mut self.round).fastest;
                self.rounds = 0;
            }
        } else if answers >= self.limit {
            self.end_round(servers());
        }
    }

    /// The server was too busy for a request, or did not answer it in time.
    pub(super) fn overloaded(&mut self) {
        if self.stale > 0 {
            self.stale -= 1;
            return;
        }
        self.stale = self.limit;
        self.limit = (self.limit / 2).max(1);
        self.doubling = false;
        self.round = Round::default();
    }

    fn is_measuring(&self) -> bool {
        self.rounds >= ROUNDS
    }

    fn end_round(&mut self, servers: usize) {
        let round = std::mem::take(&mut self.round);
        self.rounds += 1;
        self.fastest = self.fastest.min(round.fastest);
        let mean = round.time.as_secs_f64() / f64::from(round.answers);
        let waiting = self.limit as f64 * (1.0 - self.fastest.as_secs_f64() / mean.max(f64::MIN_POSITIVE));
        let waiting = waiting / servers.max(1) as f64;
        self.doubling &= waiting < FEW_WAITING;
        if waiting > MANY_WAITING {
            self.limit -= self.limit / 8;
        } else if waiting < FEW_WAITING && round.full {
            self.limit += if self.doubling { self.limit } else { self.limit / 8 + 1 };
        }
        self.limit = self.limit.clamp(1, self.most);
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;
    use std::collections::{BinaryHeap, VecDeque};

    use super::*;

    const WORK: Duration = Duration::from_millis(2);

    /// A server that takes 2 ms for a request and works on some at a time, in the order they come. Gives the limit after
    /// many requests, and how many of them it could have answered in that time had it never waited.
    fn run(window: &mut Window, at_a_time: usize) -> (usize, f64) {
        run_shared(window, at_a_time, 1)
    }

    /// The same for several servers, which work on so many together.
    fn run_shared(window: &mut Window, at_a_time: usize, servers: usize) -> (usize, f64) {
        const REQUESTS: usize = 100_000;
        let mut workers: BinaryHeap<Reverse<Duration>> = (0..at_a_time).map(|_| Reverse(Duration::ZERO)).collect();
        let mut flights: VecDeque<(Duration, Duration)> = VecDeque::new();
        let mut now = Duration::ZERO;
        for _ in 0..REQUESTS {
            while flights.len() < window.limit() {
                let Reverse(free) = workers.pop().unwrap();
                let done = free.max(now) + WORK;
                workers.push(Reverse(done));
                flights.push_back((now, done));
            }
            let (sent, done) = flights.pop_front().unwrap();
            now = done;
            window.answered(done - sent, flights.len() + 1 >= window.limit(), || servers);
        }
        (window.limit(), REQUESTS as f64 * WORK.as_secs_f64() / at_a_time as f64 / now.as_secs_f64())
    }

    #[test]
    fn the_server_is_kept_busy_and_not_flooded() {
        for at_a_time in [1, 2, 8, 50, 200] {
            let (limit, busy) = run(&mut Window::new(512), at_a_time);
            assert!(busy > 0.9, "{busy} of {at_a_time}");
            assert!(limit <= at_a_time + 48, "{limit} for {at_a_time}");
        }
    }

    #[test]
    fn several_servers_are_all_kept_busy() {
        let (limit, busy) = run_shared(&mut Window::new(512), 150, 3);
        assert!(busy > 0.9 && limit <= 150 + 3 * 48, "{limit} and {busy}");
    }

    #[test]
    fn what_waits_is_shared_by_the_servers_that_are_there_now() {
        let mut window = Window::new(4096);
        let many = run_shared(&mut window, 50, 40).0;
        assert!(many > 50 + 8 * 30, "{many}");
        let (limit, busy) = run_shared(&mut window, 50, 1);
        assert!(busy > 0.9 && limit <= 50 + 48, "{limit} and {busy}");
    }

    #[test]
    fn there_is_a_bound_whatever_the_server_can_take() {
        for most in [1, 3, 512] {
            let mut window = Window::new(most);
            run(&mut window, 10_000);
            assert_eq!(window.limit, most);
        }
    }

    #[test]
    fn requests_that_fail_together_lower_the_limit_once() {
        let mut window = Window::new(512);
        run(&mut window, 50);
        let before = window.limit;
        for _ in 0..=before {
            window.overloaded();
        }
        assert_eq!(window.limit, before / 2);
        window.stale = 0;
        window.overloaded();
        assert_eq!(window.limit, before / 2 / 2);
    }

    #[test]
    fn one_request_is_always_allowed_and_the_limit_grows_again() {
        let mut window = Window::new(512);
        for _ in 0..2000 {
            window.overloaded();
        }
        assert_eq!(window.limit(), 1);
        assert!(run(&mut window, 50).1 > 0.9);
    }

    #[test]
    fn a_server_that_becomes_faster_or_slower_is_noticed() {
        let mut window = Window::new(512);
        for at_a_time in [50, 2, 50] {
            let (limit, busy) = run(&mut window, at_a_time);
            assert!(busy > 0.9 && limit <= at_a_time + 48, "{limit} and {busy} for {at_a_time}");
        }
    }

    #[test]
    fn answers_that_take_no_measurable_time_do_no_harm() {
        let mut window = Window::new(64);
        (0..1000).for_each(|_| window.answered(Duration::ZERO, true, || 1));
        assert!((1..=64).contains(&window.limit()));
    }

    #[test]
    fn a_slow_reader_s_requests_tell_nothing_of_the_server() {
        let mut window = Window::new(512);
        (0..1000).for_each(|_| window.answered(WORK, false, || 1));
        assert_eq!(window.limit, FIRST);
    }
}
