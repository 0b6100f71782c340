#!/usr/bin/env python3
"""COPY beside Apache cqlsh 6.2.2 and DSBulk 1.10: the same work, one node, one run.

    cargo build --release && benches/copy_side_by_side.py [--runs 3] [--scale 1] [WORK...]

Prints, for each work, medians of wall time, rows a second, CPU seconds of the client and of the server, and the client's
peak memory, the start of the program included. Each import is checked by what is in the table afterwards, each export by
the file's records. Needs Java 17 and Maven for the node and DSBulk, beside what side_by_side.py needs.
"""

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import date

from side_by_side import APACHE, OURS, ROOT, Node, install, measure

DSBULK = os.path.join(ROOT, "target", "dsbulk")
POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>bench</groupId><artifactId>dsbulk</artifactId><version>1</version>
  <dependencies>%s</dependencies>
</project>
"""
MODULES = ["runner", "connectors-csv", "workflow-load", "workflow-unload", "batcher-reactor", "executor-reactor"]
DEPENDENCY = ("<dependency><groupId>com.datastax.oss</groupId><artifactId>dsbulk-{}</artifactId>"
              "<version>1.10.0</version></dependency>")
PROGRAMS = {"this program": OURS, "Apache cqlsh 6.2.2": APACHE, "DSBulk 1.10": "java"}


class Table:
    """A table, and what writes its rows as the records of a file."""

    def __init__(self, name, columns, key, rows, record):
        self.name, self.columns, self.key, self.rows, self.record = name, columns, key, rows, record

    @property
    def names(self):
        return [column.split()[0] for column in self.columns.split(", ")]

    def write(self, path):
        dice = random.Random(1)
        with open(path, "w") as file:
            for number in range(self.rows):
                file.write(",".join(self.record(number, dice)) + "\n")


def narrow(number, dice):
    # Doubles that Apache cqlsh writes as they are.
    score = f"{dice.randrange(10**5)}.{dice.choice(['25', '5', '75'])}"
    return [str(number), f"name of number {dice.randrange(10**6)}", score,
            f"2024-0{dice.randrange(1, 10)}-1{dice.randrange(10)} 0{dice.randrange(10)}:{dice.randrange(10, 60)}:00"
            f".{dice.randrange(1000):03}+0000", str(dice.randrange(10))]


def kilobyte(number, dice):
    return [str(number), "".join(dice.choices("abcdefghijklmnopqrstuvwxyz ", k=1000)).strip() + "."]


def wide(number, dice):
    return [str(number // 1000), str(number % 1000), f"reading {dice.randrange(10**6)}", f"{dice.randrange(1, 10**6)}"]


def tables(scale):
    return [
        Table("narrow", "id int, name text, score double, at timestamp, level int", "id", int(500_000 * scale), narrow),
        Table("kilobyte", "id int, body text", "id", int(50_000 * scale), kilobyte),
        Table("wide", "p int, c int, name text, v bigint", "p, c", int(200_000 * scale), wide),
    ]


def fetch_dsbulk():
    if os.path.isdir(os.path.join(DSBULK, "lib")):
        return
    os.makedirs(DSBULK, exist_ok=True)
    with open(os.path.join(DSBULK, "pom.xml"), "w") as file:
        file.write(POM % "".join(DEPENDENCY.format(module) for module in MODULES))
    subprocess.run(["mvn", "-q", "-B", "dependency:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory=lib"],
                   cwd=DSBULK, check=True)


def arguments(program, direction, table, file, node, directory):
    """The command line of one program."""
    names = ", ".join(table.names)
    if program != "java":
        options = f" WITH ERRFILE = '{directory}/rejected'" if direction == "FROM" else ""
        return [*node.address, "-e", f"COPY bulk.{table.name} ({names}) {direction} '{file}'{options}"]
    mapping = ",".join(f"{at}={name}" for at, name in enumerate(table.names))
    word = "load" if direction == "FROM" else "unload"
    host, port = node.address
    return ["-cp", os.path.join(DSBULK, "lib", "*"), "com.datastax.oss.dsbulk.runner.DataStaxBulkLoader", word,
            "-h", host, "-port", port, "-k", "bulk", "-t", table.name, "-m", mapping, "-url", file, "-header", "false",
            "-maxConcurrentFiles", "1", "-logDir", os.path.join(directory, "logs"), "--log.checkpoint.enabled", "false",
            "--codec.timestamp", "yyyy-MM-dd HH:mm:ss.SSSZ"]


def server_cpu(node):
    """CPU seconds the node has taken so far."""
    mark = f"cqlsh-sandbox-{node.address[0]}".encode()
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                command = file.read()
            if mark in command and b"CassandraDaemon" in command:
                with open(f"/proc/{name}/stat") as file:
                    fields = file.read().rsplit(")", 1)[1].split()
                return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except OSError:
            pass
    return 0.0


def records(path):
    """A file's records in a fixed order, whatever its line ends; DSBulk writes a directory of files."""
    files = [path] if os.path.isfile(path) else sorted(os.path.join(path, name) for name in os.listdir(path))
    lines = []
    for file in files:
        with open(file, "rb") as opened:
            lines.extend(line.rstrip(b"\r\n") for line in opened)
    return sorted(lines)


