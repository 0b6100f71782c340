//! What we complete beyond what cqlsh does: the line, what one TAB makes of it, and what is listed otherwise.

use std::collections::BTreeSet;

use super::schema::ask;

/// `before`, then what it becomes, or what is listed in its place.
const TABLE: &[(&str, Result<&str, &[&str]>)] = &[
    // Names in quotes.
    ("SELECT * FROM \"Fu", Ok("SELECT * FROM \"Full\"")),
    ("INSERT INTO \"Full\" (id, \"V", Ok("INSERT INTO \"Full\" (id, \"Value\"")),
    ("UPDATE \"Full\" SET ", Ok("UPDATE \"Full\" SET \"Value\"= ")),
    // Indexes.
    ("CREATE CUSTOM INDEX ON users (age) USING 'sa", Ok("CREATE CUSTOM INDEX ON users (age) USING 'sai'")),
    (
        "CREATE INDEX ON users (age) USING 'sai' WITH OPTIONS = {'",
        Err(&["ascii", "case_sensitive", "normalize", "similarity_function"]),
    ),
    (
        "CREATE INDEX ON users (age) USING 'sai' WITH OPTIONS = {'ascii': 'true', '",
        Err(&["case_sensitive", "normalize", "similarity_function"]),
    ),
    (
        "CREATE INDEX ON users (age) USING 'sai' WITH OPTIONS = {'similarity_function': '",
        Err(&["COSINE", "DOT_PRODUCT", "EUCLIDEAN"]),
    ),
    ("CREATE INDEX ON users (entr", Ok("CREATE INDEX ON users (entries(")),
    // Vectors.
    ("SELECT * FROM users ORDER BY fa", Ok("SELECT * FROM users ORDER BY face ")),
    ("SELECT * FROM users ORDER BY face A", Err(&["ALLOW", "ANN OF", "ASC"])),
    ("SELECT * FROM users ORDER BY face ANN", Ok("SELECT * FROM users ORDER BY face ANN OF ")),
    // Values by type.
    ("INSERT INTO users (id, face) VALUES (1, ", Ok("INSERT INTO users (id, face) VALUES (1, [ ")),
    ("INSERT INTO users (id, home) VALUES (1, ", Ok("INSERT INTO users (id, home) VALUES (1, { ")),
    ("UPDATE users SET home = ", Ok("UPDATE users SET home = { ")),
    ("UPDATE users SET active = ", Err(&["false", "true"])),
    ("UPDATE users SET tags = tags ", Err(&["(", "+", "-", "."])),
    ("UPDATE users SET tags = tags + ", Ok("UPDATE users SET tags = tags + { ")),
    ("UPDATE users SET scores = scores - ", Ok("UPDATE users SET scores = scores - [ ")),
    ("UPDATE users SET scores = [1] + ", Ok("UPDATE users SET scores = [1] + scores ")),
    ("UPDATE users SET props[", Err(NOTHING_KNOWN)),
    // Conditions.
    ("UPDATE users SET name = 'x' WHERE id = 1 IF na", Ok("UPDATE users SET name = 'x' WHERE id = 1 IF name ")),
    (
        "UPDATE users SET name = 'x' WHERE id = 1 IF name = 'y' AND ag",
        Ok("UPDATE users SET name = 'x' WHERE id = 1 IF name = 'y' AND age "),
    ),
    ("DELETE FROM users WHERE id = 1 IF work", Ok("DELETE FROM users WHERE id = 1 IF work ")),
    // Keys.
    ("CREATE TABLE t (a int, b int, PRIMARY KEY (a", Ok("CREATE TABLE t (a int, b int, PRIMARY KEY (a ")),
    ("CREATE TABLE t (a int, b int, PRIMARY KEY ((a, b), ", Err(&[])),
    ("CREATE TABLE t (\"A\" int, b int, PRIMARY KEY (", Err(&["\"A\"", "("])),
    (
        "CREATE TABLE t (a int, b int, PRIMARY KEY (a, b)) WITH CLUSTERING ORDER BY (b D",
        Ok("CREATE TABLE t (a int, b int, PRIMARY KEY (a, b)) WITH CLUSTERING ORDER BY (b DESC "),
    ),
    // Views.
    ("CREATE MATERIALIZED VIEW v AS SELECT * FROM hits WHERE ", Err(&["m", "n", "page"])),
    ("CREATE MATERIALIZED VIEW v AS SELECT * FROM hits WHERE page IS NOT NULL AND ", Err(&["m", "n"])),
    (
        "CREATE MATERIALIZED VIEW v AS SELECT * FROM hits WHERE page IS NOT NULL PRIMARY KEY (p",
        Ok("CREATE MATERIALIZED VIEW v AS SELECT * FROM hits WHERE page IS NOT NULL PRIMARY KEY (page "),
    ),
    (
        "ALTER MATERIALIZED VIEW ",
        Err(&[
            "\"Other\".",
            "IF",
            "completion.",
            "events_by_kind",
            "system.",
            "system_auth.",
            "system_distributed.",
            "system_schema.",
            "system_traces.",
            "system_views.",
            "system_virtual_schema.",
        ]),
    ),
    // Options.
    (
        "CREATE KEYSPACE k WITH replication = {'class': 'NetworkTopologyStrategy', 'd",
        Ok("CREATE KEYSPACE k WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1'"),
    ),
    ("ALTER TABLE users WITH read_repair = 'B", Ok("ALTER TABLE users WITH read_repair = 'BLOCKING'")),
    (
        "ALTER TABLE users WITH compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': '",
        Err(&["DAYS", "HOURS", "MINUTES"]),
    ),
    (
        "ALTER TABLE users WITH compression = {'class': 'ZstdCompressor', 'compr",
        Ok("ALTER TABLE users WITH compression = {'class': 'ZstdCompressor', 'compression_level'"),
    ),
    ("ALTER TABLE users WITH crc", Ok("ALTER TABLE users WITH crc_check_chance = ")),
    (
        "ALTER TABLE users ALTER name MASKED WITH ",
        Err(&["DEFAULT", "mask_default", "mask_hash", "mask_inner", "mask_null", "mask_outer", "mask_replace"]),
    ),
    // COPY.
    ("COPY users FROM 'x' WITH DIALECT = ", Ok("COPY users FROM 'x' WITH DIALECT = '")),
    ("COPY users FROM 'x' WITH DIALECT = 'r", Ok("COPY users FROM 'x' WITH DIALECT = 'rfc4180'")),
    ("COPY users FROM 'x' WITH NULLS = u", Ok("COPY users FROM 'x' WITH NULLS = unset ")),
    // Identities and permissions.
    ("ad", Ok("ADD IDENTITY ")),
    ("DROP ID", Ok("DROP IDENTITY ")),
    (
        "GRANT SELECT, MODIFY, ",
        Err(&["ALTER", "AUTHORIZE", "CREATE", "DESCRIBE", "DROP", "EXECUTE", "SELECT_MASKED", "UNMASK"]),
    ),
    ("GRANT SELECT ON ALL FUNCTIONS IN ", Ok("GRANT SELECT ON ALL FUNCTIONS IN KEYSPACE ")),
    ("REVOKE SELECT ON K", Ok("REVOKE SELECT ON KEYSPACE ")),
    // Backslash commands.
    (
        "\\",
        Err(&[
            "!", "?", "G", "c", "conninfo", "d", "dT", "da", "df", "dn", "dt", "e", "format", "i", "o", "pager", "q",
            "timing", "watch", "x",
        ]),
    ),
    ("\\fo", Ok("\\format ")),
    ("\\format j", Ok("\\format json ")),
    ("\\x ", Err(&["auto", "off", "on"])),
    ("\\c comp", Ok("\\c completion")),
    ("\\d completion.users_t", Ok("\\d completion.users_tags")),
    ("\\i fi", Err(&["file.cql", "files/"])),
    ("\\i file.", Ok("\\i file.cql")),
    ("\\o files/de", Ok("\\o files/deep/x.csv")),
    ("SELECT * FROM users \\", Err(&["G", "e", "watch"])),
    ("SELECT * FROM users \\w", Ok("SELECT * FROM users \\watch ")),
    // The rest of a statement that goes one way only.
    ("tru", Ok("TRUNCATE ")),
    ("EXPAND AU", Ok("EXPAND AUTO ")),
    ("ELAPSED ON", Ok("ELAPSED ON ")),
    ("SELECT * FROM users PER", Ok("SELECT * FROM users PER PARTITION LIMIT ")),
];

/// What stands where any value may.
const NOTHING_KNOWN: &[&str] = &[
    "-",
    "<blobLiteral>",
    "<float>",
    "<identifier>",
    "<pgStringLiteral>",
    "<quotedStringLiteral>",
    "<uuid>",
    "<wholenumber>",
    "NULL",
    "TOKEN",
    "[",
    "false",
    "true",
    "{",
];

#[test]
fn more_than_cqlsh_completes_is_completed() {
    let mut wrong = String::new();
    for &(before, expected) in TABLE {
        let found = ask(before);
        let line = format!("{}{}", &before[..before.len() - found.replaced], found.inserted().unwrap_or_default());
        let listed: Vec<_> = found.listed().into_iter().map(str::trim).filter(|name| !name.is_empty()).collect();
        let is_so = match expected {
            Ok(expected) => line == expected,
            Err(expected) => BTreeSet::from_iter(listed.iter()) == BTreeSet::from_iter(expected),
        };
        if !is_so {
            wrong.push_str(&format!("{before}|\n  {line}|\n  {listed:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
