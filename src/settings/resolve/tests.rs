//! Precedence, and what flags and environment come to.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;

use super::{Environment, Flags, Input, Notices, Settings, Stop, resolve};
use crate::cluster::{ConnectOptions, Credentials};
use crate::cql::secret::Secret;
use crate::sandbox;
use crate::settings::{Ini, Login, Password};
use crate::terminal::surface::Wish;

fn on_pipe() -> Environment {
    Environment { processors: 2, ..Environment::default() }
}

fn settings(arguments: &[&str], environment: &Environment) -> Result<(Settings, String), Stop> {
    let mut notices = Notices::default();
    let arguments = std::iter::once("cqlsh").chain(arguments.iter().copied()).map(OsString::from);
    resolve(arguments, environment, &mut notices).map(|settings| (settings, notices.stderr))
}

fn resolved(arguments: &[&str]) -> Settings {
    settings(arguments, &on_pipe()).expect("good arguments").0
}

#[test]
fn usage_errors_are_argparse_lines() {
    // Recorded from Apache cqlsh 6.2.2.
    for (arguments, message) in [
        (&["-e"][..], "argument -e/--execute: expected one argument"),
        (&["-p"], "argument -p/--password: expected one argument"),
        (&["--request-timeout"], "argument --request-timeout: expected one argument"),
        (&["--wait=0"], "\"0\" is not a valid wait timeout."),
        (&["--connect-timeout", "abc"], "\"abc\" is not a valid connect timeout."),
        (&["127.0.0.1", "abc"], "'abc' is not a valid port number."),
    ] {
        let text = format!("usage: Usage: cqlsh [options] [host [port]]\ncqlsh: error: {message}\n");
        assert_eq!(settings(arguments, &on_pipe()).expect_err("bad usage"), Stop::Usage(text), "{arguments:?}");
    }
}

#[test]
fn an_unknown_option_is_refused_and_not_taken_for_the_host() {
    let Err(Stop::Usage(text)) = settings(&["--nosuch", "127.0.0.1"], &on_pipe()) else { panic!("accepted") };
    assert!(text.contains("unrecognized arguments: --nosuch"), "{text}");
}

#[test]
fn the_command_line_beats_the_environment_and_the_environment_the_default() {
    let environment = Environment { host: Some("h".into()), port: Some("1".into()), ..on_pipe() };
    let (from_environment, _) = settings(&[], &environment).expect("good arguments");
    assert_eq!((from_environment.host.as_str(), from_environment.port), ("h", 1));
    let (from_arguments, _) = settings(&["x", "2", "ignored"], &environment).expect("good arguments");
    assert_eq!((from_arguments.host.as_str(), from_arguments.port), ("x", 2));
    assert_eq!((resolved(&[]).host.as_str(), resolved(&[]).port), ("127.0.0.1", 9042));
}

#[test]
fn what_all_nodes_carry_out_may_take_longer_unless_a_limit_is_given() {
    let limits = |arguments: &[&str]| {
        let settings = resolved(arguments);
        (settings.request_timeout.as_secs(), settings.alteration_timeout.as_secs())
    };
    assert_eq!(limits(&[]), (10, 70));
    assert_eq!(limits(&["--request-timeout", "3"]), (3, 3));
    // cqlsh takes it too. A year is without end.
    let endless = 366 * 24 * 3600;
    assert_eq!(limits(&["--request-timeout", "100000000000000000000"]), (endless, endless));
}

