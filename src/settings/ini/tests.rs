//! The table of `recorded` and what holds for any text.

use proptest::prelude::*;

use super::recorded::{RECORDED, Recorded};
use super::{Ini, IniError};

fn kind(error: &IniError) -> (&'static str, usize) {
    match error {
        IniError::NoSection { line } => ("MissingSectionHeaderError", *line),
        IniError::DuplicateSection { line, .. } => ("DuplicateSectionError", *line),
        IniError::DuplicateOption { line, .. } => ("DuplicateOptionError", *line),
        IniError::NotAnOption { line } => ("ParsingError", *line),
    }
}

#[test]
fn texts_are_read_as_python_reads_them() {
    for (text, recorded) in RECORDED {
        match (Ini::parse(text), recorded) {
            (Err(error), Recorded::Refused(name, line)) => assert_eq!(kind(&error), (*name, *line), "{text:?}"),
            (Ok(ini), Recorded::Read(sections)) => {
                let names: Vec<_> = ini.sections.iter().map(|(name, _)| name.as_str()).collect();
                assert_eq!(names, sections.iter().map(|(name, _)| *name).collect::<Vec<_>>(), "{text:?}");
                for (section, options) in *sections {
                    let raw: Vec<_> = options.iter().map(|(name, raw, _)| (*name, *raw)).collect();
                    assert_eq!(ini.items(section), raw, "{text:?}");
                    for (name, _, value) in *options {
                        assert_eq!(ini.get(section, name).ok().flatten().as_deref(), *value, "{text:?} {name}");
                    }
                }
            }
            (found, _) => panic!("{text:?}: {found:?}"),
        }
    }
}

#[test]
fn a_section_that_is_not_there_has_nothing_not_even_the_defaults() {
    let ini = Ini::parse("[DEFAULT]\na = 1\n[s]\n").expect("good");
    assert_eq!((ini.raw("s", "A"), ini.raw("t", "a"), ini.items("t").len()), (Some("1"), None, 0));
    assert!(ini.has_section("s") && !ini.has_section("S") && !ini.has_section("DEFAULT"));
}

#[test]
fn values_are_not_shown() {
    let ini = Ini::parse("[plain_text_auth]\npassword = s3cret").expect("good");
    assert!(!format!("{ini:?}").contains("s3cret"));
}

#[test]
fn options_that_multiply_each_other_end() {
    let mut text = "[s]\n".to_owned();
    for level in 0..9 {
        text.push_str(&format!("a{level} = {}\n", format!("%(a{})s", level + 1).repeat(20)));
    }
    text.push_str("a9 = 0123456789\n");
    assert!(Ini::parse(&text).expect("good").get("s", "a0").is_err());
}

proptest! {
    #[test]
    fn no_text_panics(lines in prop::collection::vec("[ \t]{0,2}[\\[\\]a=:;#%()s \u{a0}\r]{0,12}", 0..12)) {
        if let Ok(ini) = Ini::parse(&lines.join("\n")) {
            for (section, options) in &ini.sections {
                for (name, _) in options {
                    let _ = ini.get(section, name);
                    prop_assert!(ini.raw(section, name).is_some());
                }
            }
        }
    }

    #[test]
    fn what_is_written_plainly_is_read_back(
        name in "[a-z][a-z_]{0,8}", value in "[!-~&&[^%]]([ -~&&[^%]]{0,20}[!-~&&[^%]])?", section in "[a-z:._]{1,9}"
    ) {
        let ini = Ini::parse(&format!("# remark\n[{section}]\n{name} = {value}\n")).expect("good");
        prop_assert_eq!(ini.raw(&section, &name), Some(value.as_str()));
        prop_assert_eq!(ini.get(&section, &name), Ok(Some(value)));
    }
}
