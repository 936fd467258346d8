#!/usr/bin/env python3
"""Checks that what rules/ names exists in the real packages.

    python3 -m venv /tmp/v && /tmp/v/bin/pip install httpx httpx2 requests urllib3 aiohttp anthropic openai mistralai ...
    python3 scripts/check-symbols.py --python /tmp/v/bin/python

For every file of rules/clients/python/ (or the files given) it resolves, with getattr,
  * every symbol of clients, one-shot functions and settings objects, methods included (`boto3.Session.client`); a
    function in the middle of a path is called without arguments, for it makes the object (`get_session`);
  * every method in `close`;
  * every keyword in `arguments`, `carries`, `positional`, `base-url` and `region` against the signatures of the
    symbols beside it, where none of them takes **kwargs;
  * every field of settings objects in `positional`, `unset`, `resets` and `library-defaults`, likewise.
With --frameworks it resolves the exact paths of rules/frameworks/ instead. It reports too what only an instance has
(aiogram.Router.message, flask.Flask.cli) and what needs a configured project (rest_framework): look at those by hand.

A symbol may belong to an older version, or a package may not go with another in one environment: give --python several
times, and a name counts as found if it is found in one of them. Only what is found in none is printed, with exit
code 1. Packages that are installed nowhere are listed apart, with exit code 0. Reads TOML with tomllib: Python 3.11.
"""

import argparse
import importlib
import inspect
import json
import pathlib
import subprocess
import sys
import tomllib

RULES = pathlib.Path(__file__).resolve().parent.parent / "rules"


def resolve(path):
    """The object at a dotted path; raises LookupError."""
    parts = path.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:cut]))
        except Exception:  # any failure of an import means: not here
            continue
        try:
            for part in parts[cut:]:
                if inspect.isfunction(thing) and not hasattr(thing, part):
                    thing = thing()
                thing = getattr(thing, part)
            return thing
        except AttributeError:
            continue
    raise LookupError(path)


def parameters(thing):
    """Names that a call accepts; None where it accepts any."""
    try:
        found = inspect.signature(thing).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(p.kind is p.VAR_KEYWORD for p in found):
        return None
    return {p.name for p in found}


def heads(places):
    """The keywords of places that a construction reads (`limits` of `limits.max_connections`)."""
    return {place.split(".")[0] for place in places if not place.startswith("@")}


def wanted_of_client(library, spec):
    places = {**library.get("arguments", {}), **spec.get("arguments", {})}
    names = heads(place for listed in places.values() for place in listed)
    names |= heads(spec.get("carries", [])) | set(spec.get("positional", []))
    for key in ("base-url", "region"):
        table = spec.get(key, {})
        names |= heads(table.get("arguments", [])) | heads(table.get("endpoint-arguments", []))
    return names


def questions(library):
    """(symbol, names of parameters, names of attributes) for everything that a library file lists."""
    for spec in library.get("client", []):
        names = set() if spec.get("holder") else wanted_of_client(library, spec)
        for symbol in spec["symbols"]:
            yield symbol, names, set(spec.get("close", []))
    for spec in library.get("one-shot", []):
        for symbol in spec["symbols"]:
            yield symbol, set(), set()
    for spec in library.get("object", []):
        fields = set(spec.get("positional", [])) | set(spec.get("resets", [])) | set(spec.get("library-defaults", {}))
        fields |= heads(spec.get("unset", {}))
        for symbol in spec["symbols"]:
            yield symbol, fields, set()


def framework_questions(framework):
    for key, listed in (("decorator", "paths"), ("base", "bases")):
        for spec in framework.get(key, []):
            for path in spec[listed]:
                if "*" not in path:
                    yield path, set(), set()


def answers(files, ask):
    """What this interpreter finds: {"symbol": true, "symbol(keyword)": true or false, ...}."""
    found = {}
    for file in files:
        for symbol, names, attributes in ask(tomllib.loads(file.read_text())):
            try:
                thing = resolve(symbol)
            except LookupError:
                found[symbol] = False
                continue
            found[symbol] = True
            accepted = parameters(thing)
            for name in names if accepted is not None else ():
                found[f"{symbol}({name}=)"] = name in accepted
            for name in attributes if inspect.isclass(thing) else ():
                found[f"{symbol}.{name}()"] = hasattr(thing, name)
    return found


def installed(symbol):
    root = symbol.split(".")[0].split("(")[0]
    try:
        importlib.import_module(root)
        return True
    except ImportError:
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", action="append", default=[], help="interpreter of an environment; may be repeated")
    parser.add_argument("--frameworks", action="store_true", help="check rules/frameworks/ instead")
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    folder = RULES / ("frameworks" if options.frameworks else "clients/python")
    files = options.files or sorted(folder.glob("*.toml"))
    ask = framework_questions if options.frameworks else questions
    if options.answer:
        found = answers(files, ask)
        json.dump({"found": found, "installed": {s: installed(s) for s in found}}, sys.stdout)
        return 0
    replies = []
    for python in options.python or [sys.executable]:
        command = [python, __file__, "--answer", *(["--frameworks"] if options.frameworks else []), *map(str, files)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        replies.append(json.loads(output[output.rindex('{"found"') :]))
    names = sorted({name for reply in replies for name in reply["found"]})
    missing = [name for name in names if not any(reply["found"].get(name) for reply in replies)]
    absent = {name for name in missing if not any(reply["installed"].get(name) for reply in replies)}
    for name in missing:
        if name not in absent:
            print("does not resolve:", name)
    for root in sorted({name.split(".")[0] for name in absent}):
        print("not installed, so not checked:", root)
    print(f"{len(names) - len(missing)} of {len(names)} names found")
    return 1 if set(missing) - absent else 0


if __name__ == "__main__":
    sys.exit(main())
