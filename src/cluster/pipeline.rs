//! A connection of our own on which many requests are on their way at a time: what bulk loads write through.
//!
//! The driver does much for each request that a load of millions of rows has no use for. Here a request is a frame, and its
//! answer goes to who asked. Nothing is sent twice. A connection that breaks is opened anew for the next request; one that
//! nobody uses any more is closed.

use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{self, AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::connection::{Answer, Connection};
use super::errors::{self, Host};
use super::request::Request;
use super::session::RequestError;
use super::{ConnectOptions, QueryError};

/// Requests are put together up to about this many bytes before they are written.
const TOGETHER: usize = 64 * 1024;

/// A connection on which nothing comes for so long is closed: no answer is owed, or the node is not there any more.
const SILENCE: Duration = Duration::from_secs(60);

/// Where requests are handed in. Dropping it closes the connection.
pub(super) struct Pipeline(UnboundedSender<Question>);

/// A request, and where its answer goes.
struct Question {
    request: Request,
    answer: Reply,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Unanswered {
    /// There is no connection, and nothing was sent.
    Unsent,
    /// The connection broke while the answer was waited for.
    Lost,
}

impl RequestError for Unanswered {
    fn worded(self, host: &Host, was_connected: bool) -> QueryError {
        match self {
            Self::Unsent => errors::no_connection(host, was_connected),
            Self::Lost => errors::connection_lost(),
        }
    }
}

impl Pipeline {
    /// Nothing is connected before the first request. To be called on a runtime, which the connection then lives on.
    pub(super) fn new(options: ConnectOptions, host: Host) -> Self {
        let (sender, questions) = unbounded_channel();
        tokio::spawn(serve(options, host, questions));
        Self(sender)
    }

    /// Sends a request and waits for its answer. How many are on their way is the caller's business.
    pub(super) async fn ask(&self, request: Request) -> Result<Answer, Unanswered> {
        let (answer, answered) = oneshot::channel();
        self.0.send(Question { request, answer }).map_err(|_| Unanswered::Unsent)?;
        answered.await.unwrap_or(Err(Unanswered::Lost))
    }
}

/// Opens a connection whenever there is something to ask and none is open.
async fn serve(options: ConnectOptions, host: Host, mut questions: UnboundedReceiver<Question>) {
    while let Some(first) = questions.recv().await {
        match timeout(options.connect_timeout, Connection::open(&options, &host)).await {
            Ok(Ok(connection)) => converse(connection.into_stream(), first, &mut questions).await,
            Ok(Err(_)) | Err(_) => {
                let mut next = Some(first);
                while let Some(Question { answer, .. }) = next {
                    // Who does not wait any more need not know.
                    let _ = answer.send(Err(Unanswered::Unsent));
                    next = questions.try_recv().ok();
                }
            }
        }
    }
}

/// Asks and hears answers until the connection breaks or is not used any more. Whose answer is still to come learns that it
/// is lost.
async fn converse(stream: impl AsyncRead + AsyncWrite, first: Question, questions: &mut UnboundedReceiver<Question>) {
    let (reader, writer) = io::split(stream);
    let waiting = Mutex::default();
    tokio::select! {
        _ = speak(writer, first, questions, &waiting) => {}
        _ = listen(reader, &waiting) => {}
    }
}

/// Sends what is asked. Requests that come together are written together.
async fn speak(
    mut writer: impl AsyncWrite + Unpin,
    first: Question,
    questions: &mut UnboundedReceiver<Question>,
    waiting: &Mutex<Waiting>,
) -> Option<()> {
    let mut frames = Vec::new();
    let mut next = Some(first);
    loop {
        while let Some(Question { request, answer }) = next.take() {
            // What was given up while it waited to be sent is not sent: it may have been told as not written.
            if !answer.is_closed() {
                request.write(lock(waiting).add(answer)?, &mut frames);
            }
            if frames.len() < TOGETHER {
                next = questions.try_recv().ok();
            }
        }
        writer.write_all(&frames).await.ok()?;
        writer.flush().await.ok()?;
        frames.clear();
        frames.shrink_to(2 * TOGETHER);
        next = Some(questions.recv().await?);
    }
}

/// Hands answers to who asked.
async fn listen(mut reader: impl AsyncRead + Unpin, waiting: &Mutex<Waiting>) -> Option<()> {
    loop {
        let (stream, answer) = hear(&mut reader, waiting).await?;
        // Who does not wait any more need not know.
        let _ = lock(waiting).take(stream)?.send(Ok(answer));
    }
}

/// The next answer; none when there will be none.
async fn hear(reader: &mut (impl AsyncRead + Unpin), waiting: &Mutex<Waiting>) -> Option<(i16, Answer)> {
    let mut answer = pin!(Answer::read(reader));
    let mut owed = false;
    loop {
        match timeout(SILENCE, &mut answer).await {
            Ok(answer) => return answer.ok(),
            Err(_) if owed || lock(waiting).is_empty() => return None,
            Err(_) => owed = true,
        }
    }
}

type Reply = oneshot::Sender<Result<Answer, Unanswered>>;

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

    fn is_empty(&self) -> bool {
        self.free.len() == self.replies.len()
    }
}

fn lock(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}
