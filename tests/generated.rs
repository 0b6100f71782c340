//! What `completions/` holds is made from the flag table; here it is made again and compared.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap_complete::Shell;

/// Every generated file: its name and what belongs in it.
fn generated() -> Vec<(&'static str, Vec<u8>)> {
    let completion = |shell: Shell| {
        let mut bytes = Vec::new();
        clap_complete::generate(shell, &mut cqlsh::settings::command(), "cqlsh", &mut bytes);
        bytes
    };
    vec![
        ("cqlsh.bash", completion(Shell::Bash)),
        ("_cqlsh", completion(Shell::Zsh)),
        ("cqlsh.fish", completion(Shell::Fish)),
        ("cqlsh.1", man_page().expect("writing to memory")),
    ]
}

/// The flag table, and what `--help` says behind it: a section for each of its paragraphs.
fn man_page() -> io::Result<Vec<u8>> {
    let command = cqlsh::settings::command();
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let man = clap_mangen::Man::new(command);
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    let escaped = |text: &str| text.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq");
    for paragraph in after.split("\n\n") {
        let (title, entries) = paragraph.split_once(":\n").expect("a title");
        writeln!(page, ".SH {}", title.to_uppercase())?;
        for entry in entries.lines() {
            let (name, meaning) = entry.trim().split_once("  ").expect("a name and what it means");
            writeln!(page, ".TP\n\\fB{}\\fR\n{}", escaped(name), escaped(meaning.trim()))?;
        }
    }
    man.render_version_section(&mut page)?;
    Ok(page)
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("completions").join(name)
}

#[test]
fn completions_and_man_page_are_what_the_flag_table_gives() {
    let update = std::env::var_os("UPDATE").is_some();
    for (name, bytes) in generated() {
        if update {
            std::fs::write(path(name), &bytes).expect("completions/ can be written");
        }
        let kept = std::fs::read(path(name)).unwrap_or_default();
        assert!(kept == bytes, "completions/{name} is stale: UPDATE=1 cargo test generated");
    }
}
