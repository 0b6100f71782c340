//! Three nodes: rows go to nodes that keep them and come from there, and when one dies the others take its part.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Write};
use std::net::{IpAddr, SocketAddr};
use std::thread;
use std::time::{Duration, Instant};

use cqlsh::sandbox::{Builder, NATIVE_PORT, Version};

use super::bytes::{Row, int, text};
use super::network::{imported, sorted, under_way};
use super::place::{Place, assert_same};
use crate::support::cqlsh::Cqlsh;
use crate::support::node::{self, OwnNode};
use crate::support::tracer::Tracer;

const ROWS: i32 = 10_000;

/// Of these rows the traces fit in the nodes' queues.
const FEW: usize = 500;

/// Traces that take longer to be written down count as lost.
const PATIENCE: Duration = Duration::from_secs(120);

/// Nodes that announce the addresses of relays.
struct Cluster {
    own: OwnNode,
    tracers: Vec<Tracer>,
}

impl Cluster {
    fn start() -> Self {
        let tracers: Vec<Tracer> = (1..=3).map(tracer).collect();
        let announce = |tracer: &Tracer| format!("broadcast_rpc_address: {}", tracer.address);
        let own_yaml = tracers.iter().map(announce).collect();
        let own = node::own(&Builder { nodes: 3, own_yaml, ..node::builder(Version::V5_0) });
        let cluster = Self { own, tracers };
        cluster.lead(false);
        cluster
    }

    /// cqlsh at the node of that number, by the address that it announces.
    fn cqlsh(&self, node: usize, place: &Place<'_>) -> Cqlsh {
        let host = self.tracers[node].address.to_string();
        Cqlsh::new([&host, "-k", &place.keyspace]).cwd(place.path(""))
    }
}

/// A relay at an address that nobody has.
fn tracer(number: u8) -> Tracer {
    let addresses = (1..250).map(|third| IpAddr::from([127, 9, third, number]));
    addresses.into_iter().find_map(|address| Tracer::at(address, NATIVE_PORT).ok()).expect("an address is free")
}

fn lines() -> Vec<String> {
    (0..ROWS).map(|k| format!("{k},value {k}\r\n")).collect()
}

#[test]
fn three_nodes() {
    let cluster = Cluster::start();
    let place = Place::on(&cluster.own.node, "CONSISTENCY");
    place.write("in.csv", lines().concat());
    place.write("few.csv", lines()[..FEW].concat());
    let create = |replication: i32| {
        let (keyspace, class) = (&place.keyspace, "SimpleStrategy");
        let alter = format!(
            "DROP TABLE IF EXISTS t; DROP TABLE IF EXISTS u; ALTER KEYSPACE {keyspace} WITH replication = \
             {{'class': '{class}', 'replication_factor': {replication}}}; \
             CREATE TABLE t (k int PRIMARY KEY, v text); CREATE TABLE u (k int PRIMARY KEY, v text);"
        );
        place.run(&alter).succeeded();
    };
    create(1);
    requests_go_to_nodes_that_keep_the_rows(&cluster, &place);
    addresses_that_lead_elsewhere_are_not_used(&cluster, &place);
    for (replication, consistency) in [(1, "ONE"), (2, "ALL"), (3, "QUORUM")] {
        create(replication);
        rows_come_back(&place, consistency);
    }
    nodes_stand_in_for_one_that_dies(&cluster, &place);
    what_needs_all_nodes_fails_by_name(&cluster, &place);
}

fn rows_come_back(place: &Place<'_>, consistency: &str) {
    let mut expected: Vec<Row> = (0..ROWS).map(|k| vec![int(k), text(&format!("value {k}"))]).collect();
    expected.sort();
    let copied = place.run(&format!("CONSISTENCY {consistency}; COPY t FROM 'in.csv'; COPY t TO 'out.csv';"));
    assert!(copied.code() == 0 && copied.stderr.is_empty(), "{copied:?}");
    assert_eq!(sorted(&place.read("out.csv")), sorted(&lines().concat()), "{consistency}");
    assert_same(&expected, &place.cells("t"), consistency);
}

