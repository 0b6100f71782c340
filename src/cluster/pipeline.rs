//! A connection of our own on which many requests are on their way at a time: what COPY reads and writes through.
//!
//! The driver does much for each request that a copy of millions of rows has no use for. Here a request is a frame, and its
//! answer goes to who asked. Nothing is sent twice. A connection that breaks, or that nobody uses any more, stays closed.
//! How long an answer is waited for is decided by who asks.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use scylla_cql::frame::Compression;
use tokio::io::{self, AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::connection::{Answer, Connection};
use super::request::Request;

/// Requests are put together up to about this many bytes before they are written.
const TOGETHER: usize = 64 * 1024;

/// A connection on which nothing comes for so long is closed, unless somebody has reason to wait.
const SILENCE: Duration = Duration::from_secs(60);

/// Where requests are handed in. Dropping it closes the connection.
#[derive(Debug)]
pub(super) struct Pipeline {
    questions: UnboundedSender<Question>,
    /// Every request on its way holds a clone.
    on_the_way: Arc<()>,
    /// Whether an answer did not come in time, and none has come since.
    overdue: Arc<AtomicBool>,
}

/// A request, and where its answer goes.
#[derive(Debug)]
struct Question {
    request: Request,
    reply: Reply,
}

/// Where an answer goes. It lives until the answer comes, even if nobody waits for it any more.
#[derive(Debug)]
struct Reply {
    answer: oneshot::Sender<Result<Answer, Unanswered>>,
    asked: Instant,
    _on_the_way: Arc<()>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unanswered {
    /// There is no connection, and nothing was sent.
    Unsent,
    /// The connection broke while the answer was waited for.
    Lost,
    /// It was waited for long enough.
    Late,
}

impl Pipeline {
    /// To be called on a runtime, which the connection then lives on.
    pub(super) fn on(connection: Connection) -> Self {
        let (stream, compression) = connection.into_stream();
        Self::over(stream, compression)
    }

    fn over(stream: impl AsyncRead + AsyncWrite + Send + 'static, compression: Option<Compression>) -> Self {
        let (questions, mut asked) = unbounded_channel();
        let overdue = Arc::new(AtomicBool::new(false));
        let is_overdue = Arc::clone(&overdue);
        tokio::spawn(async move {
            converse(stream, compression, &mut asked, &is_overdue).await;
            // Whatever comes too late was not sent.
            asked.close();
            while let Ok(Question { reply, .. }) = asked.try_recv() {
                reply.give(Err(Unanswered::Unsent));
            }
        });
        Self { questions, on_the_way: Arc::new(()), overdue }
    }

    /// Whether requests can be sent.
    pub(super) fn is_open(&self) -> bool {
        !self.questions.is_closed()
    }

    /// How many requests the node owes an answer to.
    pub(super) fn load(&self) -> usize {
        Arc::strong_count(&self.on_the_way) - 1
    }

    /// Whether somebody waited in vain for an answer, and none has come since, be it to others.
    pub(super) fn is_overdue(&self) -> bool {
        self.overdue.load(Ordering::Relaxed)
    }

    /// Sends a request and waits that long for its answer. How many are on their way is the caller's business.
    pub(super) async fn ask(&self, request: Request, limit: Duration) -> Result<Answer, Unanswered> {
        let (answer, answered) = oneshot::channel();
        let reply = Reply { answer, asked: Instant::now(), _on_the_way: Arc::clone(&self.on_the_way) };
        self.questions.send(Question { request, reply }).map_err(|_| Unanswered::Unsent)?;
        let Ok(answer) = timeout(limit, answered).await else {
            self.overdue.store(true, Ordering::Relaxed);
            return Err(Unanswered::Late);
        };
        answer.unwrap_or(Err(Unanswered::Lost))
    }
}

impl Reply {
    fn give(self, answer: Result<Answer, Unanswered>) {
        // Who does not wait any more need not know.
        let _ = self.answer.send(answer);
    }

    fn is_awaited(&self) -> bool {
        !self.answer.is_closed()
    }
}

/// Asks and hears answers until the connection breaks or is not used any more. Whose answer is still to come learns that it
/// is lost.
async fn converse(
    stream: impl AsyncRead + AsyncWrite,
    compression: Option<Compression>,
    questions: &mut UnboundedReceiver<Question>,
    overdue: &AtomicBool,
) {
    let (reader, writer) = io::split(stream);
    let waiting = Mutex::default();
    tokio::select! {
        _ = speak(writer, questions, &waiting) => {}
        _ = listen(reader, compression, &waiting, overdue) => {}
    }
    // Before those whose answers are lost ask again.
    questions.close();
}

/// Sends what is asked. Requests that come together are written together.
async fn speak(
    mut writer: impl AsyncWrite + Unpin,
    questions: &mut UnboundedReceiver<Question>,
    waiting: &Mutex<Waiting>,
) -> Option<()> {
    let mut frames = Vec::new();
    loop {
        let mut next = Some(questions.recv().await?);
        while let Some(Question { request, reply }) = next.take() {
            // What was given up while it waited to be sent is not sent: it may have been told as not written.
            if reply.is_awaited() {
                request.write(lock(waiting).add(reply)?, &mut frames);
            }
            if frames.len() < TOGETHER {
                next = questions.try_recv().ok();
            }
        }
        writer.write_all(&frames).await.ok()?;
        writer.flush().await.ok()?;
        frames.clear();
        frames.shrink_to(2 * TOGETHER);
    }
}

/// Hands answers to who asked.
async fn listen(
    mut reader: impl AsyncRead + Unpin,
    compression: Option<Compression>,
    waiting: &Mutex<Waiting>,
    overdue: &AtomicBool,
) -> Option<()> {
    loop {
        let (stream, answer) = hear(&mut reader, compression, waiting, overdue).await?;
        overdue.store(false, Ordering::Relaxed);
        lock(waiting).take(stream)?.give(Ok(answer));
    }
}

/// The next answer; none when there will be none.
async fn hear(
    reader: &mut (impl AsyncRead + Unpin),
    compression: Option<Compression>,
    waiting: &Mutex<Waiting>,
    overdue: &AtomicBool,
) -> Option<(i16, Answer)> {
    let mut answer = pin!(Answer::read(reader, compression));
    let silent_since = Instant::now();
    loop {
        match timeout(SILENCE, &mut answer).await {
            Ok(answer) => return answer.ok(),
            Err(_) if lock(waiting).has_hope(silent_since, overdue.load(Ordering::Relaxed)) => {}
            Err(_) => return None,
        }
    }
}

/// Who waits for an answer, by the number that the request has on the connection. A number is free again when its answer has
/// come, even if nobody waits for it any more.
#[derive(Default)]
struct Waiting {
    replies: Vec<Option<Reply>>,
    free: Vec<i16>,
}

impl Waiting {
    /// The number of a request; none when the server owes as many answers as there are numbers.
    fn add(&mut self, reply: Reply) -> Option<i16> {
        let number = match self.free.pop() {
            Some(number) => number,
            None => {
                self.replies.push(None);
                i16::try_from(self.replies.len() - 1).ok()?
            }
        };
        *self.replies.get_mut(usize::try_from(number).ok()?)? = Some(reply);
        Some(number)
    }

    /// Who waits for this answer; nobody if it was not asked for.
    fn take(&mut self, number: i16) -> Option<Reply> {
        let reply = self.replies.get_mut(usize::try_from(number).ok()?)?.take()?;
        self.free.push(number);
        Some(reply)
    }

    /// Whether somebody has reason to wait on a connection that has been silent since then. All have whose time is not up; but
    /// where the node let somebody wait in vain, only who asked before: the others do better to ask on a new connection.
    fn has_hope(&self, silent_since: Instant, overdue: bool) -> bool {
        let has_hope = |reply: &Reply| reply.is_awaited() && (!overdue || reply.asked <= silent_since);
        self.replies.iter().flatten().any(has_hope)
    }
}

fn lock(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
pub(super) mod tests {
    use scylla_cql::frame::request::Prepare;
    use tokio::io::{AsyncReadExt, DuplexStream, duplex};

    use super::super::errors::Host;
    use super::*;

    pub(in super::super) const FOREVER: Duration = Duration::MAX;

    /// A pipeline on a connection whose other end is given.
    pub(in super::super) fn connected() -> (Pipeline, DuplexStream) {
        let (ours, theirs) = duplex(1 << 16);
        (Pipeline::over(ours, None), theirs)
    }

    pub(in super::super) fn request(cql: &str) -> Request {
        Request::of(&Prepare { query: cql }).unwrap()
    }

    /// The number and the text of the next request.
    pub(in super::super) async fn heard(server: &mut DuplexStream) -> ([u8; 2], String) {
        let mut header = [0; 9];
        server.read_exact(&mut header).await.unwrap();
        let [.., a, b, c, d] = header;
        let mut body = vec![0; u32::from_be_bytes([a, b, c, d]) as usize];
        server.read_exact(&mut body).await.unwrap();
        ([header[2], header[3]], String::from_utf8(body.split_off(4)).unwrap())
    }

    /// A result that holds a text.
    pub(in super::super) async fn answer(server: &mut DuplexStream, [high, low]: [u8; 2], text: &str) {
        let frame = [&[0x84, 0, high, low, 8, 0, 0, 0, text.len() as u8], text.as_bytes()].concat();
        server.write_all(&frame).await.unwrap();
    }

    pub(in super::super) fn text(answer: Result<Answer, Unanswered>) -> String {
        let host = Host { address: "127.0.0.1:9042".parse().unwrap(), data_center: String::new() };
        String::from_utf8(answer.unwrap().result(&host).unwrap().body.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn each_answer_goes_to_who_asked_in_whatever_order_they_come() {
        let (pipeline, mut server) = connected();
        let serve = async {
            let first = heard(&mut server).await;
            let second = heard(&mut server).await;
            answer(&mut server, second.0, &second.1).await;
            answer(&mut server, first.0, &first.1).await;
            // Its number is free for the next one.
            let third = heard(&mut server).await;
            assert!(third.0 == first.0 || third.0 == second.0);
            answer(&mut server, third.0, &third.1).await;
        };
        let ask = async {
            let (a, b) = tokio::join!(pipeline.ask(request("a"), FOREVER), pipeline.ask(request("b"), FOREVER));
            assert_eq!((text(a), text(b)), ("a".to_owned(), "b".to_owned()));
            assert_eq!(text(pipeline.ask(request("c"), FOREVER).await), "c");
        };
        tokio::join!(serve, ask);
    }

    #[tokio::test]
    async fn a_connection_that_ends_or_answers_what_nobody_asked_takes_the_answers_along() {
        for wrong in [None, Some([0x7f, 0xff])] {
            let (pipeline, mut server) = connected();
            let serve = async move {
                heard(&mut server).await;
                if let Some(number) = wrong {
                    answer(&mut server, number, "").await;
                    // Until it is hung up on.
                    let _ = server.read(&mut [0]).await;
                }
            };
            let (asked, ()) = tokio::join!(pipeline.ask(request("a"), FOREVER), serve);
            assert!(matches!(asked, Err(Unanswered::Lost)));
        }
    }

    #[tokio::test]
    async fn what_was_given_up_before_it_was_sent_is_not_sent() {
        let (pipeline, mut server) = connected();
        tokio::select! {
            biased;
            _ = pipeline.ask(request("given up"), FOREVER) => panic!("it was answered"),
            () = std::future::ready(()) => {}
        }
        let (asked, ()) = tokio::join!(pipeline.ask(request("a"), FOREVER), async {
            let (number, cql) = heard(&mut server).await;
            assert_eq!(cql, "a");
            answer(&mut server, number, "done").await;
        });
        assert_eq!(text(asked), "done");
    }

    #[tokio::test]
    async fn a_node_is_overdue_from_an_answer_that_does_not_come_in_time_to_the_next_that_comes() {
        let (pipeline, mut server) = connected();
        let given_up = async {
            tokio::select! {
                _ = pipeline.ask(request("late"), FOREVER) => panic!("it was answered"),
                (number, _) = heard(&mut server) => number,
            }
        };
        let late = given_up.await;
        assert!(!pipeline.is_overdue());
        assert!(matches!(pipeline.ask(request("in vain"), Duration::ZERO).await, Err(Unanswered::Late)));
        assert!(pipeline.is_overdue());
        answer(&mut server, late, "at last").await;
        while pipeline.is_overdue() {
            tokio::task::yield_now().await;
        }
        assert!(pipeline.is_open());
    }

    #[test]
    fn a_silent_connection_is_kept_for_those_whose_time_is_not_up() {
        let on_the_way = Arc::new(());
        let silent_since = Instant::now();
        let mut waiting = Waiting::default();
        assert!(!waiting.has_hope(silent_since, false), "nothing is owed");

        let mut add = |asked| {
            let (answer, answered) = oneshot::channel();
            waiting.add(Reply { answer, asked, _on_the_way: Arc::clone(&on_the_way) }).unwrap();
            answered
        };
        let (first, last) = (add(silent_since), add(silent_since + SILENCE));
        assert!(waiting.has_hope(silent_since, false) && waiting.has_hope(silent_since, true));
        drop(first);
        assert!(waiting.has_hope(silent_since, false));
        assert!(!waiting.has_hope(silent_since, true), "the last one asks better on another connection");
        drop(last);
        assert!(!waiting.has_hope(silent_since, false), "all have given up");
    }
}
