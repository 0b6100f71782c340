//! INI files as Python's `ConfigParser` reads them, from text. It knows nothing of files, and nothing of what sections
//! and keys mean.

mod interpolation;

pub use interpolation::InterpolationError;

/// A file's sections and their options, values as they stand there.
#[derive(Clone, Default)]
pub struct Ini {
    sections: Vec<(String, Options)>,
    /// `[DEFAULT]`: what every section has that does not say otherwise.
    defaults: Options,
}

/// Options in the order of the file, names in lower case.
type Options = Vec<(String, String)>;

/// Why a text is no INI file. Lines count from 1; what stands in them is not shown, it may be a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IniError {
    /// Something else stands before the first section.
    #[error("line {line} stands before the first [section]")]
    NoSection {
        /// Where.
        line: usize,
    },
    /// A section that was there before.
    #[error("line {line} begins the section [{section}] a second time")]
    DuplicateSection {
        /// Its name.
        section: String,
        /// Where it is repeated.
        line: usize,
    },
    /// An option that its section already has.
    #[error("line {line} gives '{option}' a second time in [{section}]")]
    DuplicateOption {
        /// The section.
        section: String,
        /// The option's name, in lower case.
        option: String,
        /// Where it is repeated.
        line: usize,
    },
    /// Neither a section, an option, a comment nor the continuation of a value.
    #[error("line {line} is neither a [section] nor 'name = value'")]
    NotAnOption {
        /// Where.
        line: usize,
    },
}

/// The name of the section whose options all others have.
const DEFAULT: &str = "DEFAULT";

impl Ini {
    /// Reads a text.
    ///
    /// # Errors
    /// The first thing in it that is no INI.
    pub fn parse(text: &str) -> Result<Self, IniError> {
        let mut reader = Reader::default();
        let mut malformed = None;
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text = text.strip_suffix('\n').unwrap_or(&text);
        for (number, line) in text.split('\n').enumerate() {
            match reader.feed(line, number + 1) {
                // As in Python a repeated section or option further down is told first.
                Err(error @ IniError::NotAnOption { .. }) => _ = malformed.get_or_insert(error),
                fed => fed?,
            }
        }
        malformed.map_or_else(|| Ok(reader.finish()), Err)
    }

    /// Whether there is such a section, other than `[DEFAULT]`.
    pub fn has_section(&self, name: &str) -> bool {
        self.section(name).is_some()
    }

    /// An option's value as it stands there, if the section is there and has it, or `[DEFAULT]` does. Lines of one value
    /// are joined by `\n`.
    pub fn raw(&self, section: &str, option: &str) -> Option<&str> {
        self.lookup(self.section(section)?, &option.to_lowercase())
    }

    /// An option's value with `%(name)s` replaced by the section's option of that name and `%%` by `%`.
    ///
    /// # Errors
    /// A `%` that begins neither.
    pub fn get(&self, section: &str, option: &str) -> Result<Option<String>, InterpolationError> {
        let Some(options) = self.section(section) else { return Ok(None) };
        let Some(raw) = self.lookup(options, &option.to_lowercase()) else { return Ok(None) };
        interpolation::interpolate(raw, &|name| self.lookup(options, name)).map(Some)
    }

    /// All a section's options and their values as they stand there, those of `[DEFAULT]` first; nothing if the section
    /// is not there.
    pub fn items(&self, section: &str) -> Vec<(&str, &str)> {
        let Some(options) = self.section(section) else { return Vec::new() };
        let own = options.iter().filter(|(name, _)| find(&self.defaults, name).is_none());
        let names = self.defaults.iter().chain(own).map(|(name, _)| name.as_str());
        names.filter_map(|name| Some((name, self.lookup(options, name)?))).collect()
    }

    fn section(&self, name: &str) -> Option<&Options> {
        self.sections.iter().find(|(known, _)| known == name).map(|(_, options)| options)
    }