#[test]
fn a_host_may_bring_its_port_along() {
    for (given, host, port) in [
        ("db:9043", "db", 9043),
        ("10.0.0.1:9043", "10.0.0.1", 9043),
        ("[::1]:9043", "::1", 9043),
        ("[::1]", "::1", 9042),
        ("::1", "::1", 9042),
        ("fe80::1%eth0", "fe80::1%eth0", 9042),
        ("::9043", "::9043", 9042),
        ("db:", "db:", 9042),
        ("db:cql", "db:cql", 9042),
        ("db:70000", "db:70000", 9042),
        ("[::1]x", "[::1]x", 9042),
        (":9043", ":9043", 9042),
    ] {
        let settings = resolved(&[given]);
        assert_eq!((settings.host.as_str(), settings.port), (host, port), "{given}");
    }
    let environment = Environment { host: Some("db:9043".into()), port: Some("1".into()), ..on_pipe() };
    assert_eq!(settings(&[], &environment).expect("good").0.port, 9043, "the nearer one");
    assert_eq!(resolved(&["db:9043", "9043"]).port, 9043);
    let Err(Stop::Usage(text)) = settings(&["db:9043", "9044"], &on_pipe()) else { panic!("accepted") };
    assert!(text.ends_with("cqlsh: error: db has the port 9043 with it, and 9044 is another one.\n"), "{text}");
}

#[test]
fn options_and_positionals_mix_and_long_options_may_be_cut_short() {
    let settings = resolved(&["-uadmin", "db", "--exec=SELECT 1", "9999", "--key", "ks"]);
    assert_eq!((settings.host.as_str(), settings.port), ("db", 9999));
    assert_eq!(settings.login, Some(Login { user: "admin".into(), password: Password::Asked }));
    assert_eq!(settings.keyspace.as_deref(), Some("ks"));
    assert_eq!(settings.input, Input::Execute("SELECT 1;".into()));
}

#[test]
fn execute_beats_file_and_an_empty_execute_counts_as_not_given() {
    assert_eq!(resolved(&["-f", "a", "-e", "b;"]).input, Input::Execute("b;".into()));
    assert_eq!(resolved(&["-f", "a", "-e", ""]).input, Input::File("a".into()));
    assert_eq!(resolved(&["-e", ""]).input, Input::Stdin);
}

#[test]
fn execute_is_given_a_semicolon_only_if_it_has_none() {
    for (given, run) in [("a", "a;"), ("a;", "a;"), ("a; \n", "a; \n"), ("a ", "a ;")] {
        assert_eq!(resolved(&["-e", given]).input, Input::Execute(run.into()));
    }
}

#[test]
fn statements_may_begin_with_a_comment() {
    let text = "-- orders = all\nSELECT 1;";
    for option in ["-e", "--execute", "--exe"] {
        assert_eq!(resolved(&[option, text, "host"]).input, Input::Execute(text.into()));
    }
    assert!(settings(&["-e", "--color"], &on_pipe()).is_err(), "an option is no statement");
}

#[test]
fn the_last_of_a_repeated_option_wins() {
    assert_eq!(resolved(&["-C", "--no-color"]).colour, Some(false));
    assert_eq!(resolved(&["--no-color", "-C"]).colour, Some(true));
    assert_eq!(resolved(&["-k", "a", "-k", "b"]).keyspace.as_deref(), Some("b"));
}

#[test]
fn a_file_forbids_colour_unless_it_is_demanded() {
    assert_eq!(resolved(&["-f", "a"]).colour, Some(false));
    assert_eq!(resolved(&["-f", "a", "-C"]).colour, Some(true));
    assert_eq!(resolved(&["-e", "a"]).colour, None);
}

#[test]
fn a_password_of_an_option_beats_the_environment_and_the_environment_the_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let write = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).expect("written");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).expect("private");
        path.into_os_string().into_string().expect("UTF-8")
    };
    let credentials = write("credentials", "[plain_text_auth]\nusername = u\npassword = of credentials\n");
    let file = write("password", "of file\n");
    let nothing = on_pipe();
    let set = Environment { password: Some(Secret::new("of environment".to_owned())), ..on_pipe() };
    let given = |text: &str| Password::Given(Secret::new(text.to_owned()));
    for (arguments, environment, password) in [
        (&[][..], &nothing, given("of credentials")),
        (&[], &set, given("of environment")),
        (&["-p", "of option"], &set, given("of option")),
        (&["-p", ""], &set, given("of environment")),
        (&["--password-file", &file], &set, given("of file")),
        (&["--password-file", "-"], &set, Password::FirstLine),
    ] {
        let arguments = [&["--credentials", &credentials], arguments].concat();
        let environment = Environment { user: rustix::process::getuid().as_raw(), ..environment.clone() };
        let login = settings(&arguments, &environment).expect("good").0.login;
        assert_eq!(login, Some(Login { user: "u".into(), password }), "{arguments:?}");
    }
}

