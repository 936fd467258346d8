#!/usr/bin/env python3
"""Compares the facts in rules/clients/rust/ with the source of the crates, in every version that they name.

    python3 scripts/check-facts-rust.py                  # all, as a table; exit code 1 where a fact is wrong
    python3 scripts/check-facts-rust.py --only rig      # one library; may be repeated
    python3 scripts/check-facts-rust.py --quick          # reqwest, hyper, hyper-util and ureq, for CI
    python3 scripts/check-facts-rust.py --write          # and record what held in rules/verified/rust.toml

A default says where it stands: `src/async_impl/client.rs:302 of 0.13.5`, with the crate before it where that is another
one. That line must hold the value. The same field is then looked up in the same file of the other versions for which the
fact is stated: those that `versions` names, the first one (`since`), the newest before `until`, the newest of all. The
features of a `[[feature-set]]` are compared with the manifests of its first and its newest version.

Whether a client speaks HTTP/2 no line tells: that is measured, with the programs of fixtures/reality/rust/.

The crates come through cargo (`cargo info`), which keeps them in its registry folder. Reads TOML with tomllib: Python 3.11.
"""

import argparse
import datetime
import functools
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
RULES = ROOT / "rules" / "clients" / "rust"
RECORD = ROOT / "rules" / "verified" / "rust.toml"

QUICK = ("reqwest", "hyper", "hyper-util", "ureq")

CITED = re.compile(r"(?:(?P<crate>[\w-]+) )?(?P<file>src/[\w/.-]+\.rs):(?P<line>\d+) of (?P<version>\d[\w.+-]*\w)")
ALSO = re.compile(r":(?P<line>\d+) of (?P<version>\d[\w.+-]*\w)")
PLAIN_WORDS = {"in", "at", "and"}
LACKS = re.compile(r"(?P<file>src/[\w/.-]+\.rs) of (?P<version>\d[\w.+-]*\w) has no `(?P<text>[^`]+)`")
VERSION = re.compile(r"\b\d+\.\d+\.\d+(?:-[\w.]+)?\b")
UNITS = {"secs": 1.0, "millis": 0.001, "mins": 60.0}
VALUES = [
    (re.compile(r"from_(secs|millis|mins)\((\d+)\)"), lambda m: UNITS[m[1]] * float(m[2])),
    (re.compile(r"\bus(?:ize::MAX|ize::max_value)"), lambda m: "unlimited"),
    (re.compile(r"\bNone\b"), lambda m: "unlimited"),
    (re.compile(r"(?:[:=(]\s*|`)(\d+)\b"), lambda m: int(m[1])),
    (re.compile(r"\bno timeout\b"), lambda m: "unlimited"),
    (re.compile(r"\b(\d+) seconds\b"), lambda m: float(m[1])),
]


class Missing(Exception):
    """A version or a file that is not there."""


@functools.cache
def source(crate, version):
    """The folder of a crate in cargo's registry; `version` may be a prefix (`0.11`) and then stands for its newest."""
    asked = f"{crate}@{version}" if version else crate
    with tempfile.TemporaryDirectory() as nowhere:  # a lock file in sight would choose the version
        run = subprocess.run(["cargo", "info", "--quiet", asked], cwd=nowhere, capture_output=True, text=True)
    found = re.search(r"^version: (\S+)(?: .*latest (\S+)\))?", run.stdout, re.M)
    if run.returncode or not found:
        raise Missing(f"cargo has no {asked}")
    if not version and found[2]:  # the newest may ask for a newer compiler than this one
        return source(crate, found[2])
    home = pathlib.Path(os.environ.get("CARGO_HOME", pathlib.Path.home() / ".cargo"))
    folders = list(home.glob(f"registry/src/*/{crate}-{found[1]}"))
    if not folders:
        raise Missing(f"cargo unpacked no {crate} {found[1]}")
    return found[1], folders[0]


@functools.cache
def lines(crate, version, file):
    version, folder = source(crate, version)
    path = folder / file
    if not path.is_file():
        raise Missing(f"{crate} {version} has no {file}")
    return version, path.read_text(encoding="utf-8").splitlines()


def value_of(line):
    """What a line of source sets: seconds, a number, or no limit."""
    return next((read(match) for pattern, read in VALUES if (match := pattern.search(line))), None)