/// With one replica, a request that goes to a node that keeps its rows has no other node work for it.
fn requests_go_to_nodes_that_keep_the_rows(cluster: &Cluster, place: &Place<'_>) {
    let mut cqlsh = cluster.cqlsh(0, place);
    let mut child = cqlsh.spawn();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let mut copy = |statement: &str| {
        writeln!(stdin, "{statement};").unwrap();
        let mut line = String::new();
        while !line.contains(" rows imported from ") && !line.contains(" rows exported to ") {
            line.clear();
            assert!(stdout.read_line(&mut line).unwrap() > 0, "{statement} came to no end");
        }
    };
    for statement in [
        "COPY t FROM 'few.csv' WITH MAXINFLIGHTMESSAGES = 4",
        "COPY t FROM 'few.csv' WITH MAXINFLIGHTMESSAGES = 4 AND PREPAREDSTATEMENTS = FALSE",
        "COPY t TO 'out.csv' WITH MAXREQUESTS = 4",
    ] {
        cluster.forget_traces(place);
        // All nodes are connected to in the background, and those that nobody asks for long not any more.
        let mut seen = HashSet::new();
        while seen.len() < cluster.tracers.len() {
            copy("COPY t FROM 'few.csv'");
            let executed = cluster.executed();
            seen.extend((0..executed.len()).filter(|number| executed[*number] > 0));
        }
        let (executed, elsewhere) = cluster.traced(place, || copy(statement));
        assert!(executed.iter().all(|requests| *requests > 0), "{statement} {executed:?}");
        assert_eq!(elsewhere, 0, "{statement} of {executed:?} requests");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

impl Cluster {
    /// How many statements and batches were sent to each node since this was last asked.
    fn executed(&self) -> Vec<usize> {
        self.tracers.iter().map(Tracer::executed).collect()
    }

    fn forget_traces(&self, place: &Place<'_>) {
        place.run("TRUNCATE system_traces.sessions; TRUNCATE system_traces.events").succeeded();
    }

    /// How many requests each node got meanwhile, and how many of them had to be passed on to another node, as far as traces
    /// tell, of which there are no others. They are written down after the answers, and some are lost.
    fn traced(&self, place: &Place<'_>, work: impl FnOnce()) -> (Vec<usize>, usize) {
        self.executed();
        self.tracers.iter().for_each(|tracer| tracer.trace(true));
        work();
        self.tracers.iter().for_each(|tracer| tracer.trace(false));
        let executed = self.executed();
        let requests: usize = executed.iter().sum();
        let begun = Instant::now();
        loop {
            let mut sources: HashMap<_, HashSet<_>> = HashMap::new();
            for event in place.query("SELECT session_id, source FROM system_traces.events") {
                sources.entry(event[0].clone()).or_default().insert(event[1].clone());
            }
            if sources.len() * 2 >= requests {
                return (executed, sources.values().filter(|sources| sources.len() > 1).count());
            }
            assert!(begun.elapsed() < PATIENCE, "{} traces of {requests} requests", sources.len());
        }
    }

    /// Has all addresses lead to their own nodes, or to the first one's.
    fn lead(&self, to_first: bool) {
        let hosts = self.own.node.hosts();
        for (tracer, host) in self.tracers.iter().zip(&hosts) {
            let host = if to_first { &hosts[0] } else { host };
            tracer.lead_to(SocketAddr::new(host.parse().unwrap(), NATIVE_PORT));
        }
    }
}

/// Addresses that are announced can be another node's, behind a port map. Everything goes to the one that was given, which
/// has to pass most of it on.
fn addresses_that_lead_elsewhere_are_not_used(cluster: &Cluster, place: &Place<'_>) {
    cluster.lead(true);
    cluster.forget_traces(place);
    let (executed, elsewhere) = cluster.traced(place, || {
        cluster.cqlsh(0, place).arg("-e").arg("COPY t TO 'out.csv' WITH MAXREQUESTS = 4").run().succeeded();
    });
    cluster.lead(false);
    assert_eq!(sorted(&place.read("out.csv")), sorted(&lines()[..FEW].concat()));
    assert!(executed[0] > 0 && executed[1..] == [0, 0] && elsewhere > 0, "{elsewhere} of {executed:?}");
}

/// Of two pairs of programs one talks to the node that dies, and the other has it among its replicas.
fn nodes_stand_in_for_one_that_dies(cluster: &Cluster, place: &Place<'_>) {
    let slowly = "REPORTFREQUENCY = 0 AND MAXATTEMPTS = 20";
    let mut running = Vec::new();
    for node in [0, 2] {
        let export =
            format!("CONSISTENCY QUORUM; COPY t TO 'out{node}.csv' WITH PAGESIZE = 5 AND MAXREQUESTS = 1 AND {slowly}");
        let import =
            format!("CONSISTENCY QUORUM; COPY u FROM 'in.csv' WITH CHUNKSIZE = 50 AND INGESTRATE = 1000 AND {slowly}");
        for statement in [import, export] {
            running.push(under_way(cluster.cqlsh(node, place).arg("-e").arg(statement)));
        }
    }
    // What is asked from now on the node dies with.
    cluster.tracers[2].hold_back();
    cluster.tracers[2].executed();
    let begun = Instant::now();
    while cluster.tracers[2].executed() == 0 {
        assert!(begun.elapsed() < PATIENCE, "nobody asks the node that is to die");
        thread::yield_now();
    }
    cluster.own.node.kill(2);
    let ran: Vec<_> = running.into_iter().map(|end| end()).collect();
    for ran in &ran {
        assert_eq!(ran.code(), 0, "{ran:?}");
    }
    for (export, file) in [(&ran[1], "out0.csv"), (&ran[3], "out2.csv")] {
        assert!(export.stdout.contains(&format!("\n{ROWS} rows exported to 1 files in ")), "{export:?}");
        assert_eq!(sorted(&place.read(file)), sorted(&lines().concat()), "{file}");
    }
    assert_eq!([imported(&ran[0]), imported(&ran[2])], [ROWS as usize; 2]);
    let tells = ["will try again later attempt 1 of 20", ",  will retry later, attempt 1 of 20\n"];
    assert!(ran.iter().any(|ran| tells.iter().any(|line| ran.stderr.contains(line))), "{ran:?}");
    let copied = cluster.cqlsh(0, place).arg("-e").arg("CONSISTENCY QUORUM; COPY u TO 'u.csv'").run();
    assert_eq!(copied.code(), 0, "{copied:?}");
    assert_eq!(sorted(&place.read("u.csv")), sorted(&lines().concat()));
}

// The errors of rows and ranges are those of Apache cqlsh 6.2.2.
fn what_needs_all_nodes_fails_by_name(cluster: &Cluster, place: &Place<'_>) {
    let ran = |statement: &str| {
        let statement = format!("CONSISTENCY ALL; {statement}");
        let ran = cluster.cqlsh(0, place).arg("-e").arg(statement).run();
        assert_eq!(ran.code(), 2, "{ran:?}");
        ran
    };
    let begun = Instant::now();
    for node in [0, 1] {
        let all = "CONSISTENCY ALL; SELECT * FROM t LIMIT 1";
        while !cluster.cqlsh(node, place).arg("-e").arg(all).run().stderr.contains("Unavailable") {
            assert!(begun.elapsed() < PATIENCE, "node {node} does not take note of the death of another");
        }
    }
    place.write("one.csv", "-1,one\n");
    let import = ran("COPY u FROM 'one.csv' WITH MAXATTEMPTS = 2 AND ERRFILE = 'e'");
    let told = "Failed to import 1 rows: Unavailable - Error from server: code=1000 [Unavailable exception] \
                message=\"Cannot achieve consistency level ALL\" info={'consistency': 'ALL', 'required_replicas': 3, \
                'alive_replicas': 2}, ";
    let again = format!("{told} will retry later, attempt 1 of 2\n");
    let given_up = format!("<stdin>:1:{told} given up after 2 attempts");
    assert!(import.stderr.starts_with(&again) && import.stderr.contains(&given_up), "{import:?}");
    assert_eq!((imported(&import), place.read("e").as_str()), (0, "-1,one\n"));

    let export = ran("COPY t TO 'all.csv' WITH MAXATTEMPTS = 2");
    let told = "NoHostAvailable - ('Unable to complete the operation against any hosts', {<Host: 127.9.";
    let why = "datacenter1>: Unavailable('Error from server: code=1000 [Unavailable exception] message=\"Cannot achieve \
               consistency level ALL\" info={\\'consistency\\': \\'ALL\\', \\'required_replicas\\': 3, \
               \\'alive_replicas\\': 2}')}) (";
    let line = export.stderr.lines().next().unwrap_or_default();
    assert!(line.starts_with("Error for (") && line.contains(told) && line.contains(why), "{export:?}");
    assert!(line.ends_with(" (will try again later attempt 1 of 2)"), "{export:?}");
    assert!(export.stderr.contains(" (permanently given up after 0 rows and 2 attempts)\n"), "{export:?}");
    assert!(!place.files().contains(&"all.csv".to_owned()));
}