#[test]
fn a_password_file_is_for_somebody_and_instead_of_a_password() {
    for (arguments, message) in [
        (&["--password-file", "-"][..], "nobody logs in with it; give a user name (-u) too"),
        (&["-u", "u", "-p", "x", "--password-file", "-"], "not allowed with argument -p/--password"),
    ] {
        let Err(Stop::Usage(text)) = settings(arguments, &on_pipe()) else { panic!("accepted: {arguments:?}") };
        assert!(text.ends_with(&format!("cqlsh: error: argument --password-file: {message}\n")), "{text}");
    }
}

#[test]
fn stars_on_the_command_line_stand_for_the_password_that_was_handed_over() {
    let environment = Environment { password_argument: Some(Secret::new("s3".to_owned())), ..on_pipe() };
    let login = |arguments: &[&str]| settings(arguments, &environment).expect("good").0.login.expect("somebody");
    assert_eq!(login(&["-u", "u", "-p", "***"]).password, Password::Given(Secret::new("s3".to_owned())));
    assert_eq!(login(&["-u", "u"]).password, Password::Asked);
}

#[test]
fn no_type_that_holds_a_password_shows_it() {
    const PASSWORD: &str = "s3cret";
    let secret = || Some(Secret::new(PASSWORD.to_owned()));
    let environment = Environment { password: secret(), password_argument: secret(), ..on_pipe() };
    let arguments = ["cqlsh", "-u", "u", "-p", PASSWORD];
    let flags = Flags::parse(arguments.iter().map(OsString::from)).expect("good");
    let settings = resolved(&arguments[1..]);
    let login = settings.login.clone().expect("somebody");
    let credentials = Credentials { user: "u".to_owned(), password: Secret::new(PASSWORD.to_owned()) };
    let options = ConnectOptions {
        host: settings.host.clone(),
        port: settings.port,
        credentials: Some(credentials.clone()),
        tls: None,
        compression: None,
        keyspace: None,
        connect_timeout: settings.connect_timeout,
        request_timeout: settings.request_timeout,
        cql_version: None,
        protocol_version: None,
    };
    let ini = Ini::parse(&format!("[plain_text_auth]\npassword = {PASSWORD}\n")).expect("good");
    let command = crate::cql::command::parse(&format!("LOGIN u '{PASSWORD}'"));
    let core: [&dyn std::fmt::Debug; 8] =
        [&environment, &flags, &settings, &login, &credentials, &options, &ini, &command];
    for value in core {
        let shown = format!("{value:?}");
        assert!(!shown.contains(PASSWORD), "{shown}");
    }
    assert_eq!(login.password, Password::Given(Secret::new(PASSWORD.to_owned())), "it was there to be shown");
}

#[test]
fn a_password_on_the_command_line_is_warned_about_and_never_shown() {
    let (settings_with, warnings) = settings(&["-u", "a", "-p", "s3cret"], &on_pipe()).expect("good arguments");
    assert_eq!(
        warnings,
        "\nWarning: Using a password on the command line interface can be insecure.\
         \nRecommendation: use the credentials file to securely provide the password.\n\n"
    );
    assert!(!format!("{settings_with:?}").contains("s3cret"));
    let quiet = settings(&["-p", "x", "--insecure-password-without-warning"], &on_pipe());
    assert_eq!(quiet.expect("good arguments").1, "");
}

#[test]
fn a_sandbox_and_a_host_contradict_each_other() {
    let Err(Stop::Usage(text)) = settings(&["--sandbox", "4.1"], &on_pipe()) else { panic!("accepted") };
    assert!(text.contains("'4.1' cannot be the host (a version is given as --sandbox=4.1)"), "{text}");
    assert_eq!(resolved(&["--sandbox=4.1"]).sandbox, Some(sandbox::Version::V4_1));
    assert_eq!(resolved(&["--sandbox"]).sandbox, Some(sandbox::Version::V5_0));
}

