//! What a node's log tells: that it is up, and why it ended.

/// Whether the log says that the node serves clients, and with `authentication` that the superuser is there.
pub(super) fn is_up(log: &str, authentication: bool) -> bool {
    log.contains(" - Startup complete") && (!authentication || log.contains("Created default superuser role"))
}

/// Why the node ended, as one line: the last error in its log, else the first thing it printed.
pub(super) fn reason_of_death(log: &str, output: &str) -> String {
    last_error(log).or_else(|| first_line(output)).unwrap_or_else(|| "it left no word".to_owned())
}

/// The last error's message, with the exception's where the message itself does not have it.
fn last_error(log: &str) -> Option<String> {
    let mut lines = log.lines().skip_while(|line| !line.starts_with("ERROR")).peekable();
    let mut last = None;
    while let Some(line) = lines.next() {
        if line.starts_with("ERROR") {
            last = Some((line, lines.peek().copied()));
        }
    }
    let (line, next) = last?;
    let message = line.split_once(" - ").map_or(line, |(_, message)| message).trim();
    match next.and_then(exception) {
        Some(cause) if !message.contains(cause) => Some(format!("{message}: {cause}")),
        _ => Some(message.to_owned()),
    }
}

/// The message of a line such as `java.net.BindException: Address already in use`.
fn exception(line: &str) -> Option<&str> {
    let (class, message) = line.split_once(": ")?;
    let is_class = class.contains('.') && !class.contains(char::is_whitespace);
    (is_class && message != "null").then(|| message.trim())
}

/// The first line that is an error's: a JVM that refuses its options says why first, then that it will exit.
fn first_line(output: &str) -> Option<String> {
    const NOISE: [&str; 3] = ["WARNING: ", "Picked up ", "Error occurred during initialization of VM"];
    let mut lines = output.lines().map(str::trim);
    let line = lines.find(|line| {
        !line.is_empty() && !line.contains(" VM warning: ") && !NOISE.iter().any(|noise| line.starts_with(noise))
    });
    line.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by Cassandra 5.0.6 whose storage port was taken.
    const PORT_TAKEN: &str = "\
WARN  [main] 2026-11-23 09:11:49,001 StartupChecks.java:320 - JMX is not enabled to receive remote connections.
ERROR [main] 2026-11-23 09:11:49,002 StartupChecks.java:190 - unable to start local JMX service.
INFO  [main] 2026-11-23 09:11:49,003 StorageService.java:957 - Cassandra version: 5.0.6
ERROR [main] 2026-11-23 09:11:50,041 CassandraDaemon.java:887 - Fatal configuration error
org.apache.cassandra.exceptions.ConfigurationException: /127.77.0.6:7000 is in use by another process.
\tat org.apache.cassandra.net.InboundConnectionInitiator.bind(InboundConnectionInitiator.java:193)
";

    #[test]
    fn the_last_error_is_told_with_its_exception() {
        let reason = reason_of_death(PORT_TAKEN, "");
        assert_eq!(reason, "Fatal configuration error: /127.77.0.6:7000 is in use by another process.");
    }

    #[test]
    fn a_message_that_has_the_exceptions_words_is_not_repeated() {
        let log = "ERROR [main] 2026-11-23 CassandraDaemon.java:887 - Exception encountered: Invalid yaml.\n\
                   org.apache.cassandra.exceptions.ConfigurationException: Invalid yaml.\n";
        assert_eq!(reason_of_death(log, ""), "Exception encountered: Invalid yaml.");
    }

    #[test]
    fn without_an_error_in_the_log_the_first_word_printed_is_told() {
        let refused = "Invalid maximum heap size: -Xmx0m\nError: Could not create the Java Virtual Machine.\n";
        assert_eq!(reason_of_death("INFO  [main] all is well", refused), "Invalid maximum heap size: -Xmx0m");
        let noisy = "Picked up JAVA_TOOL_OPTIONS: -Dx\nOpenJDK 64-Bit Server VM warning: old\n\
                     Error occurred during initialization of VM\nToo small maximum heap\n";
        assert_eq!(reason_of_death("", noisy), "Too small maximum heap");
        assert_eq!(reason_of_death("", "\n"), "it left no word");
    }

    #[test]
    fn a_node_is_up_when_it_says_so_and_its_superuser_is_there() {
        let log = "INFO  [main] 2026-11-23 09:14:30,591 CassandraDaemon.java:744 - Startup complete\n";
        assert!(is_up(log, false) && !is_up(log, true));
        let later =
            "INFO  [OptionalTasks:1] CassandraRoleManager.java:429 - Created default superuser role 'cassandra'";
        assert!(is_up(&format!("{log}{later}"), true) && !is_up(later, true));
    }
}
