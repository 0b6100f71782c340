#!/usr/bin/env python3
"""The peak memory of COPY, both ways: that of a file, and that of one 20 times as large, which must be the same.

    cargo build --release && benches/copy_memory.py [--rows 100000]

Prints wall and CPU seconds and the peak of each run, and fails when a peak is above its bound, or a large file's more than
a fifth above a small one's. Needs what copy_side_by_side.py needs of Java and Maven, and no other program.
"""

import argparse
import os
import shutil
import sys
import tempfile

from copy_side_by_side import Table, narrow
from side_by_side import OURS, Node, measure

TIMES = 20
# Of the peak, in MB.
BOUNDS = {"TO": 48, "FROM": 64}
MARGIN = 1.2


def lines(path):
    with open(path, "rb") as file:
        return sum(1 for _ in file)


def main():
    parser = argparse.ArgumentParser(description="The peak memory of COPY.")
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the small file")
    options = parser.parse_args()
    directory = tempfile.mkdtemp(prefix="copy_memory_")
    source, exported = (os.path.join(directory, name) for name in ("source.csv", "exported.csv"))
    columns = "id int, name text, score double, at timestamp, level int"
    peaks, wrong = {}, []
    try:
        with Node() as node:
            node.run("CREATE KEYSPACE bulk WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};"
                     f"CREATE TABLE bulk.narrow ({columns}, PRIMARY KEY (id))")
            print("| work | wall s | rows/s | client CPU s a million rows | peak MB |\n|---|---|---|---|---|")
            for rows in (options.rows, options.rows * TIMES):
                table = Table("narrow", columns, "id", rows, narrow)
                table.write(source)
                for direction, file in (("FROM", source), ("TO", exported)):
                    statement = f"COPY bulk.narrow ({', '.join(table.names)}) {direction} '{file}'"
                    wall, cpu, peak = measure(OURS, [*node.address, "-e", statement], os.path.join(directory, "output"))
                    peaks.setdefault(direction, []).append(peak)
                    print(f"| COPY {direction} narrow, {rows:,} rows | {wall:.2f} | {rows / wall:,.0f} "
                          f"| {cpu * 1e6 / rows:.2f} | {peak:.1f} |", flush=True)
                if lines(exported) != rows:
                    sys.exit(f"{lines(exported)} records were exported of {rows}")
    finally:
        shutil.rmtree(directory)
    for direction, (small, large) in peaks.items():
        if max(small, large) > BOUNDS[direction]:
            wrong.append(f"COPY {direction} took {max(small, large):.1f} MB; its bound is {BOUNDS[direction]} MB")
        if large > small * MARGIN:
            wrong.append(f"COPY {direction} took {large:.1f} MB for {TIMES} times what {small:.1f} MB were enough for")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
