//! What each point of the grammar offers: a rule whose name is known here is answered with names and hints in place of
//! its tokens.

mod copy;
mod objects;

use std::collections::BTreeSet;

use super::walk::Context;

/// What may stand at the cursor.
#[derive(Debug, Default, Clone)]
pub(super) struct Offers {
    /// Texts to insert, as they are written: names with the quotes they need, strings in quotes.
    pub(super) texts: BTreeSet<String>,
    /// Texts to tell.
    pub(super) hints: BTreeSet<String>,
    /// Paths, for a string.
    pub(super) files: BTreeSet<String>,
    /// Whether the line may end here.
    pub(super) newline: bool,
}

impl Offers {
    pub(super) fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self { texts: texts.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// A text to tell.
    pub(super) fn told(hint: impl Into<String>) -> Self {
        Self { hints: BTreeSet::from([hint.into()]), ..Self::default() }
    }

    pub(super) fn text(&mut self, text: impl Into<String>) {
        self.texts.insert(text.into());
    }

    /// A token of this kind.
    pub(super) fn token(&mut self, kind: &str) {
        // cqlsh: its names for them.
        let names: &[&str] = match kind {
            "identifier" | "word" => &["<identifier>"],
            "quoted_name" => &["<quotedName>"],
            "string" => &["<quotedStringLiteral>", "<pgStringLiteral>"],
            "integer" => &["<wholenumber>"],
            "float" => &["<float>"],
            "uuid" => &["<uuid>"],
            "blob" => &["<blobLiteral>"],
            _ => &[],
        };
        self.hints.extend(names.iter().map(|&name| name.to_owned()));
        self.newline |= kind == "newline";
    }

    pub(super) fn add(&mut self, other: Self) {
        self.texts.extend(other.texts);
        self.hints.extend(other.hints);
        self.files.extend(other.files);
        self.newline |= other.newline;
    }
}

/// What the rule of this name offers; `None` when it is nothing special, or nothing is known that could be offered.
pub(super) fn at(rule: &str, context: &Context<'_>) -> Option<Offers> {
    match rule {
        "column" => copy::column(context),
        "copy_option_name" => Some(copy::option_names(context)),
        "copy_option_value" => Some(copy::option_values(context)),
        "topic" => Some(topics()),
        _ => objects::at(rule, context),
    }
}

/// The topics of HELP.
fn topics() -> Offers {
    Offers::texts(crate::cql::help::sections().into_iter().flat_map(|section| section.topics))
}

/// How a keyword is offered.
pub(super) fn keyword(word: &str) -> String {
    match word {
        // cqlsh: these stand in its grammar in lower case.
        "EXIT" | "QUIT" | "HISTORY" => word.to_lowercase(),
        _ => word.to_owned(),
    }
}
