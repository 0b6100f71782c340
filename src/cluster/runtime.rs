//! The thread that all network work runs on, and how blocking code waits for it.

use std::future::Future;
use std::io;

/// Ctrl-C arrived while waiting; the work was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("interrupted")]
pub struct Interrupted;

/// A current-thread runtime that lives on a thread of its own, so that heartbeats go on while a prompt waits.
#[derive(Debug)]
pub struct Runtime {}

/// Work that was started and is collected later (the next page while this one prints).
#[derive(Debug)]
pub struct Pending<T>(std::marker::PhantomData<T>);

impl Runtime {
    /// Starts the thread and takes over SIGINT.
    pub fn start() -> io::Result<Self> {
        todo!()
    }

    /// Runs the work and waits for it, or for Ctrl-C. Interrupts from before the call do not count.
    pub fn run<T, F>(&self, _work: F) -> Result<T, Interrupted>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        todo!()
    }

    /// Starts the work without waiting. Dropping the handle drops the work.
    pub fn spawn<T, F>(&self, _work: F) -> Pending<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        todo!()
    }

    /// Waits for work that was started with [`Runtime::spawn`], or for Ctrl-C.
    pub fn collect<T: Send + 'static>(&self, _pending: Pending<T>) -> Result<T, Interrupted> {
        todo!()
    }

    /// The runtime's handle, for pipelines that run many tasks at once (COPY).
    pub fn handle(&self) -> &tokio::runtime::Handle {
        todo!()
    }

    /// Resolves when Ctrl-C arrives after the call (COPY selects on it to stop in order).
    pub fn interrupted(&self) -> impl Future<Output = ()> + Send + 'static + use<> {
        async { todo!() }
    }
}