def field_of(line):
    """What identifies the line in other versions: `pool_idle_timeout:`, `.timeout(`, `const NAME`."""
    found = re.match(r"\s*((?:pub )?(?:const )?\.?\w+\s*[:(])", line)
    return found[1].strip() if found else line.strip()


def before(version):
    """A prefix whose newest version is the newest before this one: 0.12.0 -> 0.11, 3.0.0 -> 2, 0.12.16 -> 0.12.15."""
    numbers = [int(number) for number in version.split(".")]
    while numbers[-1] == 0:
        numbers.pop()
    return ".".join(map(str, numbers[:-1] + [numbers[-1] - 1]))


def key(version):
    return [int(number) for number in re.findall(r"\d+", version.split("-")[0])]


def within(version, fact):
    low, high = fact.get("since"), fact.get("until")
    return (not low or key(version) >= key(low)) and (not high or key(version) < key(high))


def stated_for(library, fact):
    """The versions, or prefixes of them, for which a fact has to hold."""
    named = [version for version in VERSION.findall(library["versions"]) if within(version, fact)]
    ends = [fact["since"]] if "since" in fact else []
    return sorted({*named, *ends, before(fact["until"]) if "until" in fact else ""})


def citations(library, fact):
    """(crate, file, line, version) for each line that a fact's source names."""
    for match in CITED.finditer(fact["source"]):
        crate = None if match["crate"] in PLAIN_WORDS else match["crate"]
        yield crate or library["package"], match["file"], int(match["line"]), match["version"]
        rest = fact["source"][match.end():]
        for also in ALSO.finditer(rest.split("src/")[0]):
            yield crate or library["package"], match["file"], int(also["line"]), also["version"]


class Verdict:
    """What one place says of a fact."""

    def __init__(self, place, found, stated):
        self.place, self.found = place, found
        self.right = found == stated and isinstance(found, str) == isinstance(stated, str)


def cited(fact, crate, file, number, version):
    """The line that a source names."""
    version, text = lines(crate, version, file)
    found = value_of(text[number - 1]) if number <= len(text) else "no such line"
    return version, Verdict(f"{crate} {version} {file}:{number}", found, fact["value"])


def elsewhere(fact, crate, file, number, version, other):
    """The same field in another version: the line with the value, or the first that has the field."""
    _, text = lines(crate, version, file)
    field = field_of(text[number - 1])
    other, text = lines(crate, other, file)
    held = [(at, value_of(line)) for at, line in enumerate(text, 1) if line.strip().startswith(field)]
    told = [Verdict(f"{crate} {other} {file}:{at}", found, fact["value"]) for at, found in held if found is not None]
    if not told:
        raise Missing(f"{crate} {other} has no `{field}` in {file}")
    return next((verdict for verdict in told if verdict.right), told[0])


def lacking(library, fact):
    """`src/agent.rs of 2.12.1 has no `max_idle_age``: no such setting, so no limit."""
    for match in LACKS.finditer(fact["source"]):
        version, text = lines(library["package"], match["version"], match["file"])
        found = "there is one" if any(match["text"] in line for line in text) else "unlimited"
        place = f"{library['package']} {version} {match['file']} has no {match['text']}"
        yield version, Verdict(place, found, fact["value"])


def check_default(library, fact):
    """The verdicts of one default, and what could not be read."""
    places = list(citations(library, fact))
    told, unread = {(library["package"], version): verdict for version, verdict in lacking(library, fact)}, []
    for crate, file, number, version in places:
        exact, verdict = cited(fact, crate, file, number, version)
        told[crate, exact] = verdict
    own = [place for place in places if place[0] == library["package"]]
    for other in stated_for(library, fact) if own else []:
        try:
            exact, _ = source(library["package"], other)
            if (library["package"], exact) not in told and within(exact, fact):
                told[library["package"], exact] = first_found(fact, own, exact)
        except Missing as error:
            unread.append(str(error))
    return list(told.values()), unread


def first_found(fact, places, version):
    """What the first of the places that exists in another version says."""
    for place in places[:-1]:
        try:
            return elsewhere(fact, *place, version)
        except Missing:
            continue
    return elsewhere(fact, *places[-1], version)


def features_of(package, version):
    """(the features on by default, what each switches on, packages behind optional dependencies) of a manifest."""
    exact, folder = source(package, version)
    return exact, tomllib.loads((folder / "Cargo.toml").read_text(encoding="utf-8"))


