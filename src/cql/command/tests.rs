mod recorded;

use proptest::prelude::*;

use super::*;

/// What happens to a text, as recorded.
#[derive(Debug, PartialEq)]
enum Outcome {
    Sent,
    Taken,
    Improper(&'static str),
}

fn command(text: &str) -> Command {
    match parse(text) {
        Parsed::Command(command) => command,
        other => panic!("{text} is no command: {other:?}"),
    }
}

fn kind(text: &str) -> CqlKind {
    match parse(text) {
        Parsed::Cql(kind) => kind,
        other => panic!("{text} is no CQL: {other:?}"),
    }
}

#[test]
fn texts_are_taken_sent_and_refused_as_cqlsh_does() {
    for (text, expected) in recorded::OUTCOMES {
        for text in [text.to_string(), format!("{text};"), format!("{text} /* c */\n")] {
            let parsed = parse(&text);
            let matches = match (&parsed, expected) {
                (Parsed::Cql(_), Outcome::Sent) | (Parsed::Command(_), Outcome::Taken) => true,
                (Parsed::Improper(line), Outcome::Improper(expected)) => line == expected,
                _ => false,
            };
            assert!(matches, "{text}: {parsed:?} instead of {expected:?}");
        }
    }
}

#[test]
fn describe_is_laid_out_by_its_second_word() {
    for (text, expected) in recorded::LAYOUTS {
        let Command::Describe(describe) = command(text) else { panic!("{text} is no DESCRIBE") };
        assert_eq!(describe.target, *expected, "{text}");
    }
}

#[test]
fn describe_says_what_it_is_about() {
    let name = |keyspace: Option<&str>, table: &str| TableName {
        keyspace: keyspace.map(str::to_owned),
        table: table.to_owned(),
    };
    let cases = [
        ("DESC KEYSPACES", Described::Keyspaces),
        ("DESCRIBE columnfamilies", Described::All(ObjectKind::Table)),
        ("DESC FUNCTIONS", Described::All(ObjectKind::Function)),
        ("DESC CLUSTER", Described::Cluster),
        ("DESC FULL SCHEMA", Described::Schema { full: true }),
        ("DESC SCHEMA", Described::Schema { full: false }),
        ("DESC KEYSPACE", Described::Keyspace { name: None, only: false }),
        ("DESC ONLY KEYSPACE \"Ks\"", Described::Keyspace { name: Some("Ks".to_owned()), only: true }),
        ("DESC COLUMNFAMILY T", Described::Object(ObjectKind::Table, name(None, "t"))),
        ("DESC MATERIALIZED VIEW a.\"B\"", Described::Object(ObjectKind::MaterializedView, name(Some("a"), "B"))),
        ("DESC type", Described::Named(name(None, "type"))),
        ("DESC tables.t", Described::Named(name(Some("tables"), "t"))),
    ];
    for (text, what) in cases {
        for (text, internals) in [(text.to_owned(), false), (format!("{text} WITH INTERNALS;"), true)] {
            let Command::Describe(describe) = command(&text) else { panic!("{text} is no DESCRIBE") };
            assert_eq!((describe.what, describe.internals), (what.clone(), internals), "{text}");
        }
    }
}

#[test]
fn copy_is_understood_as_cqlsh_understands_it() {
    for (text, keyspace, table, columns, direction, file, options) in recorded::COPIES {
        let expected = Copy {
            table: TableName { keyspace: keyspace.map(str::to_owned), table: table.to_string() },
            columns: columns.map(|columns| columns.iter().map(|column| column.to_string()).collect()),
            direction: *direction,
            file: file.map(str::to_owned),
            options: options.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect(),
        };
        assert_eq!(command(text), Command::Copy(expected), "{text}");
    }
}

#[test]
fn copy_takes_a_second_with() {
    let Command::Copy(copy) = command("COPY a.b FROM 'f' WITH HEADER = TRUE AND WITH NULL='0d';") else { panic!() };
    assert_eq!(copy.options, [("header".into(), "TRUE".into()), ("null".into(), "0d".into())]);
}

#[test]
fn brackets_that_nest_without_end_are_refused() {
    for bracket in ["[", "{", "{1:", "f("] {
        let text = format!("COPY t TO 'f' WITH a={}", bracket.repeat(100_000));
        assert_eq!(parse(&text), Parsed::Improper("Improper COPY command.".into()));
    }
}

#[test]
fn consistency_levels_are_upper_case() {
    assert_eq!(command("CONSISTENCY"), Command::Consistency(None));
    assert_eq!(command("consistency local_one;"), Command::Consistency(Some("LOCAL_ONE".into())));
    assert_eq!(command("SERIAL CONSISTENCY"), Command::SerialConsistency(None));
    assert_eq!(command("serial consistency serial"), Command::SerialConsistency(Some("SERIAL".into())));
}

#[test]
fn show_knows_what_to_show() {
    let id = "550e8400-e29b-41d4-a716-446655440000";
    assert_eq!(command("SHOW VERSION"), Command::Show(Show::Version));
    assert_eq!(command("SHOW HOST"), Command::Show(Show::Host));
    assert_eq!(command(&format!("SHOW SESSION {}", id.to_uppercase())), Command::Show(Show::Session(id.into())));
    assert_eq!(command("SHOW REPLICAS - 12"), Command::Show(Show::Replicas("-12".into(), None)));
    assert_eq!(command("SHOW REPLICAS 12 \"K\""), Command::Show(Show::Replicas("12".into(), Some("K".into()))));
}

#[test]
fn switches_and_sizes_are_read() {
    assert_eq!(command("TRACING"), Command::Tracing(None));
    assert_eq!(command("tracing on"), Command::Tracing(Some(true)));
    assert_eq!(command("ELAPSED on"), Command::Elapsed(Some(true)));
    assert_eq!(command("EXPAND Off"), Command::Expand(Some(Expand::Off)));
    assert_eq!(command("PAGING"), Command::Paging(Paging::Show));
    assert_eq!(command("PAGING OFF"), Command::Paging(Paging::Switch(false)));
    assert_eq!(command("PAGING 50"), Command::Paging(Paging::Size(50)));
    assert_eq!(command("PAGING 99999999999999999999"), Command::Paging(Paging::Size(u64::MAX)));
    assert_eq!(command("HISTORY"), Command::History(None));
    assert_eq!(command("HISTORY 5"), Command::History(Some(5)));
}

#[test]
fn only_a_prompt_expands_by_itself() {
    assert_eq!(parse("expand Auto;"), Parsed::Improper("Improper expand command.".into()));
    assert_eq!(parse_at_prompt("expand Auto;"), Parsed::Command(Command::Expand(Some(Expand::Auto))));
    assert_eq!(parse_at_prompt("EXPAND AUTO ON"), Parsed::Improper("Improper EXPAND command.".into()));
}

#[test]
fn files_are_read_from_their_literals() {
    assert_eq!(command("SOURCE 'it''s'"), Command::Source("it's".into()));
    assert_eq!(command("CAPTURE"), Command::Capture(Capture::Show));
    assert_eq!(command("CAPTURE off;"), Command::Capture(Capture::Off));
    assert_eq!(command("CAPTURE 'OFF'"), Command::Capture(Capture::File("OFF".into())));
}

#[test]
fn login_reads_the_user_and_the_password() {
    let login = |user: &str, password: Option<&str>| Command::Login {
        user: user.to_owned(),
        password: password.map(|text| Secret::new(text.to_owned())),
    };
    assert_eq!(command("LOGIN Bob"), login("Bob", None));
    assert_eq!(command("LOGIN 'Bob' 'it''s'"), login("Bob", Some("it's")));
    assert_eq!(command("LOGIN bob $$a'b$$"), login("bob", Some("a'b")));
}

#[test]
fn small_commands_are_known_under_all_their_names() {
    assert_eq!(command("? select TABLE"), Command::Help(vec!["select".into(), "TABLE".into()]));
    assert_eq!(command("HELP;"), Command::Help(vec![]));
    assert_eq!(command("cls"), Command::Clear);
    assert_eq!(command("CLEAR"), Command::Clear);
    assert_eq!(command("DEBUG THINGS"), Command::Debug);
    assert_eq!(command("quit"), Command::Exit);
    assert_eq!(command("EXIT"), Command::Exit);
}

#[test]
fn cql_is_told_apart_by_its_first_letters() {
    let table = |keyspace: Option<&str>, table: &str| {
        CqlKind::Select(Some(TableName { keyspace: keyspace.map(str::to_owned), table: table.to_owned() }))
    };
    assert_eq!(kind("SELECT * FROM t;"), table(None, "t"));
    assert_eq!(kind("select 'from x', \"from\" /* from y */ from Ks.\"T t\" where a = 1;"), table(Some("ks"), "T t"));
    assert_eq!(kind("SELECT"), CqlKind::Select(None));
    assert_eq!(kind("selects;"), CqlKind::Select(None));
    assert_eq!(kind("LIST ROLES;"), CqlKind::List);
    assert_eq!(kind("USE \"Ks\";"), CqlKind::Use("Ks".into()));
    assert_eq!(kind("use Ks"), CqlKind::Use("ks".into()));
    assert_eq!(kind("INSERT INTO t;"), CqlKind::Other);
    assert_eq!(kind(";"), CqlKind::Other);
    assert_eq!(kind(""), CqlKind::Other);
}

proptest! {
    #[test]
    fn any_text_is_something(
        text in "\\PC*|(COPY|DESC|HELP|LOGIN|SHOW|SELECT|use) [a-zA-Z0-9 .,;'\"$=(){}\\[\\]:\n-]*"
    ) {
        parse(&text);
    }
}
