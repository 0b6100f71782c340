//! What `completions/` holds is made from the flag table; here it is made again and compared.

use std::path::{Path, PathBuf};

use clap_complete::Shell;

/// Every generated file: its name and what belongs in it.
fn generated() -> Vec<(&'static str, Vec<u8>)> {
    let completion = |shell: Shell| {
        let mut bytes = Vec::new();
        clap_complete::generate(shell, &mut cqlsh::settings::command(), "cqlsh", &mut bytes);
        bytes
    };
    let mut man = Vec::new();
    clap_mangen::Man::new(cqlsh::settings::command()).render(&mut man).expect("writing to memory");
    vec![
        ("cqlsh.bash", completion(Shell::Bash)),
        ("_cqlsh", completion(Shell::Zsh)),
        ("cqlsh.fish", completion(Shell::Fish)),
        ("cqlsh.1", man),
    ]
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
