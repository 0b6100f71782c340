//! What the screen shows of the text that is typed, by the editor's face.

use super::{Asked, Editor, Face, highlight, rich};
use crate::cql::secret::bears_password;

impl Editor {
    /// What may follow the text: the rest of the last entry that begins with it.
    pub(super) fn suggestion(&self, asked: Asked<'_>) -> &str {
        let Face::Rich { colour: true, listed, .. } = &self.face else { return "" };
        let text = self.typing.buffer.text();
        let offers = asked.continuation.is_some() && listed.is_empty() && self.searching.is_none();
        if !offers || text.trim().is_empty() || !self.typing.buffer.is_at_end() {
            return "";
        }
        let entries = self.history.recalled().iter().rev();
        let mut fitting = entries.filter_map(|entry| entry.strip_prefix(text)).filter(|rest| !rest.is_empty());
        // A password is not put on the screen by a letter.
        fitting.find(|rest| !bears_password(&format!("{text}{rest}"))).unwrap_or_default()
    }

    /// Shows what is typed.
    pub(super) fn show(&mut self, asked: Asked<'_>) {
        let searched = self.searching.as_ref().map(|searching| searching.search.prompt());
        let prompt = searched.as_deref().unwrap_or(asked.prompt);
        let (text, cursor) = (self.typing.buffer.text(), self.typing.buffer.cursor());
        let suggestion = shown_of(self.suggestion(asked));
        match &mut self.face {
            Face::Plain(screen) => screen.show(prompt, text, cursor, &mut self.out),
            Face::Rich { screen, listed, .. } => {
                let styles = match asked.continuation {
                    Some(_) => highlight::highlight(text, Some(cursor)),
                    None => Vec::new(),
                };
                let view = rich::View {
                    prompt,
                    continuation: asked.continuation.unwrap_or_default(),
                    text,
                    cursor,
                    styles: &styles,
                    suggestion: &suggestion,
                    below: listed,
                };
                screen.show(&view, &mut self.out);
            }
        }
    }

    /// Leaves the text on the screen, and the cursor on a new line.
    pub(super) fn leave(&mut self, asked: Asked<'_>) {
        self.searching = None;
        match &mut self.face {
            Face::Plain(_) => {
                self.show(asked);
                self.out.push('\n');
            }
            Face::Rich { screen, .. } => {
                let text = self.typing.buffer.text();
                let styles = asked.continuation.map(|_| highlight::highlight(text, None)).unwrap_or_default();
                let (prompt, continuation) = (asked.prompt, asked.continuation.unwrap_or_default());
                let view = rich::View { prompt, continuation, text, styles: &styles, ..rich::View::default() };
                screen.leave(&view, &mut self.out);
            }
        }
    }
}

/// As much of a suggestion as fits its line.
fn shown_of(suggestion: &str) -> String {
    match suggestion.split_once('\n') {
        Some((first, _)) => format!("{first} …"),
        None => suggestion.to_owned(),
    }
}
