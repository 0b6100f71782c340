//! Recorded output with names, in `‹›`, for what cannot be equal. Each name takes one thing, in one form, and no more.

/// Recorded text.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Name(Name),
}

/// What cannot be equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    /// The line in which the original tells what it was built against. We have none.
    BuildWarning,
    /// The program's version.
    Version,
    /// The server's release.
    Release,
    /// The native protocol that the driver speaks.
    Protocol,
    /// Processes that COPY says it uses, which depend on the machine.
    Processes,
    /// Progress lines of COPY before the last.
    EarlierProgress,
    /// Rows a second, in a field of seven.
    Rate,
    /// How long COPY took.
    Duration,
    /// A table's id in DESCRIBE WITH INTERNALS.
    Uuid,
    /// When a column was dropped, in DESCRIBE WITH INTERNALS.
    Microseconds,
    Host,
    Port,
    /// The working directory.
    Directory,
    /// What `--debug` calls the driver.
    Driver,
    /// Where a Python traceback went. Nothing is like it.
    Traceback,
    /// A place in a Python file. Nothing is like it.
    PythonSource,
}

const NAMES: &[(&str, Name)] = &[
    ("build warning", Name::BuildWarning),
    ("version", Name::Version),
    ("release", Name::Release),
    ("protocol", Name::Protocol),
    ("processes", Name::Processes),
    ("earlier progress", Name::EarlierProgress),
    ("rate", Name::Rate),
    ("duration", Name::Duration),
    ("uuid", Name::Uuid),
    ("microseconds", Name::Microseconds),
    ("host", Name::Host),
    ("port", Name::Port),
    ("dir", Name::Directory),
    ("driver", Name::Driver),
    ("traceback", Name::Traceback),
    ("python source", Name::PythonSource),
];

/// What is known of a run.
#[derive(Debug)]
pub struct Place {
    pub host: String,
    pub port: u16,
    pub directory: String,
}

impl Place {
    /// The text with what is known put in, as arguments and files need it.
    pub fn fill(&self, text: &str) -> String {
        let port = self.port.to_string();
        text.replace("‹host›", &self.host).replace("‹port›", &port).replace("‹dir›", &self.directory)
    }
}

impl Template {
    /// Reads text with names in it.
    pub fn parse(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('‹') {
            let (word, after) = after.split_once('›').unwrap_or_else(|| panic!("‹ without ›: {text}"));
            let (_, name) =
                NAMES.iter().find(|(known, _)| *known == word).unwrap_or_else(|| panic!("no name is ‹{word}›"));
            parts.extend([Part::Text(before.to_owned()), Part::Name(*name)]);
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Self(parts)
    }

    /// Where the text begins to be another; `None` if it is what was recorded.
    pub fn mismatch(&self, actual: &str, place: &Place) -> Option<usize> {
        let mut at = 0;
        for part in &self.0 {
            let rest = &actual[at..];
            match part {
                Part::Text(text) if rest.starts_with(text) => at += text.len(),
                Part::Text(text) => {
                    let same = rest.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
                    return Some(at + same);
                }
                Part::Name(name) => match name.taken(rest, place) {
                    Some(length) => at += length,
                    None => return Some(at),
                },
            }
        }
        (at < actual.len()).then_some(at)
    }

    /// The text with its names, for people.
    pub fn shown(&self) -> String {
        let shown = self.0.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Name(name) => {
                let (word, _) = NAMES.iter().find(|(_, known)| known == name).expect("every name has its word");
                format!("‹{word}›")
            }
        });
        shown.collect()
    }
}

impl Name {
    /// How much of the text's start is this; `None` if it does not start with it.
    fn taken(self, text: &str, place: &Place) -> Option<usize> {
        let exactly = |wanted: &str| text.starts_with(wanted).then_some(wanted.len());
        match self {
            Self::BuildWarning => Some(0),
            Self::Version => exactly(cqlsh::settings::VERSION),
            Self::Protocol => exactly("v4"),
            Self::Host => exactly(&place.host),
            Self::Port => exactly(&place.port.to_string()),
            Self::Directory => exactly(&place.directory),
            Self::Driver => exactly("scylla"),
            Self::Traceback | Self::PythonSource => None,
            Self::Release => shaped(text, "5.0.#"),
            Self::Processes => shaped(text, "#"),
            Self::EarlierProgress => {
                let mut taken = 0;
                while let Some(length) = progress(&text[taken..])
                    && progress(&text[taken + length..]).is_some()
                {
                    taken += length;
                }
                Some(taken)
            }
            Self::Rate => rate(text),
            Self::Duration => duration(text),
            Self::Uuid => {
                let groups = text.get(..36)?.split('-').map(|group| {
                    let hex = group.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
                    hex.then_some(group.len())
                });
                groups.eq([8, 4, 4, 4, 12].map(Some)).then_some(36)
            }
            Self::Microseconds => shaped(text, "#").filter(|length| *length == 16),
        }
    }
}

/// How much of the text is of that shape: `#` stands for one digit or more, anything else for itself.
fn shaped(text: &str, shape: &str) -> Option<usize> {
    let mut at = 0;
    for c in shape.chars() {
        let rest = &text[at..];
        at += match c {
            '#' => Some(rest.bytes().take_while(u8::is_ascii_digit).count()).filter(|digits| *digits > 0)?,
            c => rest.starts_with(c).then_some(c.len_utf8())?,
        };
    }
    Some(at)
}

fn rate(text: &str) -> Option<usize> {
    let blanks = text.bytes().take_while(|byte| *byte == b' ').count();
    let length = blanks + shaped(&text[blanks..], "#")?;
    (length == 7 || (length > 7 && blanks == 0)).then_some(length)
}