def closure(features, start):
    """Every feature that is on with `start`, and the dependencies that it brings, as `dep:name`."""
    on, rest = set(), list(start)
    while rest:
        feature = rest.pop()
        if feature not in on:
            on.add(feature)
            rest += features.get(feature, [])
    return on


def check_feature_set(library, stated):
    """Problems of one `[[feature-set]]` in its first and its newest version."""
    ends = [stated["since"]] if "since" in stated else []
    for version in [*ends, before(stated["until"]) if "until" in stated else ""]:
        exact, manifest = features_of(library["package"], version)
        features = manifest.get("features", {})
        where = f"{library['package']} {exact} Cargo.toml"
        yield Verdict(f"{where} default", sorted(features.get("default", [])), sorted(stated.get("default", [])))
        for feature, implied in stated.get("implies", {}).items():
            if feature in features:
                missing = set(implied) - closure(features, [feature])
                yield Verdict(f"{where} {feature} implies", sorted(missing), [])
        for feature, package in stated.get("needs-package", {}).items():
            if feature in features:
                brought = {name.split("/")[0].removeprefix("dep:").rstrip("?") for name in closure(features, [feature])}
                yield Verdict(f"{where} {feature} needs {package}", package in brought, True)


def facts(library):
    """(whose, fact) for each default of a file."""
    yield from (("", fact) for fact in library.get("default", []))
    for client in library.get("client", []):
        yield from ((client["symbols"][0], fact) for fact in client.get("default", []))


def check(library):
    """Prints the verdicts of a file; returns what to record, and how many are wrong."""
    record, wrong = [], 0
    for whose, fact in facts(library):
        if fact["setting"] == "http2":
            continue
        told, unread = check_default(library, fact)
        for verdict in told:
            show(library, whose, fact["setting"], fact["value"], verdict)
        if not told:
            unread = [f"its source names no line: {fact['source']}"]
        for missing in unread:
            print(f"{library['library']:20} {fact['setting']:17} not read: {missing}")
        wrong += sum(not verdict.right for verdict in told)
        if told and all(verdict.right for verdict in told):
            record.append(entry(library, whose, fact, told))
    for stated in library.get("feature-set", []):
        for verdict in check_feature_set(library, stated):
            if not verdict.right:
                show(library, "", "feature-set", "", verdict)
                wrong += 1
    return record, wrong


def show(library, whose, setting, stated, verdict):
    of = f" of {whose}" if whose else ""
    word = "ok" if verdict.right else "WRONG"
    print(f"{library['library']:20} {setting + of:17} stated {stated!s:10} found {verdict.found!s:10} {word:5} {verdict.place}")


def entry(library, whose, fact, told):
    """One table of the record."""
    value = fact["value"]
    rows = [f'library = "{library["library"]}"', f'setting = "{fact["setting"]}"']
    rows += [f'client = "{whose}"'] if whose else []
    rows += [f'{end} = "{fact[end]}"' for end in ("since", "until") if end in fact]
    rows.append(f'value = "{value}"' if isinstance(value, str) else f"value = {str(value).lower()}")
    rows.append("read = [" + ", ".join(f'"{verdict.place}"' for verdict in told) + "]")
    return "[[default]]\n" + "\n".join(rows) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", default=[], help="a library; may be repeated")
    parser.add_argument("--quick", action="store_true", help=f"only {', '.join(QUICK)}")
    parser.add_argument("--write", action="store_true", help="record what held")
    arguments = parser.parse_args()
    only = set(arguments.only) | (set(QUICK) if arguments.quick else set())
    record, wrong = [], 0
    for path in sorted(RULES.glob("*.toml")):
        library = tomllib.loads(path.read_text(encoding="utf-8"))
        if not only or library["library"] in only:
            held, failed = check(library)
            record, wrong = record + held, wrong + failed
    if wrong:
        print(f"{wrong} wrong", file=sys.stderr)
    elif arguments.write and not only:
        head = "# Written by scripts/check-facts-rust.py --write: what held, and where it was read.\n"
        RECORD.parent.mkdir(exist_ok=True)
        RECORD.write_text(f'{head}verified = "{datetime.date.today()}"\n\n' + "\n".join(record), encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
