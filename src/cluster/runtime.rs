//! The thread that all network work runs on, and how blocking code waits for it.
//!
//! Knows nothing of the driver, statements or pages. The runtime has a thread of its own because the shell blocks: while a
//! prompt waits for a key, heartbeats, reconnections and the next page go on.

use std::future::{Future, pending};
use std::time::Duration;
use std::{io, thread};

use tokio::runtime::{Builder, Handle};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Ctrl-C arrived while waiting; the work was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("interrupted")]
pub struct Interrupted;

/// A current-thread runtime that lives on a thread of its own. Dropping it ends the thread and all work on it.
#[derive(Debug)]
pub struct Runtime {
    handle: Handle,
    /// Counts the Ctrl-Cs. A subscriber sees those that come after it subscribed.
    interrupts: watch::Sender<u64>,
    /// Its drop tells the thread to end.
    _stop: oneshot::Sender<()>,
}

/// Work that was started and is collected later (the next page while this one prints). Dropping it drops the work.
#[derive(Debug)]
pub struct Pending<T> {
    task: JoinHandle<T>,
    interrupts: watch::Receiver<u64>,
}

/// Remembers whether Ctrl-C arrived since [`Runtime::interrupts`] was asked, for work that waits for nothing.
#[derive(Debug, Clone)]
pub struct Interrupts(watch::Receiver<u64>);

impl Interrupts {
    /// Fails when Ctrl-C arrived.
    pub fn check(&self) -> Result<(), Interrupted> {
        if self.0.has_changed().unwrap_or(false) { Err(Interrupted) } else { Ok(()) }
    }
}

impl<T> Pending<T> {
    /// Can be asked again when it was dropped before it came.
    async fn outcome(&mut self) -> Result<T, Interrupted> {
        let Self { task, interrupts } = self;
        tokio::select! {
            biased;
            () = next_interrupt(interrupts) => Err(Interrupted),
            result = task => result.map_err(|error| match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime ended and took the work along.
                Err(_) => Interrupted,
            }),
        }
    }
}

impl<T> Drop for Pending<T> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Runtime {
    /// Starts the thread and takes over SIGINT: from here on Ctrl-C no longer ends the process by itself.
    pub fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let mut sigint = {
            let _context = handle.enter();
            signal(SignalKind::interrupt())?
        };
        let interrupts = watch::Sender::new(0);
        let counter = interrupts.clone();
        let (stop, mut stopped) = oneshot::channel();
        thread::Builder::new().name("network".to_owned()).spawn(move || {
            runtime.block_on(async {
                loop {
                    tokio::select! {
                        _ = &mut stopped => break,
                        Some(()) = sigint.recv() => counter.send_modify(|count| *count += 1),
                    }
                }
            });
            // A name lookup that hangs must not keep the thread: it is left behind.
            runtime.shutdown_background();
        })?;
        Ok(Self { handle, interrupts, _stop: stop })
    }

    /// Runs the work and waits for it, or for Ctrl-C, which drops it. Interrupts from before the call do not count. A
    /// panic of the work is a panic of the caller.
    pub fn run<T, F>(&self, work: F) -> Result<T, Interrupted>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        // On the thread itself, because work of many round trips would otherwise cross threads at each.
        self.collect(self.spawn(work))
    }

    /// Starts the work without waiting. Dropping the handle drops the work.
    pub fn spawn<T, F>(&self, work: F) -> Pending<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        // Listens first: Ctrl-C may come while the work already runs.
        let interrupts = self.interrupts.subscribe();
        Pending { task: self.handle.spawn(work), interrupts }
    }

    /// Waits for work that was started with [`Runtime::spawn`], or for Ctrl-C, which drops it. An interrupt since the
    /// work was started counts: it was meant for what the shell did meanwhile. A panic of the work is a panic of the
    /// caller.
    pub fn collect<T: Send + 'static>(&self, mut pending: Pending<T>) -> Result<T, Interrupted> {
        self.handle.block_on(pending.outcome())
    }

    /// The same; calls `tell` once if it takes longer than `patience`.
    pub fn collect_or<T: Send + 'static>(
        &self,
        mut pending: Pending<T>,
        patience: Duration,
        tell: impl FnOnce(),
    ) -> Result<T, Interrupted> {
        self.handle.block_on(async {
            if let Ok(outcome) = timeout(patience, pending.outcome()).await {
                return outcome;
            }
            tell();
            pending.outcome().await
        })
    }

    /// Listens for Ctrl-C from now on.
    pub fn interrupts(&self) -> Interrupts {
        Interrupts(self.interrupts.subscribe())
    }

    /// The runtime's handle, for pipelines that run many tasks at once (COPY).
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Resolves when Ctrl-C arrives after the call (COPY selects on it to stop in order).
    pub fn interrupted(&self) -> impl Future<Output = ()> + Send + 'static + use<> {
        let mut interrupts = self.interrupts.subscribe();
        async move { next_interrupt(&mut interrupts).await }
    }
}

