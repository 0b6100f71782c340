//! The prompts that a person sees; a script has none.

use super::Shell;

impl Shell {
    /// The prompt of a statement's first line.
    pub(super) fn prompt(&self) -> String {
        if !self.surface.has_prompts() {
            return String::new();
        }
        let user = self.session.options().credentials.as_ref().map(|login| format!("{}@", login.user));
        let above = self.fixed.prompt.as_ref().map(|text| format!("{text}\n"));
        let keyspace = self.keyspace.as_ref().map(|name| format!(":{name}"));
        // cqlsh: the user stands in front of CQLSH_PROMPT's text too.
        format!("{}{}cqlsh{}> ", user.unwrap_or_default(), above.unwrap_or_default(), keyspace.unwrap_or_default())
    }

    /// The prompt of a statement's other lines. cqlsh: the fourth blank line in a row is answered with a hint instead; the
    /// count outlives the statement.
    pub(super) fn continuation_prompt(&self, blank: bool, blank_lines: &mut u32) -> String {
        if !self.surface.has_prompts() {
            return String::new();
        }
        if *blank_lines >= 3 {
            *blank_lines = 0;
            return "Statements are terminated with a ';'.  You can press CTRL-C to cancel an incomplete statement."
                .to_owned();
        }
        *blank_lines = if blank { *blank_lines + 1 } else { 0 };
        self.continuation()
    }

    pub(super) fn continuation(&self) -> String {
        if !self.surface.has_prompts() {
            return String::new();
        }
        match &self.keyspace {
            Some(keyspace) => format!("{}    ... ", " ".repeat(keyspace.chars().count())),
            None => "   ... ".to_owned(),
        }
    }
}