def remove(path):
    shutil.rmtree(path) if os.path.isdir(path) else os.path.exists(path) and os.remove(path)


def run(program, direction, table, source, node, directory):
    """One run; gives wall and CPU seconds, peak memory and the server's CPU seconds. Stops when the work was not done."""
    exported = os.path.join(directory, "exported.csv")
    remove(exported)
    if direction == "FROM":
        node.run(f"TRUNCATE bulk.{table.name}")
    before = server_cpu(node)
    file = source if direction == "FROM" else exported
    command = arguments(program, direction, table, file, node, directory)
    figures = measure(program, command, os.path.join(directory, "output"))
    server = server_cpu(node) - before
    if direction == "FROM":
        node.run(f"COPY bulk.{table.name} ({', '.join(table.names)}) TO '{exported}'")
    if records(exported) != records(source):
        sys.exit(f"{program}: COPY {direction} of {table.name}: the records differ; see {exported} and {source}")
    return *figures, server


def main():
    parser = argparse.ArgumentParser(description="COPY beside Apache cqlsh and DSBulk.")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--warmup", type=int, default=3, help="runs that are not measured, before each work")
    parser.add_argument("--scale", type=float, default=1, help="as many times the rows")
    parser.add_argument("--only", action="append", help="only this program, by the beginning of its name")
    parser.add_argument("works", nargs="*", metavar="WORK", help="only works whose name holds this text, as 'TO narrow'")
    options = parser.parse_args()
    install()
    fetch_dsbulk()
    programs = {name: program for name, program in PROGRAMS.items()
                if not options.only or any(name.startswith(text) for text in options.only)}
    directory = tempfile.mkdtemp(prefix="copy_side_by_side_")
    with Node() as node:
        node.run("CREATE KEYSPACE bulk WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}")
        print(f"{date.today()}, {os.cpu_count()} processors shared with the node; median of {options.runs}\n")
        print("| work | program | wall s | rows/s | client CPU s | server CPU s | peak MB |\n|---|---|---|---|---|---|---|")
        for table in tables(options.scale):
            source = os.path.join(directory, f"{table.name}.csv")
            table.write(source)
            node.run(f"CREATE TABLE bulk.{table.name} ({table.columns}, PRIMARY KEY ({table.key}))"
                     f"; COPY bulk.{table.name} ({', '.join(table.names)}) FROM '{source}' WITH ERRFILE = '{directory}/rejected'")
            for direction in ("FROM", "TO"):
                work = f"{direction} {table.name}"
                if options.works and not any(text in work for text in options.works):
                    continue
                # A JVM compiles what it runs often: the first runs, which are not measured, make it ready.
                for _ in range(options.warmup):
                    run(OURS, direction, table, source, node, directory)
                taken = {name: [] for name in programs}
                for _ in range(options.runs):
                    for name, program in programs.items():
                        taken[name].append(run(program, direction, table, source, node, directory))
                for name, rows in taken.items():
                    wall, cpu, memory, server = [statistics.median(column) for column in zip(*rows)]
                    print(f"| COPY {work}, {table.rows:,} rows | {name} | {wall:.2f} | {table.rows / wall:,.0f} | {cpu:.2f} "
                          f"| {server:.2f} | {memory:.0f} |", flush=True)
    shutil.rmtree(directory)


if __name__ == "__main__":
    main()
