//! Ctrl-C as a flag that threads and tasks look at between two steps.

use tokio::sync::watch;

use crate::cluster::Runtime;

/// Whether work should go on. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop(watch::Sender<bool>);

impl Stop {
    /// Asks everybody to stop.
    pub(super) fn set(&self) {
        self.0.send_replace(true);
    }

    /// Waits until somebody asks.
    pub(super) async fn asked(&self) {
        // Whoever waits has a sender, so that the wait ends with the request alone.
        let _ = self.0.subscribe().wait_for(|asked| *asked).await;
    }

    /// Whether somebody asked.
    pub(super) fn is_set(&self) -> bool {
        *self.0.borrow()
    }
}

/// Listens for Ctrl-C while it lives.
#[derive(Debug)]
pub(super) struct Interrupt {
    pressed: Stop,
    listener: tokio::task::JoinHandle<()>,
}

impl Interrupt {
    /// Listens from now on.
    pub(super) fn watch(runtime: &Runtime) -> Self {
        let pressed = Stop::default();
        let interrupted = runtime.interrupted();
        let listener = runtime.handle().spawn({
            let pressed = pressed.clone();
            async move {
                interrupted.await;
                pressed.set();
            }
        });
        Self { pressed, listener }
    }

    /// Set when Ctrl-C is pressed.
    pub(super) fn pressed(&self) -> Stop {
        self.pressed.clone()
    }

    /// Whether Ctrl-C was pressed.
    pub(super) fn is_pressed(&self) -> bool {
        self.pressed.is_set()
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        self.listener.abort();
    }
}
