//! What each point of the grammar offers: a rule whose name is known here is answered with names and hints in place of
//! its tokens.

mod columns;
mod copy;
mod definitions;
mod objects;
mod properties;
mod values;

use std::collections::BTreeSet;

use super::walk::Context;

/// What may stand at the cursor.
#[derive(Debug, Default, Clone)]
pub(super) struct Offers {
    /// Texts to insert, as they are written.
    pub(super) texts: BTreeSet<String>,
    /// Names to insert, with quotes if they need them.
    pub(super) names: BTreeSet<Name>,
    /// Texts to tell.
    pub(super) hints: BTreeSet<String>,
    /// Paths, for a string.
    pub(super) files: BTreeSet<String>,
    /// Whether the line may end here.
    pub(super) newline: bool,
}

/// A name as the schema has it, and what is written after it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub(super) name: String,
    pub(super) suffix: &'static str,
}

impl Offers {
    pub(super) fn names<T: Into<String>>(names: impl IntoIterator<Item = T>) -> Self {
        let names = names.into_iter().map(|name| Name { name: name.into(), suffix: "" });
        Self { names: names.collect(), ..Self::default() }
    }

    pub(super) fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self { texts: texts.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// Texts to tell.
    pub(super) fn all_told<const N: usize>(hints: [&str; N]) -> Self {
        Self { hints: hints.map(str::to_owned).into(), ..Self::default() }
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
        self.names.extend(other.names);
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
        // Understood, and not offered.
        quiet if quiet.starts_with("quiet_") => Some(Offers::default()),
        _ => [objects::at, columns::at, values::at, definitions::at, properties::at]
            .iter()
            .find_map(|answer| answer(rule, context)),
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
