#!/usr/bin/env python3
"""The program against the limits and the peers that a user would take, in pairs.

    python3 benches/peers.py DATA [--program target/release/chitieu] [--runs 5]

DATA is a folder with rules.chitieu, rules.json, wide.ndjson, wide.csv, long.csv and wide.parquet, as
described in benches/README.md; files that are not there are left out. Every contender runs as a process of its own, all in turn, `--runs` times; what
is printed are medians of CPU (user + system) and wall time in ms, and the ratio of our CPU to
theirs, which is the median of the ratios of pairs, once for counts and once for a table with a
verdict for every snapshot and target (`--layout wide -o FILE.parquet`). DuckDB and Polars are left out where Python
does not have them; the limits need `cargo build --release` in benches/peers.
"""
import argparse, json, os, resource, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.path.join(HERE, "peers", "target", "release", "chitieu-peers")
TABLE = "chitieu, verdict table to Parquet"


def run(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{command[:3]}: {done.stderr.decode()[-500:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu * 1000, wall * 1000, done.stdout


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def sql(rules, value):
    """One query that counts all targets; `value` gives the text of an indicator."""
    counts = []
    names = rules["names"]
    for r in rules["rules"]:
        if r["kind"] == "ratio":
            a, b = value(names[r["num"]]), value(names[r["den"]])
            test = f"{a} * 100 >= {r['t']} * {b}"
        elif r["kind"] == "between":
            a = value(names[r["col"]])
            test = f"{a} BETWEEN {r['lo']} AND {r['hi']}"
        else:
            test = f"{value(names[r['col']])} {r['op']} {r['t']}"
        counts += [f"count(*) FILTER ({test})", f"count(*) FILTER (NOT ({test}))"]
    return ", ".join(counts)


DUCK = """
import duckdb, sys
con = duckdb.connect(); con.execute("SET threads=2")
print(con.execute(sys.stdin.read()).fetchall())
"""

POLARS = """
import polars as pl, sys, json
rules = json.load(open(sys.argv[1])); names = rules["names"]
schema = {n: pl.Decimal(18, 4) for n in names}
f = pl.scan_parquet(sys.argv[2]) if sys.argv[2].endswith(".parquet") else pl.scan_csv(
    sys.argv[2], schema_overrides={**{n: pl.Decimal(18, 4) for n in names}})
out = []
lit = lambda t: pl.lit(t).cast(pl.Decimal(18, 4))
for r in rules["rules"]:
    if r["kind"] == "ratio":
        t = pl.col(names[r["num"]]) * 100 >= lit(r["t"]) * pl.col(names[r["den"]])
    elif r["kind"] == "between":
        t = pl.col(names[r["col"]]).is_between(lit(r["lo"]), lit(r["hi"]))
    else:
        c, l = pl.col(names[r["col"]]), lit(r["t"])
        t = {">=": c >= l, ">": c > l, "<=": c <= l}[r["op"]]
    out += [t.sum().alias("y" + r["id"]), (~t).sum().alias("n" + r["id"])]
print(f.select(out).collect().row(0))
"""


def has(module):
    return subprocess.run([sys.executable, "-c", f"import {module}"], stderr=subprocess.DEVNULL).returncode == 0


def contenders(data, rules):
    """By input: the names of contenders with their commands and standard input."""
    path = lambda name: os.path.join(data, name)
    found = {"wide.ndjson": {}, "wide.csv": {}, "long.csv": {}, "wide.parquet": {}}
    if os.path.exists(PEERS):
        found["wide.ndjson"]["simd-json tape, 2 threads"] = [PEERS, "simd-json", path("wide.ndjson")]
        for name in ("wide.csv", "long.csv"):
            found[name]["csv crate, raw records"] = [PEERS, "csv", path(name)]
        found["wide.parquet"]["parquet crate, arrays, 2 threads"] = [PEERS, "parquet", path("wide.parquet")]
        for name in found:
            found[name]["reading alone"] = [PEERS, "read", path(name)]
    if has("duckdb"):
        types = "{" + ", ".join(f"'{n}': 'DECIMAL(18,4)'" for n in rules["names"]) + "}"
        read = f"read_csv('{path('wide.csv')}', types={types})"
        query = f"SELECT {sql(rules, quoted)} FROM {read}"
        found["wide.csv"]["DuckDB"] = [sys.executable, "-c", DUCK.replace("sys.stdin.read()", repr(query))]
        fields = "STRUCT(" + ", ".join(f"{quoted(n)} DECIMAL(18,4)" for n in rules["names"]) + ")"
        columns = f"{{entity: 'VARCHAR', as_of: 'VARCHAR', measurements: '{fields}'}}"
        read = f"read_json('{path('wide.ndjson')}', format='newline_delimited', columns={columns})"
        query = f"SELECT {sql(rules, lambda n: 'measurements.' + quoted(n))} FROM {read}"
        found["wide.ndjson"]["DuckDB"] = [sys.executable, "-c", DUCK.replace("sys.stdin.read()", repr(query))]
        text = lambda n: "'" + n.replace("'", "''") + "'"
        cells = ", ".join(f"max(value) FILTER (indicator = {text(n)}) AS {quoted(n)}" for n in rules["names"])
        read = f"read_csv('{path('long.csv')}', types={{'value': 'DECIMAL(18,4)'}})"
        wide = f"(SELECT {cells} FROM {read} GROUP BY entity, as_of)"
        query = f"SELECT {sql(rules, quoted)} FROM {wide}"
        found["long.csv"]["DuckDB"] = [sys.executable, "-c", DUCK.replace("sys.stdin.read()", repr(query))]
        query = f"SELECT {sql(rules, quoted)} FROM read_parquet('{path('wide.parquet')}')"
        found["wide.parquet"]["DuckDB"] = [sys.executable, "-c", DUCK.replace("sys.stdin.read()", repr(query))]
    if has("polars"):
        found["wide.parquet"]["Polars"] = [sys.executable, "-c", POLARS, path("rules.json"), path("wide.parquet")]
        found["wide.csv"]["Polars"] = [sys.executable, "-c", POLARS, path("rules.json"), path("wide.csv")]
    return {name: others for name, others in found.items() if os.path.exists(path(name))}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data")
    parser.add_argument("--program", default="target/release/chitieu")
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    rules = json.load(open(os.path.join(args.data, "rules.json")))
    expected = json.load(open(os.path.join(args.data, "expected.json")))
    for name, others in contenders(args.data, rules).items():
        base = [args.program, "eval", os.path.join(args.data, "rules.chitieu"), "--data",
                os.path.join(args.data, name), "--number-format", "en", "--threads", "2"]
        ours = [*base, "--summary", "--format", "ndjson"]
        table = os.path.join(tempfile.gettempdir(), f"chitieu-peers-{os.getpid()}.parquet")
        to_parquet = [*base, "--complete-records", "--layout", "wide", "-o", table]
        others = {"chitieu without --complete-records": ours, **others}
        runs = {"chitieu --complete-records": [], TABLE: []} | {other: [] for other in others}
        for _ in range(args.runs):
            runs[TABLE].append(run(to_parquet)[:2])
            os.remove(table)
            cpu, wall, out = run([*ours, "--complete-records"])
            check(out, expected)
            runs["chitieu --complete-records"].append((cpu, wall))
            for other, command in others.items():
                runs[other].append(run(command)[:2])
        print(f"{name}, {os.path.getsize(os.path.join(args.data, name)) >> 20} MiB")
        first = runs["chitieu --complete-records"]
        for other, times in runs.items():
            cpu, wall = (statistics.median(one) for one in zip(*times))
            ratio, with_table = (
                statistics.median(a[0] / max(b[0], 0.001) for a, b in zip(one, times))
                for one in (first, runs[TABLE]))
            print(f"  {other:38} cpu {cpu:7.0f}  wall {wall:7.0f}  ours/this {ratio:5.2f}  "
                  f"to Parquet/this {with_table:5.2f}")


def check(out, expected):
    """The counts are exact."""
    rows = [json.loads(line)["counts"] for line in out.splitlines()[:-1]]
    counts = [[r["exceeded"] + r["met"], r["not_met"], r["no_data"]] for r in rows]
    if counts not in expected.values():
        sys.exit("the counts are wrong")


if __name__ == "__main__":
    main()
