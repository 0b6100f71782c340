//! Fetching a release's jars once with Maven into the user's cache directory. Safe to run in several processes at once.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Places, SandboxError, Version};

const COPY: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";

/// What the distribution of 3.11 has and its server's own project leaves out: Thrift, without which it does not start,
/// and the driver whose classes user-defined functions are compiled against.
const ONLY_3_11: &str = "\
    <dependency><groupId>org.apache.cassandra</groupId><artifactId>cassandra-thrift</artifactId>\
    <version>3.11.19</version></dependency>\
    <dependency><groupId>com.datastax.cassandra</groupId><artifactId>cassandra-driver-core</artifactId>\
    <version>3.0.1</version><classifier>shaded</classifier>\
    <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>";

/// The directory of the jars of `version`; they are fetched when it is not there yet.
///
/// A lock keeps other processes out meanwhile, and the directory appears under its name only when it is complete.
///
/// # Errors
/// There is no cache directory or no Maven, or Maven fails.
pub(super) fn fetch(
    places: &Places,
    version: Version,
    progress: &mut dyn FnMut(&str),
) -> Result<PathBuf, SandboxError> {
    let cache = places.cache.as_ref().ok_or(SandboxError::NoCache)?.join("cqlsh");
    let complete = cache.join(format!("cassandra-{version}"));
    if complete.is_dir() {
        return Ok(complete);
    }
    let maven = places.program("mvn").ok_or(SandboxError::NoMaven { version })?;
    progress(&format!("downloading Cassandra {version}, once, into {}", cache.display()));
    fs::create_dir_all(&cache).map_err(SandboxError::file(&cache))?;
    let lock = take_lock(&cache.join(format!("cassandra-{version}.lock")))?;
    if !complete.is_dir() {
        let partial = cache.join(format!("cassandra-{version}.part"));
        let log = cache.join(format!("cassandra-{version}.log"));
        let _ = fs::remove_dir_all(&partial);
        fs::create_dir(&partial).map_err(SandboxError::file(&partial))?;
        let fetched = run(&maven, version, &partial, &log, &lock)
            .and_then(|()| fs::rename(partial.join("lib"), &complete).map_err(SandboxError::file(&complete)));
        let _ = fs::remove_dir_all(&partial);
        fetched?;
        let _ = fs::remove_file(&log);
    }
    Ok(complete)
}

fn take_lock(path: &Path) -> Result<File, SandboxError> {
    let lock = File::create(path).map_err(SandboxError::file(path))?;
    lock.lock().map_err(SandboxError::file(path))?;
    Ok(lock)
}

/// Runs Maven in `directory` until the jars lie in its `lib`.
fn run(maven: &Path, version: Version, directory: &Path, log: &Path, lock: &File) -> Result<(), SandboxError> {
    let pom = directory.join("pom.xml");
    fs::write(&pom, project(version)).map_err(SandboxError::file(&pom))?;
    let output = File::create(log).map_err(SandboxError::file(log))?;
    let errors = output.try_clone().map_err(SandboxError::file(log))?;
    let held = lock.try_clone().map_err(SandboxError::file(log))?;
    let status = Command::new(maven)
        .args(["-B", "-q", "-Dstyle.color=never", COPY, "-DincludeScope=runtime", "-DoutputDirectory=lib", "-f"])
        .arg(&pom)
        .current_dir(directory)
        // A Maven that outlives us still writes here: through its stdin it holds the lock as long as it runs.
        .stdin(Stdio::from(held))
        .stdout(output)
        .stderr(errors)
        .status()
        .map_err(SandboxError::file(maven))?;
    if status.success() && directory.join("lib").is_dir() {
        return Ok(());
    }
    Err(failure(version, &fs::read_to_string(log).unwrap_or_default(), log.to_owned()))
}

/// A project that depends on nothing but the server.
fn project(version: Version) -> String {
    let further = if version == Version::V3_11 { ONLY_3_11 } else { "" };
    format!(
        "<project><modelVersion>4.0.0</modelVersion><groupId>sandbox</groupId><artifactId>jars</artifactId>\
         <version>1</version><packaging>pom</packaging><dependencies>\
         <dependency><groupId>org.apache.cassandra</groupId><artifactId>cassandra-all</artifactId>\
         <version>{version}</version></dependency>{further}</dependencies></project>\n"
    )
}

