//! Which of its three surfaces the shell shows: decided once, at the start, from what is known then.

/// How the shell meets who uses it. Results and errors are the same text on all of them, unless somebody asks otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Surface {
    /// A script: `-e`, `-f`, standard input, the body of a SOURCE. To the byte what Apache cqlsh does; no prompts, and
    /// what would be a word of our own is the error it is there.
    Batch,
    /// Prompts for a program, or for a terminal that can draw nothing: Apache cqlsh's interactive bytes, and what is typed
    /// comes back as it is.
    Plain,
    /// A person at a terminal, who may be shown more: highlighting, suggestions, bars, remarks on stderr.
    Rich,
}

/// The editor that was asked for: `CQLSH_EDITOR`, or `editor` in `[shell]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Wish {
    /// Whatever the terminal is good for.
    #[default]
    Auto,
    /// The plain surface.
    Plain,
    /// The rich surface, on any terminal that can move its cursor.
    Rich,
}

/// What the surface depends on besides the wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts<'a> {
    /// Whether there are to be prompts: no `-e`, no `-f`, and a terminal or `--tty`.
    pub prompts: bool,
    /// Whether standard input is a terminal.
    pub stdin_is_terminal: bool,
    /// Whether standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Whether that terminal says how large it is; one of a program that only passes bytes on is of 0 columns.
    pub has_size: bool,
    /// `TERM`.
    pub term: Option<&'a str>,
}

impl Surface {
    /// The surface for these facts.
    pub fn choose(wish: Wish, facts: Facts<'_>) -> Self {
        if !facts.prompts {
            return Self::Batch;
        }
        let moves_cursor = !matches!(facts.term, None | Some("" | "dumb" | "cons25" | "emacs"));
        let can_draw = facts.stdin_is_terminal && facts.stdout_is_terminal && moves_cursor;
        match wish {
            Wish::Rich if can_draw => Self::Rich,
            // Programs that call themselves a vt100 expect no more than plain text.
            Wish::Auto if can_draw && facts.has_size && facts.term != Some("vt100") => Self::Rich,
            _ => Self::Plain,
        }
    }

    /// Whether there are prompts, and somebody or something that reads them.
    pub fn has_prompts(self) -> bool {
        self != Self::Batch
    }
}

impl Wish {
    /// What can be asked for, for a person to read.
    pub const WORDS: &'static str = "one of auto, plain, rich";

    /// Reads one of [`Wish::WORDS`].
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_lowercase().as_str() {
            "auto" => Some(Self::Auto),
            "plain" => Some(Self::Plain),
            "rich" => Some(Self::Rich),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSON: Facts<'_> = Facts {
        prompts: true,
        stdin_is_terminal: true,
        stdout_is_terminal: true,
        has_size: true,
        term: Some("xterm-256color"),
    };

    #[test]
    fn each_surface_has_its_reasons() {
        use Surface::{Batch, Plain, Rich};
        for (facts, [auto, plain, rich]) in [
            (PERSON, [Rich, Plain, Rich]),
            (Facts { term: Some("screen"), ..PERSON }, [Rich, Plain, Rich]),
            // Who asks for it gets it on anything with a cursor.
            (Facts { term: Some("vt100"), ..PERSON }, [Plain, Plain, Rich]),
            (Facts { has_size: false, ..PERSON }, [Plain, Plain, Rich]),
            (Facts { term: Some("dumb"), ..PERSON }, [Plain; 3]),
            (Facts { term: Some(""), ..PERSON }, [Plain; 3]),
            (Facts { term: None, ..PERSON }, [Plain; 3]),
            (Facts { stdin_is_terminal: false, ..PERSON }, [Plain; 3]),
            (Facts { stdout_is_terminal: false, ..PERSON }, [Plain; 3]),
            (Facts { prompts: false, ..PERSON }, [Batch; 3]),
            (Facts { prompts: false, ..Facts::default() }, [Batch; 3]),
            (Facts { prompts: true, ..Facts::default() }, [Plain; 3]),
        ] {
            for (wish, expected) in [(Wish::Auto, auto), (Wish::Plain, plain), (Wish::Rich, rich)] {
                assert_eq!(Surface::choose(wish, facts), expected, "{wish:?} {facts:?}");
            }
        }
    }

    #[test]
    fn a_wish_is_one_of_three_words() {
        for (text, expected) in
            [("plain", Some(Wish::Plain)), ("RICH", Some(Wish::Rich)), ("auto", Some(Wish::Auto)), ("vim", None)]
        {
            assert_eq!(Wish::parse(text), expected, "{text}");
        }
    }
}