fn progress(text: &str) -> Option<usize> {
    let mut at = shaped(text, "Processed: # rows; Rate: ")?;
    at += rate(&text[at..])?;
    at += shaped(&text[at..], " rows/s; Avg. rate: ")?;
    at += rate(&text[at..])?;
    Some(at + shaped(&text[at..], " rows/s\r\r")?)
}

/// `0.388 seconds`, or from one second on `0 day, 0 hour, 0 minute, and 2.524 seconds`.
fn duration(text: &str) -> Option<usize> {
    let seconds = |text: &str| {
        let length = shaped(text, "#.# seconds")?;
        let (_, fraction) = text[..length - " seconds".len()].split_once('.')?;
        (fraction.len() == 3).then_some(length)
    };
    let long = ["0 day, 0 hour, 0 minute, and ", "0 day, 0 hour, # minutes, and "];
    let long = long.iter().find_map(|shape| {
        let start = shaped(text, shape)?;
        Some(start + seconds(&text[start..])?)
    });
    long.or_else(|| seconds(text).filter(|_| text.starts_with("0.")))
}

#[cfg(test)]
mod tests {
    use super::{Place, Template};

    const PROGRESS: &str = "Processed: 8 rows; Rate:      86 rows/s; Avg. rate: 1234567 rows/s\r\r";

    fn matches(template: &str, actual: &str) -> bool {
        let place = Place { host: "127.1.2.3".to_owned(), port: 9042, directory: "/tmp/x".to_owned() };
        Template::parse(template).mismatch(actual, &place).is_none()
    }

    /// The name takes this and the text after it is compared again; it takes none of those.
    fn takes(name: &str, right: &str, wrong: &[&str]) {
        let template = format!("a ‹{name}›, b\n");
        assert!(matches(&template, &format!("a {right}, b\n")), "{name} does not take {right:?}");
        for neighbour in [" c", "b", ""] {
            assert!(!matches(&template, &format!("a {right},{neighbour}\n")), "{name} hides what follows it");
        }
        assert!(!matches(&template, &format!("b {right}, b\n")), "{name} hides what stands before it");
        for wrong in wrong {
            assert!(!matches(&template, &format!("a {wrong}, b\n")), "{name} takes {wrong:?}");
        }
    }

    #[test]
    fn the_warning_of_the_original_is_nothing_here() {
        let warning = "WARNING: cqlsh was built against 5.0.0, but this server is 5.0.6.  All features may not work!\n";
        takes("build warning", "", &[warning, "\n", "WARNING"]);
    }

    #[test]
    fn the_words_of_python_are_nobody_elses() {
        takes("driver", "scylla", &["", "<module>", "scylla 1.9"]);
        for nothing in ["traceback", "python source"] {
            assert!(!matches(&format!("‹{nothing}›a\n"), "a\n"));
        }
    }

    #[test]
    fn versions_are_ours_and_the_servers() {
        takes("version", cqlsh::settings::VERSION, &["6.2.2", "", "6.2.2+rs"]);
        takes("release", "5.0.12", &["", "5.0", "4.1.3", "5.0.6-SNAPSHOT"]);
        takes("protocol", "v4", &["v5", "4", ""]);
    }

    #[test]
    fn the_place_is_the_one_of_the_run() {
        takes("host", "127.1.2.3", &["127.1.2.4", "127.1.2.34", ""]);
        takes("port", "9042", &["9043", "90421", ""]);
        takes("dir", "/tmp/x", &["/tmp/y", "/tmp", ""]);
    }

    #[test]
    fn copy_may_use_any_number_of_processes_and_time() {
        takes("processes", "16", &["", "-1", "1.5", "x"]);
        takes("rate", "     86", &["86", "      86", " 1234567", "     8x", "-    86"]);
        takes("rate", "12345678", &["1234 5678"]);
        takes("duration", "0.388 seconds", &["0.38 seconds", "1 seconds", "0.388", "1.388 seconds", "0.388 second"]);
        takes("duration", "0 day, 0 hour, 0 minute, and 2.524 seconds", &["0 hour, 0 minute, and 2.524 seconds"]);
        takes("duration", "0 day, 0 hour, 2 minutes, and 2.524 seconds", &["2 minutes, and 2.524 seconds"]);
    }

    #[test]
    fn only_whole_progress_lines_before_the_last_are_left_out() {
        let template = format!("a ‹earlier progress›{PROGRESS}b\n");
        assert!(matches(&template, &format!("a {PROGRESS}b\n")));
        assert!(matches(&template, &format!("a {PROGRESS}{PROGRESS}{PROGRESS}b\n")));
        let cut = PROGRESS.replace("\r\r", "\r");
        for wrong in ["a b\n".to_owned(), format!("a {cut}{PROGRESS}b\n"), format!("a {PROGRESS}{PROGRESS}c\n")] {
            assert!(!matches(&template, &wrong), "{wrong:?}");
        }
        let other = PROGRESS.replace("8 rows;", "9 rows;");
        assert!(!matches(&template, &format!("a {PROGRESS}{other}b\n")), "the last one counts");
    }

    #[test]
    fn ids_and_times_of_the_schema_keep_their_form() {
        let id = "5b5531c0-c83e-11f0-a1d5-cd5a9e2b2a6c";
        takes("uuid", id, &["", "5b5531c0", &id.to_uppercase(), &id.replace('-', "0"), &format!("{id}0")]);
        takes("microseconds", "1763890000000000", &["", "1763890000000", "17638900000000000", "now"]);
    }

    #[test]
    fn what_is_shown_is_what_was_parsed() {
        let text = "a ‹host›:‹port› ‹earlier progress›b\n";
        assert_eq!(Template::parse(text).shown(), text);
    }
}
