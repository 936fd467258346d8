"""rules/verified/python.toml: what was found in the real packages, and when."""

import datetime
import json
import platform
import tomllib

from questions import version_key

HEAD = """\
# What scripts/check-facts.py found in the real packages. It writes this file (--write); do not edit it.
# A line holds for the versions that were looked at from `from` to `to`.
"""


def runs(rows, versions):
    """Rows of one fact, joined where versions that follow each other have the same value."""
    place = {version: at for at, version in enumerate(versions)}
    joined = []
    for row in sorted(rows, key=lambda row: place[row["version"]]):
        last = joined[-1] if joined else None
        if last and last["value"] == row["found"] and place[last["to"]] + 1 == place[row["version"]]:
            last["to"] = row["version"]
        else:
            joined.append({"value": row["found"], "from": row["version"], "to": row["version"]})
    return joined


def section(name, rows, failures):
    """The table of one library."""
    versions = sorted({row["version"] for row in rows}, key=version_key)
    facts = {}
    for row in rows:
        if row["verdict"] == "same":
            facts.setdefault((row["subject"], row["fact"]), []).append(row)
    lines = []
    for (subject, fact), found in sorted(facts.items()):
        for run in runs(found, versions):
            lines.append({"subject": subject, "fact": fact, **run})
    return {
        "library": name,
        "verified": datetime.date.today().isoformat(),
        "python": platform.python_version(),
        "versions": versions,
        "not-installed": sorted((version for version, _ in failures), key=version_key),
        "found": lines,
    }


def text(table):
    """One library as TOML. JSON's strings, numbers, booleans and lists of them are TOML's, too."""
    lines = ["[[library]]"]
    for key in ("library", "verified", "python", "versions", "not-installed"):
        lines.append(f"{key} = {json.dumps(table[key])}")
    lines.append("found = [")
    for fact in table["found"]:
        lines.append("    { " + ", ".join(f"{key} = {json.dumps(value)}" for key, value in fact.items()) + " },")
    return "\n".join([*lines, "]", ""])


def write(path, rows, failures):
    """Replaces the tables of the libraries in `rows`; the others stay."""
    kept = tomllib.loads(path.read_text())["library"] if path.is_file() else []
    tables = {table["library"]: table for table in kept}
    for name in {row["library"] for row in rows}:
        own = [row for row in rows if row["library"] == name]
        failed = [(version, reason) for library, version, reason in failures if library["library"] == name]
        tables[name] = section(name, own, failed)
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([HEAD, *(text(tables[name]) for name in sorted(tables))]))
