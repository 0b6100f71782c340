#!/usr/bin/env python3
"""The same work done by this program and by Apache cqlsh 6.2.2, against one node, in one run.

    cargo build --release && benches/side_by_side.py [--runs 3] [--rows 500000] [--inserts 5000] [--megabytes 200] [WORK...]

Starts a throwaway node with `cqlsh --sandbox`, installs Apache cqlsh into target/oracle unless it is there, checks that
both print the same, and prints a table: medians of wall time, CPU seconds of the client (user and system, with its child
processes) and its peak memory. Needs Python 3.9 to 3.11, because Apache cqlsh does, and nothing beyond the standard
library here.
"""

import argparse
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OURS = os.path.join(ROOT, "target", "release", "cqlsh")
APACHE = os.path.join(ROOT, "target", "oracle", "bin", "cqlsh")
PACKAGES = ["cqlsh==6.2.2", "cassandra-driver==3.30.1"]
SCHEMA = """
CREATE KEYSPACE side WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
CREATE TABLE side.events (id bigint PRIMARY KEY, name text, at timestamp, score double, ok boolean);
CREATE TABLE side.inserted (id int PRIMARY KEY, name text, amount decimal);
"""


class Work:
    """One row of the table: what is run, with what before it, and what must be equal."""

    def __init__(self, name, arguments, before=None, check=None, same_output=True):
        self.name = name
        self.arguments = arguments
        self.before = before            # CQL run before each run, not measured
        self.check = check              # CQL whose answer after the run must be the same for both
        self.same_output = same_output