/// What went wrong, from Maven's output: a transfer that failed tells the network's own reason at the line's end.
fn failure(version: Version, output: &str, log: PathBuf) -> SandboxError {
    let line = output.lines().find_map(|line| line.split_once("[ERROR] ")).map_or("it said nothing", |(_, said)| said);
    let line = line.split(" -> [Help").next().unwrap_or(line).trim();
    match line.split_once("transfer failed for ").and_then(|(_, rest)| rest.split_once(": ")) {
        Some((_, reason)) => SandboxError::NoNetwork { version, reason: reason.to_owned(), log },
        None => SandboxError::MavenFailed { version, reason: line.to_owned(), log },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::script;

    /// A machine whose `mvn` is that shell script.
    fn places_with(script: &str) -> (tempfile::TempDir, Places) {
        let directory = tempfile::tempdir().unwrap();
        script::write(&directory.path().join("mvn"), script);
        let path = directory.path().as_os_str().to_owned();
        let places = Places { path, cache: Some(directory.path().join("cache")), ..Places::default() };
        (directory, places)
    }

    #[test]
    fn the_download_is_announced_once_and_serves_ever_after() {
        let (_directory, places) = places_with("mkdir lib && : > lib/cassandra-all-5.0.6.jar");
        let mut said = Vec::new();
        let first = fetch(&places, Version::V5_0, &mut |text| said.push(text.to_owned())).unwrap();
        assert!(first.join("cassandra-all-5.0.6.jar").is_file());
        let second = fetch(&places, Version::V5_0, &mut |text| said.push(text.to_owned())).unwrap();
        assert_eq!(first, second);
        assert_eq!(said.len(), 1);
        assert!(said[0].starts_with("downloading Cassandra 5.0.6, once, into "), "{said:?}");
    }

    #[test]
    fn what_an_interrupted_download_left_is_cleared_away() {
        let (directory, places) = places_with("mkdir lib");
        let partial = directory.path().join("cache/cqlsh/cassandra-4.0.18.part/lib");
        fs::create_dir_all(&partial).unwrap();
        fs::write(partial.join("half.jar"), "half").unwrap();
        let jars = fetch(&places, Version::V4_0, &mut |_| {}).unwrap();
        assert_eq!(fs::read_dir(jars).unwrap().count(), 0);
    }

    #[test]
    fn a_network_that_is_not_there_is_told_in_its_own_words() {
        let line = "[ERROR] Failed to execute goal on project jars: Could not resolve dependencies for project \
                    sandbox:jars:pom:1: Could not transfer artifact org.apache.cassandra:cassandra-all:pom:4.0.18 \
                    from/to central (https://repo.maven.apache.org/maven2): transfer failed for \
                    https://repo.maven.apache.org/maven2/x.pom: Unknown host repo.maven.apache.org: \
                    Temporary failure in name resolution -> [Help 1]";
        let (directory, places) = places_with(&format!("echo '{line}'; echo '[ERROR] '; exit 1"));
        let error = fetch(&places, Version::V4_0, &mut |_| {}).unwrap_err();
        let log = directory.path().join("cache/cqlsh/cassandra-4.0.18.log");
        let expected = format!(
            "Cassandra 4.0.18 could not be downloaded (Unknown host repo.maven.apache.org: Temporary failure in name \
             resolution): check the network and try again; the whole story is in {}.",
            log.display()
        );
        assert_eq!(error.to_string(), expected);
        assert!(fs::read_to_string(log).unwrap().starts_with("[ERROR] Failed"));
        assert!(!directory.path().join("cache/cqlsh/cassandra-4.0.18").exists());
        assert!(!directory.path().join("cache/cqlsh/cassandra-4.0.18.part").exists());
    }

    #[test]
    fn another_failure_of_maven_is_told_by_its_first_line() {
        let (_directory, places) = places_with("echo '[ERROR] Could not find artifact x -> [Help 1]'; exit 1");
        let error = fetch(&places, Version::V5_0, &mut |_| {}).unwrap_err();
        assert!(matches!(error, SandboxError::MavenFailed { reason, .. } if reason == "Could not find artifact x"));
    }

    #[test]
    fn without_maven_or_a_cache_directory_the_sentence_says_what_to_set() {
        let cache = tempfile::tempdir().unwrap();
        let places = Places { cache: Some(cache.path().to_owned()), ..Places::default() };
        let error = fetch(&places, Version::V5_0, &mut |_| {}).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Cassandra 5.0.6 has to be downloaded once, and Maven (mvn) was not found: install it, or set \
             CASSANDRA_HOME to an unpacked Cassandra 5.0."
        );
        let error = fetch(&Places::default(), Version::V5_0, &mut |_| {}).unwrap_err();
        assert!(matches!(error, SandboxError::NoCache));
    }

    #[test]
    fn only_3_11_asks_for_more_than_the_server() {
        assert_eq!(project(Version::V3_11).matches("<version>3.11.19</version>").count(), 2);
        assert_eq!(project(Version::V4_0).matches("<dependency>").count(), 1);
    }
}
