//! cassandra.yaml: one text for all releases, in the spelling of each, with the caller's keys in place of ours.

use std::fmt::Write;
use std::net::IpAddr;
use std::path::Path;

use super::{Encryption, NATIVE_PORT, STORAGE_PORT, Version};

/// What differs from node to node.
#[derive(Debug)]
pub(super) struct Settings<'a> {
    pub(super) version: Version,
    pub(super) address: IpAddr,
    pub(super) seed: IpAddr,
    pub(super) directory: &'a Path,
    pub(super) authentication: bool,
    pub(super) tls: Option<&'a Encryption>,
    pub(super) extra: &'a str,
}

/// 4.1 gave settings their units and the `_enabled` endings. Writes may take longer than on a server: a scratch node shares
/// its machine with whoever tries it.
const SPELLED_SINCE_4_1: &str = "\
commitlog_sync_period: 10000ms
commitlog_segment_size: 32MiB
user_defined_functions_enabled: true
materialized_views_enabled: true
sasi_indexes_enabled: true
drop_compact_storage_enabled: true
write_request_timeout: 10000ms
counter_write_request_timeout: 10000ms
";

const SPELLED_BEFORE_4_1: &str = "\
commitlog_sync_period_in_ms: 10000
commitlog_segment_size_in_mb: 32
enable_user_defined_functions: true
enable_materialized_views: true
enable_sasi_indexes: true
enable_drop_compact_storage: true
write_request_timeout_in_ms: 10000
counter_write_request_timeout_in_ms: 10000
";

const ONLY_3_11: &str = "\
start_rpc: false
start_native_transport: true
";

const ONLY_5_0: &str = "\
dynamic_data_masking_enabled: true
storage_compatibility_mode: NONE
memtable:
  configurations:
    skiplist: {class_name: SkipListMemtable}
    trie: {class_name: TrieMemtable}
    default: {inherits: skiplist}
";

/// The whole file.
pub(super) fn cassandra_yaml(settings: &Settings<'_>) -> String {
    replace_keys(&own(settings), settings.extra)
}

fn own(settings: &Settings<'_>) -> String {
    let Settings { version, address, seed, directory, .. } = settings;
    let seed_port = if *version == Version::V3_11 { String::new() } else { format!(":{STORAGE_PORT}") };
    let directory = |name: &str| quoted(&directory.join(name).to_string_lossy());
    let (authenticator, authorizer) = if settings.authentication {
        ("PasswordAuthenticator", "CassandraAuthorizer")
    } else {
        ("AllowAllAuthenticator", "AllowAllAuthorizer")
    };
    let mut yaml = format!(
        "\
cluster_name: 'Test Cluster'
num_tokens: 16
auto_bootstrap: false
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
endpoint_snitch: SimpleSnitch
listen_address: {address}
rpc_address: {address}
native_transport_port: {NATIVE_PORT}
storage_port: {STORAGE_PORT}
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: \"{seed}{seed_port}\"
data_file_directories:
  - {data}
commitlog_directory: {commitlog}
hints_directory: {hints}
saved_caches_directory: {caches}
cdc_raw_directory: {cdc}
cdc_enabled: true
commitlog_sync: periodic
auto_snapshot: false
authenticator: {authenticator}
authorizer: {authorizer}
",
        data = directory("data"),
        commitlog = directory("commitlog"),
        hints = directory("hints"),
        caches = directory("saved_caches"),
        cdc = directory("cdc_raw"),
    );
    yaml.push_str(if *version < Version::V4_1 { SPELLED_BEFORE_4_1 } else { SPELLED_SINCE_4_1 });
    match version {
        Version::V3_11 => yaml.push_str(ONLY_3_11),
        Version::V4_0 | Version::V4_1 => {}
        Version::V5_0 => yaml.push_str(ONLY_5_0),
    }
    if let Some(encryption) = settings.tls {
        let path = |path: &Path| quoted(&path.to_string_lossy());
        let _ = write!(
            yaml,
            "client_encryption_options:\n  enabled: true\n  optional: false\n  ssl_context_factory: {{class_name: \
             org.apache.cassandra.security.PEMBasedSslContextFactory}}\n  keystore: {}\n",
            path(&encryption.identity)
        );
        if let Some(authorities) = &encryption.authorities {
            let _ = write!(yaml, "  require_client_auth: true\n  truststore: {}\n", path(authorities));
        }
    }
    yaml
}

/// A scalar between single quotes.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// `yaml` without the top-level keys that stand in `extra`, and `extra` after it.
fn replace_keys(yaml: &str, extra: &str) -> String {
    let replaced: Vec<&str> = extra.lines().filter_map(key).collect();
    let mut keep = true;
    let mut result = String::with_capacity(yaml.len() + extra.len() + 1);
    for line in yaml.lines() {
        if let Some(key) = key(line) {
            keep = !replaced.contains(&key);
        }
        if keep {
            result.push_str(line);
            result.push('\n');
        }
    }
    result.push_str(extra);
    result.push('\n');
    result
}

/// The key that a line opens at the top level; what belongs to it is indented.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once(':')?;
    (!key.starts_with([' ', '\t', '#', '-', '}', ']'])).then(|| key.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;
    use std::path::PathBuf;

    fn settings(version: Version, extra: &str) -> Settings<'_> {
        Settings {
            version,
            address: Ipv4Addr::new(127, 20, 0, 2).into(),
            seed: Ipv4Addr::new(127, 20, 0, 9).into(),
            directory: Path::new("/data/it's"),
            authentication: false,
            tls: None,
            extra,
        }
    }

    #[test]
    fn each_release_gets_its_own_spelling() {
        let new = cassandra_yaml(&settings(Version::V4_1, ""));
        assert!(new.contains("\nmaterialized_views_enabled: true\n") && !new.contains("enable_materialized_views"));
        let old = cassandra_yaml(&settings(Version::V4_0, ""));
        assert!(old.contains("\nenable_materialized_views: true\n") && !old.contains("materialized_views_enabled"));
    }

    #[test]
    fn seeds_of_3_11_have_no_port() {
        assert!(cassandra_yaml(&settings(Version::V3_11, "")).contains("seeds: \"127.20.0.9\""));
        assert!(cassandra_yaml(&settings(Version::V5_0, "")).contains("seeds: \"127.20.0.9:7000\""));
    }

    #[test]
    fn quotes_in_paths_stay_inside_their_scalar() {
        let encryption = Encryption { identity: PathBuf::from("/node's.pem"), authorities: Some("/ca.pem".into()) };
        let yaml = cassandra_yaml(&Settings { tls: Some(&encryption), ..settings(Version::V5_0, "") });
        assert!(yaml.contains("commitlog_directory: '/data/it''s/commitlog'\n"), "{yaml}");
        assert!(yaml.contains("\n  keystore: '/node''s.pem'\n  require_client_auth: true\n  truststore: '/ca.pem'\n"));
    }

    #[test]
    fn a_key_of_the_caller_takes_the_place_of_ours_with_all_that_belongs_to_it() {
        let extra = "memtable:\n  configurations:\n    default: {class_name: TrieMemtable}\ncdc_enabled: false";
        let yaml = cassandra_yaml(&settings(Version::V5_0, extra));
        assert!(yaml.ends_with(&format!("{extra}\n")));
        assert_eq!(yaml.matches("\nmemtable:").count(), 1);
        assert!(!yaml.contains("skiplist"));
        assert_eq!(yaml.matches("\ncdc_enabled:").count(), 1);
        assert!(yaml.contains("\nstorage_compatibility_mode: NONE\n"));
    }
}