class Node:
    """A throwaway Cassandra, alive as long as its standard input is open."""

    def __enter__(self):
        self.process = subprocess.Popen([OURS, "--sandbox"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            found = re.search(r"listens on (\S+):(\d+)", line)
            if found:
                self.address = list(found.groups())
                return self
        sys.exit("the node did not start")

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def run(self, cql):
        done = subprocess.run([OURS, *self.address, "-e", cql], stdin=subprocess.DEVNULL, capture_output=True)
        if done.returncode != 0:
            sys.exit(f"{cql}\n{done.stderr.decode(errors='replace')}")
        return done.stdout


class Peak(threading.Thread):
    """Looks at the peak memory of a process, in MB, until it ends. What wait4 tells is never less than this script's own."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.megabytes = pid, 0
        self.start()

    def run(self):
        try:
            while True:
                with open(f"/proc/{self.pid}/status") as file:
                    found = re.search(r"^VmHWM:\s*(\d+) kB", file.read(), re.MULTILINE)
                if not found:
                    return
                self.megabytes = int(found[1]) / 1024
                time.sleep(0.02)
        except OSError:
            pass


def measure(program, arguments, output):
    """Runs a command; gives wall seconds, CPU seconds with its children's, and the peak memory of the process in MB."""
    with open(output, "wb") as file:
        start = time.monotonic()
        process = subprocess.Popen([program, *arguments], stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT)
        peak = Peak(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{program} {' '.join(arguments)} ended with {process.returncode}; see {output}")
    peak.join()
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return wall, usage.ru_utime + usage.ru_stime, peak.megabytes or usage.ru_maxrss / unit


def same(first, second):
    """Whether two outputs are equal, but for the remark that Apache cqlsh opens with on a server younger than itself."""
    with open(first, "rb") as ours, open(second, "rb") as theirs:
        line = theirs.readline()
        if not line.startswith(b"WARNING: cqlsh was built against"):
            theirs.seek(0)
        while True:
            block = ours.read(1 << 20)
            if block != theirs.read(1 << 20):
                return False
            if not block:
                return True


def compare(work, node, runs, directory):
    """Both programs in turn, so that what else the machine does hits both alike."""
    times = {OURS: [], APACHE: []}
    checks = {}
    outputs = {OURS: os.path.join(directory, "ours"), APACHE: os.path.join(directory, "apache")}
    for _ in range(runs):
        for program in times:
            if work.before:
                node.run(work.before)
            times[program].append(measure(program, work.arguments(node), outputs[program]))
            if work.check:
                checks[program] = node.run(work.check)
        if work.same_output and not same(outputs[OURS], outputs[APACHE]):
            sys.exit(f"{work.name}: the outputs differ; see {outputs[OURS]} and {outputs[APACHE]}")
    if len(set(checks.values())) > 1:
        sys.exit(f"{work.name}: what is in the table afterwards differs")
    return {program: [statistics.median(column) for column in zip(*rows)] for program, rows in times.items()}


def write_events(path, rows):
    dice = random.Random(1)
    with open(path, "w") as file:
        for number in range(rows):
            at = 1577836800000 + dice.randrange(10**11)
            score = dice.random() * 10 ** dice.randrange(-3, 6)
            name = f"name number {dice.randrange(10 ** dice.randrange(1, 9))}"
            file.write(f"{number},{name},{at},{score!r},{dice.random() < 0.5}\n")


def write_inserts(path, count):
    with open(path, "w") as file:
        for number in range(count):
            file.write(f"INSERT INTO side.inserted (id, name, amount) VALUES ({number}, 'name {number}', {number}.25);\n")


def write_comments(path, megabytes):
    line = "-- what stands in a comment is nobody's business, not even when it's \"quoted\"; or has ends like this one;\n"
    lines = megabytes * 1_000_000 // len(line)
    with open(path, "w") as file:
        for number in range(lines):
            file.write(line)
            if number % (lines // 5 + 1) == lines // 5:
                file.write("SELECT release_version\n/* between */ FROM system.local;\n")


def works(options, directory):
    """What is compared. A COPY is one more entry: its arguments, what to empty before it, and what must be there then."""
    inserts, comments = os.path.join(directory, "inserts.cql"), os.path.join(directory, "comments.cql")
    write_inserts(inserts, options.inserts)
    write_comments(comments, options.megabytes)
    return [
        Work("--version", lambda node: ["--version"], same_output=False),
        Work("-e, one SELECT", lambda node: [*node.address, "-e", "SELECT key FROM system.local"]),
        Work(f"SELECT of {options.rows:,} rows to a pipe", lambda node: [*node.address, "-e", "SELECT * FROM side.events"]),
        Work(f"-f, {options.inserts:,} INSERTs", lambda node: [*node.address, "-f", inserts],
             before="TRUNCATE side.inserted", check="SELECT * FROM side.inserted"),
        Work(f"-f, {options.megabytes} MB of comments", lambda node: [*node.address, "-f", comments]),
    ]


def install():
    if not os.path.exists(OURS):
        sys.exit("target/release/cqlsh is not there: cargo build --release")
    if not os.path.exists(APACHE):
        environment = os.path.join(ROOT, "target", "oracle")
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run([os.path.join(environment, "bin", "pip"), "install", "-q", *PACKAGES], check=True)


def main():
    parser = argparse.ArgumentParser(description="This program and Apache cqlsh side by side.")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--inserts", type=int, default=5_000)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("works", nargs="*", metavar="WORK", help="only works whose name holds this text")
    options = parser.parse_args()
    install()
    directory = tempfile.mkdtemp(prefix="side_by_side_")
    with Node() as node:
        node.run(SCHEMA)
        events = os.path.join(directory, "events.csv")
        write_events(events, options.rows)
        node.run(f"COPY side.events (id, name, at, score, ok) FROM '{events}' WITH ERRFILE = '{directory}/rejected'")
        print(f"{date.today()}, {os.cpu_count()} processors; median of {options.runs}; wall s / CPU s / peak MB\n")
        print("| work | this program | Apache cqlsh 6.2.2 | wall | CPU |\n|---|---|---|---|---|")
        for work in works(options, directory):
            if options.works and not any(text in work.name for text in options.works):
                continue
            results = compare(work, node, options.runs, directory)
            ours, apache = results[OURS], results[APACHE]
            cells = ["{:.3f} / {:.3f} / {:.0f}".format(*result) for result in (ours, apache)]
            ratios = [f"{apache[at] / max(ours[at], 1e-4):.0f}×" for at in (0, 1)]
            print(f"| {work.name} | {' | '.join(cells + ratios)} |", flush=True)
    shutil.rmtree(directory)


if __name__ == "__main__":
    main()
