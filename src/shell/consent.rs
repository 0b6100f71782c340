//! What keeps a person from harm: statements that write are refused, those that destroy are asked about. Only where
//! `[shell]` of cqlshrc says so.

use super::{Fatal, Input, Shell};
use crate::cluster::Interrupted;
use crate::cql::command::Parsed;
use crate::cql::effect::{self, Destruction};
use crate::terminal::{Line, LineSource, Terminal};

impl Shell {
    /// Whether a statement may be run. If not, it is said why.
    pub(super) fn may_run(
        &self,
        text: &str,
        parsed: &Parsed,
        input: &mut Input<'_>,
        terminal: &mut Terminal,
    ) -> Result<bool, Fatal> {
        let defaults = &self.fixed.defaults;
        if defaults.read_only
            && let Some(what) = effect::writes(text, parsed)
        {
            terminal.error(&format!("{what} is not run: this shell only reads ([shell] read_only in cqlshrc)."));
            return Ok(false);
        }
        let asks = self.surface.has_prompts() && matches!(parsed, Parsed::Cql(_)) && !defaults.confirm.is_empty();
        if asks && Destruction::of(text).is_some_and(|destruction| defaults.confirm.contains(&destruction)) {
            return self.is_meant(text, input, terminal);
        }
        Ok(true)
    }

    /// Asks whether a statement is meant. Only a yes is one.
    fn is_meant(&self, text: &str, input: &mut Input<'_>, terminal: &mut Terminal) -> Result<bool, Fatal> {
        let options = self.session.options();
        let keyspace = self.keyspace.as_ref().map(|name| format!(" in keyspace {name}")).unwrap_or_default();
        let what = effect::on_one_line(text);
        let question = format!("{what}{keyspace} at {}:{}? (y/N) ", options.host, options.port);
        terminal.flush()?;
        let answer = match input.answer(&question)? {
            Line::Text(answer) => answer.trim().to_ascii_lowercase(),
            Line::End => String::new(),
            Line::Interrupted => return Err(Interrupted.into()),
        };
        let meant = matches!(answer.as_str(), "y" | "yes");
        if !meant {
            terminal.say("Not run.")?;
        }
        Ok(meant)
    }
}