async fn next_interrupt(interrupts: &mut watch::Receiver<u64>) {
    if interrupts.changed().await.is_err() {
        // The runtime is gone and nobody can interrupt any more.
        pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::time::Duration;

    use super::*;

    /// What the thread does when SIGINT arrives; a real signal would reach every runtime of the process.
    fn press_ctrl_c(runtime: &Runtime) {
        runtime.interrupts.send_modify(|count| *count += 1);
    }

    async fn forever() {
        pending::<()>().await;
    }

    #[test]
    fn work_gives_its_result() {
        let runtime = Runtime::start().unwrap();
        assert_eq!(runtime.run(async { 7 }), Ok(7));
        assert_eq!(runtime.collect(runtime.spawn(async { 8 })), Ok(8));
    }

    #[test]
    fn timers_run_although_the_caller_only_waits() {
        let runtime = Runtime::start().unwrap();
        assert_eq!(runtime.run(async { tokio::time::sleep(Duration::from_millis(1)).await }), Ok(()));
    }

    #[test]
    fn ctrl_c_ends_a_wait_and_later_waits_do_not_see_it() {
        let runtime = Runtime::start().unwrap();
        let interrupts = runtime.interrupts.clone();
        let work = async move {
            interrupts.send_modify(|count| *count += 1);
            forever().await;
        };
        assert_eq!(runtime.run(work), Err(Interrupted));
        assert_eq!(runtime.run(tokio::task::yield_now()), Ok(()));
    }

    #[test]
    fn ctrl_c_between_start_and_collection_counts() {
        let runtime = Runtime::start().unwrap();
        let pending = runtime.spawn(forever());
        press_ctrl_c(&runtime);
        assert_eq!(runtime.collect(pending), Err(Interrupted));
    }

    #[test]
    fn work_that_takes_long_is_told_once_and_gives_its_result_all_the_same() {
        let runtime = Runtime::start().unwrap();
        let (told, heard) = oneshot::channel();
        let result = runtime.collect_or(runtime.spawn(heard), Duration::ZERO, || assert_eq!(told.send(7), Ok(())));
        assert_eq!(result, Ok(Ok(7)));
        let untold = || panic!("it took no time");
        assert_eq!(runtime.collect_or(runtime.spawn(async { 8 }), Duration::from_secs(3600), untold), Ok(8));
    }

    #[test]
    fn ctrl_c_ends_a_wait_that_was_told() {
        let runtime = Runtime::start().unwrap();
        let ended = runtime.collect_or(runtime.spawn(forever()), Duration::ZERO, || press_ctrl_c(&runtime));
        assert_eq!(ended, Err(Interrupted));
    }

    #[test]
    fn a_pipeline_hears_only_the_interrupts_after_it_asked() {
        let runtime = Runtime::start().unwrap();
        press_ctrl_c(&runtime);
        let asked = runtime.interrupted();
        let too_late = runtime.interrupted();
        let heard = async {
            tokio::select! {
                biased;
                () = too_late => true,
                () = tokio::task::yield_now() => false,
            }
        };
        assert_eq!(runtime.run(heard), Ok(false));
        press_ctrl_c(&runtime);
        assert_eq!(runtime.run(asked), Ok(()));
    }

    #[test]
    fn work_that_waits_for_nothing_can_ask_whether_ctrl_c_arrived() {
        let runtime = Runtime::start().unwrap();
        press_ctrl_c(&runtime);
        let interrupts = runtime.interrupts();
        assert_eq!(interrupts.check(), Ok(()));
        press_ctrl_c(&runtime);
        assert_eq!(interrupts.clone().check(), Err(Interrupted));
        assert_eq!(interrupts.check(), Err(Interrupted));
    }

    #[test]
    fn a_panic_of_the_work_is_a_panic_of_the_caller() {
        let runtime = Runtime::start().unwrap();
        let run = catch_unwind(AssertUnwindSafe(|| runtime.run(async { panic!("in the work") })));
        assert_eq!(run.unwrap_err().downcast_ref::<&str>(), Some(&"in the work"));
        let pending = runtime.spawn(async { panic!("in the background") });
        let collected = catch_unwind(AssertUnwindSafe(|| runtime.collect(pending)));
        assert_eq!(collected.unwrap_err().downcast_ref::<&str>(), Some(&"in the background"));
        assert_eq!(runtime.run(async { "alive" }), Ok("alive"));
    }

    #[test]
    fn dropping_a_pending_result_drops_the_work() {
        let runtime = Runtime::start().unwrap();
        let (held, dropped) = oneshot::channel::<()>();
        let pending = runtime.spawn(async move {
            let _held = held;
            forever().await;
        });
        drop(pending);
        assert!(runtime.run(dropped).unwrap().is_err());
    }

    #[test]
    fn work_that_outlives_the_runtime_is_reported_as_interrupted() {
        let other = Runtime::start().unwrap();
        let pending = Runtime::start().unwrap().spawn(forever());
        assert_eq!(other.collect(pending), Err(Interrupted));
    }
}