    fn lookup<'a>(&'a self, options: &'a Options, name: &str) -> Option<&'a str> {
        find(options, name).or_else(|| find(&self.defaults, name))
    }
}

/// Values may be passwords: only names are shown.
impl std::fmt::Debug for Ini {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.sections.iter().map(|(name, _)| name)).finish_non_exhaustive()
    }
}

fn find<'a>(options: &'a Options, name: &str) -> Option<&'a str> {
    options.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// What is known of a file after some of its lines.
#[derive(Default)]
struct Reader {
    ini: Ini,
    /// The section that options go to; `None` before the first.
    place: Option<Place>,
    /// Whether a line further right than the last option belongs to that option's value.
    in_value: bool,
    /// Characters of blank before the last section or option.
    indent: usize,
}

#[derive(Clone, Copy)]
enum Place {
    Default,
    Section(usize),
}

impl Reader {
    fn feed(&mut self, line: &str, number: usize) -> Result<(), IniError> {
        let text = line.trim_matches(is_blank);
        if text.starts_with(['#', ';']) {
            return Ok(());
        }
        if text.is_empty() {
            self.extend("");
            return Ok(());
        }
        let indent = line.chars().take_while(|c| is_blank(*c)).count();
        if self.in_value && indent > self.indent {
            self.extend(text);
            return Ok(());
        }
        self.indent = indent;
        match section_name(text) {
            Some(name) => self.begin(name, number),
            None => self.option(text, number),
        }
    }

    fn begin(&mut self, name: &str, line: usize) -> Result<(), IniError> {
        self.in_value = false;
        if name == DEFAULT {
            self.place = Some(Place::Default);
        } else if self.ini.has_section(name) {
            return Err(IniError::DuplicateSection { section: name.to_owned(), line });
        } else {
            self.place = Some(Place::Section(self.ini.sections.len()));
            self.ini.sections.push((name.to_owned(), Options::new()));
        }
        Ok(())
    }

    fn option(&mut self, text: &str, line: usize) -> Result<(), IniError> {
        let (section, options) = match self.place {
            None => return Err(IniError::NoSection { line }),
            Some(Place::Default) => (DEFAULT, &mut self.ini.defaults),
            Some(Place::Section(index)) => {
                let (name, options) = &mut self.ini.sections[index];
                (name.as_str(), options)
            }
        };
        let Some((name, value)) = text.split_once(['=', ':']) else { return Err(IniError::NotAnOption { line }) };
        let name = name.trim_end_matches(is_blank).to_lowercase();
        if find(options, &name).is_some() {
            return Err(IniError::DuplicateOption { section: section.to_owned(), option: name, line });
        }
        self.in_value = !name.is_empty();
        options.push((name, value.trim_start_matches(is_blank).to_owned()));
        if self.in_value { Ok(()) } else { Err(IniError::NotAnOption { line }) }
    }

    /// Appends a line to the value read last.
    fn extend(&mut self, text: &str) {
        let options = match self.place {
            Some(Place::Default) => &mut self.ini.defaults,
            Some(Place::Section(index)) => &mut self.ini.sections[index].1,
            None => return,
        };
        if let Some((_, value)) = options.last_mut().filter(|_| self.in_value) {
            value.push('\n');
            value.push_str(text);
        }
    }

    fn finish(self) -> Ini {
        let mut ini = self.ini;
        let all = ini.sections.iter_mut().map(|(_, options)| options).chain(std::iter::once(&mut ini.defaults));
        for (_, value) in all.flatten() {
            value.truncate(value.trim_end_matches(is_blank).len());
        }
        ini
    }
}

/// What stands between `[` and the last `]`. As in Python, what follows that is nothing.
fn section_name(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix('[')?.rsplit_once(']')?;
    Some(name).filter(|name| !name.is_empty())
}

/// Python's idea of a blank, which has four separators of ASCII more than Unicode's.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

#[cfg(test)]
mod recorded;
#[cfg(test)]
mod tests;
