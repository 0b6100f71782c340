//! `[shell]` of cqlshrc: what a prompt starts with, and what keeps a person from harm. Apache cqlsh does not read it.

use super::{ConfigError, Cqlshrc, Environment, Notices};
use crate::cql::backslash::Format;
use crate::cql::effect::Destruction;

/// The pager when neither cqlshrc nor `PAGER` names one.
const PAGER: &str = "less -SRX";

/// What `[shell]` says beside the editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// `format`: what results look like at a prompt.
    pub format: Format,
    /// `timing`: whether a prompt starts with ELAPSED ON.
    pub timing: bool,
    /// `pager`: whether results that do not fit the screen go to a pager.
    pub pages: bool,
    /// The pager's command line: that of `pager`, of the environment, or `less`.
    pub pager: String,
    /// `confirm`: what a prompt asks about before it is done.
    pub confirm: Vec<Destruction>,
    /// `read_only`: whether what writes is refused, in scripts as well.
    pub read_only: bool,
}

impl Prompt {
    pub(super) fn read(
        cqlshrc: &Cqlshrc,
        environment: &Environment,
        notices: &mut Notices,
    ) -> Result<Self, ConfigError> {
        let format = cqlshrc.value("shell", "format", Format::WORDS, notices, Format::from_name)?;
        let timing = cqlshrc.boolean("shell", "timing", notices)?;
        let (pages, pager) = match cqlshrc.text("shell", "pager", notices) {
            None => (false, None),
            Some(text) => match text.to_lowercase().as_str() {
                "off" | "false" | "no" | "0" | "" => (false, None),
                "on" | "true" | "yes" | "1" | "auto" => (true, None),
                _ => (true, Some(text)),
            },
        };
        let kinds = |text: &str| {
            let words = text.split([',', ' ', '\t', '\n']).filter(|word| !word.is_empty());
            words.map(Destruction::from_name).collect()
        };
        let confirm = cqlshrc.value("shell", "confirm", "a list of drop and truncate", notices, kinds)?;
        Ok(Self {
            format: format.unwrap_or_default(),
            timing: timing.unwrap_or(false),
            pages,
            pager: pager.or_else(|| environment.pager.clone()).unwrap_or_else(|| PAGER.to_owned()),
            confirm: confirm.unwrap_or_default(),
            read_only: cqlshrc.boolean("shell", "read_only", notices)?.unwrap_or(false),
        })
    }
}
