//! Whatever is typed, the shell stays what it is: it neither ends nor hangs, and the next statement is run.

use std::time::Duration;

use super::{CTRL_C, CTRL_D, PLAIN, Person};
use crate::support::node;

/// Keys, and what is no key, in an order that the seed decides.
struct Keys(u64);

impl Keys {
    const PIECES: [&str; 48] = [
        "SELECT ",
        "key",
        " FROM ",
        "system.local",
        "'",
        "\"",
        "--",
        "/*",
        "$$",
        "(",
        "[",
        "{",
        ")",
        "*",
        "é",
        "漢",
        "e\u{301}",
        "😀",
        "\r",
        "\t",
        "\x7f",
        "\x01",
        "\x02",
        "\x05",
        "\x06",
        "\x0b",
        "\x0c",
        "\x0e",
        "\x10",
        "\x12",
        "\x14",
        "\x15",
        "\x16",
        "\x17",
        "\x19",
        "\x1f",
        "\x18\x15",
        "\x1b",
        "\x1bb",
        "\x1bf",
        "\x1bd",
        "\x1b\r",
        "\x1b[A",
        "\x1b[B",
        "\x1b[1;5D",
        "\x1b[200~a\n'b\x1b[201~",
        "\x1b[<0;1",
        "\x07",
    ];

    fn next(&mut self) -> &'static str {
        // xorshift
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Self::PIECES[(self.0 % Self::PIECES.len() as u64) as usize]
    }
}

/// Another one each time, unless `SEED` in the environment asks for one that was printed.
fn seed() -> u64 {
    let now = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos() as u64 | 1;
    std::env::var("SEED").map_or_else(|_| now(), |seed| seed.parse().unwrap())
}

/// A person who has waited that long for an answer presses Ctrl-C and asks again.
const A_MOMENT: Duration = Duration::from_secs(6);

#[test]
fn random_keys_neither_end_the_shell_nor_keep_it_from_the_next_statement() {
    let vi = tempfile::tempdir().unwrap();
    std::fs::create_dir(vi.path().join(".cassandra")).unwrap();
    std::fs::write(vi.path().join(".cassandra/cqlshrc"), "[shell]\nedit_mode = vi\n").unwrap();
    for (environment, home) in [(&[PLAIN][..], None), (&[], None), (&[], Some(vi))] {
        let seed = seed();
        println!("SEED={seed} with {environment:?}");
        let node = node::plain();
        let arguments = [node.host(), node.port().to_string()];
        let arguments = arguments.each_ref().map(String::as_str);
        let home = home.unwrap_or_else(|| tempfile::tempdir().unwrap());
        let mut person = Person::starts_in(home, &arguments, environment);
        person.terminal.expect("cqlsh> ");
        let mut keys = Keys(seed);
        // Statements that were made by chance may ask something of their own.
        for round in 0..20 {
            let pressed: String = (0..100).map(|_| keys.next()).collect();
            // What a sequence was begun for must not take the statement after it.
            person.terminal.send(format!("{pressed}\x1b[201~\x07\x07"));
            let answered = |person: &mut Person| {
                person.terminal.send(CTRL_C);
                // Keys may bring statements of earlier rounds back.
                person.terminal.send(format!("SELECT key AS round_{round} FROM system.local;\r"));
                person.terminal.wait_for(&format!(" round_{round}\r\n---"), A_MOMENT).is_some()
            };
            // Ctrl-C may be heard late, when it ends the statement after it.
            assert!((0..10).any(|_| answered(&mut person)), "no answer in round {round}");
        }
        person.terminal.expect("(1 rows)");
        person.terminal.send(CTRL_D);
        assert_eq!(person.terminal.end().1, 0);
    }
}
