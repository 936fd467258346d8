#!/usr/bin/env python3
"""Compares what rules/clients/python/ states with the real packages.

    python3 scripts/check-facts.py                  all libraries, every version that matters; takes long
    python3 scripts/check-facts.py --only httpx     one library; may be repeated
    python3 scripts/check-facts.py --quick          the newest version of six libraries, for CI
    python3 scripts/check-facts.py --write          writes what was found to rules/verified/python.toml

For each version that matters (the newest, both sides of every `since` and `until`, and those that the file names as run) it
makes a virtual environment, installs the package, builds each client without a network and reads off what it is set to.
scripts/facts/builds.toml tells what a client needs to be built. The environments are kept under target/facts/.

It prints a line for each fact that is not as stated, or all with --all, and what could not be looked at. Exit code 1: a fact
differs, or could not be read. Versions that do not install on this Python are listed, and are no failure.
Reads TOML with tomllib: Python 3.11.
"""

import argparse
import concurrent.futures
import pathlib
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE / "facts"))

import environments  # noqa: E402  (its folder has to be named first)
import record  # noqa: E402
from questions import questions, version_key, versions_to_check  # noqa: E402

QUICK = ("httpx", "httpx2", "anthropic", "openai", "requests", "aiohttp")


def libraries(names):
    files = sorted((ROOT / "rules/clients/python").glob("*.toml"))
    found = [tomllib.loads(file.read_text()) for file in files]
    unknown = set(names) - {library["library"] for library in found}
    if unknown:
        sys.exit(f"no such library: {', '.join(sorted(unknown))}")
    return [library for library in found if not names or library["library"] in names]


def verdict(question, answer, is_known):
    """`same`, `differs`, `known` (differs, and builds.toml says why that is let be), `absent` (this version has no such
    thing) or `unread`."""
    if "found" not in answer:
        return "absent" if "absent" in answer else "unread"
    found = str(answer["found"]).removeprefix("raises ").removeprefix("goes to ")
    same = found in question["told"] if "told" in question else answer["found"] == question["stated"]
    return "same" if same else "known" if is_known else "differs"


def known(builds, version, question):
    """Whether a difference of this fact in old versions is known and let be."""
    return any(
        question["fact"] == spec["fact"] and version_key(version) < version_key(spec["until"])
        for spec in builds.get("known", [])
    )


def check(library, version, builds, cache):
    """Rows of one version, or the reason why it could not be looked at."""
    environment = environments.prepare(library["package"], version, builds, cache)
    if environment.failure:
        return environment.failure
    asked = questions(library, version)
    answers = environments.ask(environment, asked, builds)
    if isinstance(answers, str):
        return answers
    return [
        row(library, version, question, answer, known(builds, version, question))
        for question, answer in zip(asked, answers)
    ]


def row(library, version, question, answer, is_known):
    found = answer.get("found", answer.get("unread", answer.get("absent")))
    return {
        "library": library["library"],
        "version": version,
        "subject": question.get("subject", question["symbols"][0]),
        "fact": question["fact"],
        "stated": question.get("stated", question.get("told")),
        "found": found,
        "verdict": verdict(question, answer, is_known),
    }


def settle(rows):
    """What no version has is not known to exist."""
    seen = {}
    for one in rows:
        seen.setdefault((one["library"], one["subject"], one["fact"]), set()).add(one["verdict"])
    for one in rows:
        if seen[one["library"], one["subject"], one["fact"]] == {"absent"}:
            one["verdict"] = "unread"
    return rows


def table(rows):
    columns = ("library", "version", "subject", "fact", "stated", "found", "verdict")
    cells = [columns, *[[shortened(str(one[column])) for column in columns] for one in rows]]
    widths = [max(len(line[at]) for line in cells) for at in range(len(columns))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in cells)


def shortened(text):
    return text if len(text) <= 70 else f"{text[:67]}..."


def work(options):
    """(library, version) pairs, each with what builds its clients."""
    builds = tomllib.loads((HERE / "facts/builds.toml").read_text())
    names = options.only or (QUICK if options.quick else ())
    for library in libraries(names):
        released = environments.released(library["package"])
        newest = max(released, key=version_key)
        for version in [newest] if options.quick else versions_to_check(library, released):
            yield library, version, builds.get(library["library"], {})


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", default=[], metavar="LIBRARY", help="may be repeated")
    parser.add_argument("--quick", action="store_true", help="the newest version of: " + ", ".join(QUICK))
    parser.add_argument("--write", action="store_true", help="write the record; not with --quick")
    parser.add_argument("--all", action="store_true", help="show the facts that hold, too")
    parser.add_argument("--cache", type=pathlib.Path, default=ROOT / "target/facts", help="folder of the environments")
    parser.add_argument("--jobs", type=int, default=2, help="versions that are looked at at once")
    options = parser.parse_args()
    if options.quick and options.write:
        parser.error("--quick looks at too little for a record")
    return options


def main():
    options = parse()
    todo = list(work(options))
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda one: check(*one, options.cache), todo))
    failures = [(one[0], one[1], result) for one, result in zip(todo, results) if isinstance(result, str)]
    rows = settle([row for result in results if not isinstance(result, str) for row in result])
    wrong = [one for one in rows if one["verdict"] in ("differs", "unread")]
    shown = rows if options.all else wrong
    if shown:
        print(table(shown))
    for library, version, reason in failures:
        print(f"not looked at: {library['library']} {version}: {reason}")
    same = sum(one["verdict"] == "same" for one in rows)
    print(f"{same} facts hold, {len(wrong)} do not, in {len(todo) - len(failures)} versions of {len(todo)}")
    if options.write:
        # Of a library with a wrong fact the old record stays, and so does the test that fails for it.
        clean = {one["library"] for one in rows} - {one["library"] for one in wrong}
        record.write(ROOT / "rules/verified/python.toml", [one for one in rows if one["library"] in clean], failures)
    broken = [one for one in failures if not one[2].startswith(environments.NO_INSTALL)]
    return 1 if wrong or broken else 0


if __name__ == "__main__":
    sys.exit(main())