#[test]
fn the_version_names_both_programs() {
    let Err(Stop::Text(text)) = settings(&["--version"], &on_pipe()) else { panic!("went on") };
    assert_eq!(text, format!("cqlsh 6.2.2+rs{}\n", env!("CARGO_PKG_VERSION")));
}

/// Settings with a cqlshrc of that text in a home of its own.
fn with_cqlshrc(text: &str, arguments: &[&str]) -> Result<(Settings, String), Stop> {
    let home = tempfile::tempdir().expect("a directory");
    std::fs::create_dir(home.path().join(".cassandra")).expect("made");
    std::fs::write(home.path().join(".cassandra/cqlshrc"), text).expect("written");
    settings(arguments, &Environment { home: Some(home.path().to_owned()), ..on_pipe() })
}

#[test]
fn a_sandbox_is_not_the_server_of_the_settings_file() {
    let text = "[connection]\nhostname = db\nport = 1\nssl = true\ntimeout = 9\n[authentication]\nkeyspace = shop\n\
                username = admin\n[cql]\nversion = 3.9\n[protocol]\nversion = 1\n";
    let (elsewhere, _) = with_cqlshrc(text, &[]).expect("good");
    assert_eq!((elsewhere.host.as_str(), elsewhere.port, elsewhere.protocol_version), ("db", 1, Some(1)));
    assert!(elsewhere.tls.is_some() && elsewhere.login.is_some());
    let (sandbox, _) = with_cqlshrc(text, &["--sandbox"]).expect("good");
    assert_eq!((sandbox.keyspace, sandbox.login, sandbox.tls), (None, None, None));
    assert_eq!((sandbox.cql_version, sandbox.protocol_version), (None, None));
    assert_eq!(sandbox.connect_timeout.as_secs(), 9);
}

#[test]
fn time_limits_nobody_can_meet_are_refused_wherever_they_stand() {
    let Err(Stop::Usage(text)) = with_cqlshrc("", &["--connect-timeout", "0"]) else { panic!("accepted") };
    assert!(text.contains("\"0\" is not a valid connect timeout."), "{text}");
    let Err(Stop::Config(text)) = with_cqlshrc("[connection]\nrequest_timeout = -1\n", &[]) else { panic!("accepted") };
    assert!(text.ends_with("cqlshrc' must be a whole number of seconds from 1 on, not '-1'.\n"), "{text}");
}

#[test]
fn a_wait_without_end_has_one() {
    let (settings, _) = with_cqlshrc("[tracing]\nmax_trace_wait = inf\n", &[]).expect("good");
    assert!(std::time::Instant::now().checked_add(settings.max_trace_wait).is_some());
    let (settings, _) = with_cqlshrc("[tracing]\nmax_trace_wait = -1\n", &[]).expect("good");
    assert!(settings.max_trace_wait.is_zero());
}

#[test]
fn the_editor_is_that_of_the_environment_and_else_that_of_cqlshrc() {
    let home = tempfile::tempdir().expect("a directory");
    std::fs::create_dir(home.path().join(".cassandra")).expect("made");
    std::fs::write(home.path().join(".cassandra/cqlshrc"), "[shell]\neditor = rich\n").expect("written");
    let asked = |editor: Option<&str>| {
        let environment =
            Environment { home: Some(home.path().to_owned()), editor: editor.map(str::to_owned), ..on_pipe() };
        let (settings, _) = settings(&[], &environment).expect("good");
        (settings.editor, settings.before_connecting)
    };
    assert_eq!(asked(None), (Wish::Rich, String::new()));
    assert_eq!(asked(Some("plain")), (Wish::Plain, String::new()));
    let warning = "Warning: CQLSH_EDITOR must be one of auto, plain, rich, not 'vim'.\n".to_owned();
    assert_eq!(asked(Some("vim")), (Wish::Rich, warning));
}
