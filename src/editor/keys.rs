//! Keys that end a line without being part of it. rustyline would report them as errors and lose what was read ahead
//! of them.

use std::sync::{Arc, Mutex, PoisonError};

use rustyline::{
    Cmd, ConditionalEventHandler, Event, EventContext, EventHandler, KeyCode, KeyEvent, Modifiers, RepeatCount,
};

use crate::terminal::Line;

/// What the last line was ended by, if not by Enter.
#[derive(Debug, Clone, Default)]
pub(super) struct Ending(Arc<Mutex<Option<Line>>>);

impl Ending {
    /// Takes it, so that the next line starts anew.
    pub(super) fn take(&self) -> Option<Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The keys and what they do.
    pub(super) fn bindings(&self) -> [(KeyEvent, EventHandler); 3] {
        [
            (KeyEvent::ctrl('C'), EventHandler::Conditional(Box::new(CtrlC(self.clone())))),
            (KeyEvent::ctrl('D'), EventHandler::Conditional(Box::new(CtrlD(self.clone())))),
            // Data, as long as nothing is completed: a tab inside a string that is typed fast or pasted must stay.
            (KeyEvent(KeyCode::Tab, Modifiers::NONE), EventHandler::Simple(Cmd::Insert(1, "\t".to_owned()))),
        ]
    }

    fn end(&self, line: Line) -> Option<Cmd> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(line);
        Some(Cmd::AcceptLine)
    }
}

struct CtrlC(Ending);

impl ConditionalEventHandler for CtrlC {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        self.0.end(Line::Interrupted)
    }
}

/// The end of input on an empty line; anywhere else it deletes, as in every line editor.
struct CtrlD(Ending);

impl ConditionalEventHandler for CtrlD {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext<'_>) -> Option<Cmd> {
        context.line().is_empty().then(|| self.0.end(Line::End)).flatten()
    }
}
