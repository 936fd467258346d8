"""Runs inside the environment of one version: answers what its facts are. Questions come as JSON on standard input, answers
go as JSON to the file named by the first argument."""

import asyncio
import importlib
import inspect
import json
import os
import re
import sys

import engines
from questions import LIMITS

BASE_URL = "https://probe.invalid/v9"
REGION = "us-probe-1"
# Fields of transports, as settings.
FIELDS = {"http2": "http2", **{f"limits.{field}": setting for field, setting in LIMITS.items()}}


class Absent(Exception):
    """This version does not have it."""


def resolve(path):
    """The object at a dotted path. A function in the middle of a path makes the object (`get_session`)."""
    parts = path.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:cut]))
        except ImportError:
            continue
        try:
            for part in parts[cut:]:
                if inspect.isfunction(thing) and not hasattr(thing, part):
                    thing = thing()
                elif inspect.isclass(thing) and inspect.isfunction(getattr(thing, part, None)):
                    thing = thing()
                thing = getattr(thing, part)
            return thing
        except AttributeError:
            continue
    raise Absent(path)


def resolved(question):
    """Every distinct object behind the symbols of a question, with one path of each."""
    found = {}
    for symbol in question["symbols"]:
        try:
            thing = resolve(symbol)
        except Absent:
            continue
        key = getattr(thing, "__qualname__", symbol)
        found.setdefault(key, (symbol, thing))
    if not found:
        raise Absent(question["symbols"][0])
    return list(found.values())


class Built:
    """Clients that are made by what the builds say, and closed at the end."""

    def __init__(self, builds):
        self.builds = builds

    async def make(self, symbol, constructor, without=(), **extra):
        """A client of `constructor`, with no more said than it needs, and nothing of what is named in `without`."""
        service = extra.pop("service", None)
        own = next((one for one in self.builds.get("build", []) if symbol in one["symbols"]), {})
        keywords = own.get("arguments", self.builds.get("arguments", {})) | extra
        keywords = {name: value for name, value in keywords.items() if name not in without and value != "unset"}
        known = accepted(constructor)
        keywords = {name: value for name, value in keywords.items() if known is None or name in known}
        client = constructor(*([service] if service else own.get("positional", [])), **keywords)
        return await client.__aenter__() if own.get("enter") else client


def one(values):
    """The value that all agree on; where they do not, all of them."""
    distinct = {json.dumps(value, sort_keys=True): value for value in values}
    return next(iter(distinct.values())) if len(distinct) == 1 else sorted(distinct)


class Probe:
    def __init__(self, builds):
        self.built = Built(builds)
        self.read = {}

    async def settings_of(self, symbol, constructor):
        """Settings of a client built with nothing said, read once."""
        if symbol not in self.read:
            try:
                self.read[symbol] = await engines.settings(await self.built.make(symbol, constructor))
            except Exception as error:  # kept, for each question on it is told the same
                self.read[symbol] = error
        if isinstance(self.read[symbol], Exception):
            raise self.read[symbol]
        return self.read[symbol]

    async def default(self, question):
        if not any(present(symbol) for symbol in question.get("only_with", question["symbols"])):
            raise Absent(question["symbols"][0])
        values = []
        for symbol, constructor in resolved(question):
            for settings in await self.settings_of(symbol, constructor):
                if question["setting"] in settings:
                    values.append(settings[question["setting"]])
        if not values:
            raise Absent(question["setting"])
        return one(values)

    async def base_url(self, question):
        return one([shown_url(await self.built.make(*pair)) for pair in resolved(question)])

    async def variable(self, question):
        """Whether the base URL follows the variable."""
        followed = []
        extra = self.built.builds.get("with-variable", {}).get(question["variable"], {})
        with environment({question["variable"]: BASE_URL}):
            for symbol, constructor in resolved(question):
                url = shown_url(await self.built.make(symbol, constructor, **extra))
                if not url.startswith(BASE_URL):
                    url = await self.url_of_new_import(symbol, extra)
                followed.append(url.startswith(BASE_URL))
        return one(followed)

    async def url_of_new_import(self, symbol, extra):
        """Some read the variable once, when they are imported."""
        kept = dict(sys.modules)
        forget(symbol)
        try:
            return shown_url(await self.built.make(symbol, resolve(symbol), **extra))
        finally:
            sys.modules.update(kept)

    async def region(self, question):
        """Where it goes with the variable set, and no other: `region` where that is the region asked for."""
        names = question["arguments"] + question["endpoint_arguments"]
        outcomes = []
        for symbol, constructor in resolved(question):
            value = BASE_URL if "URL" in (question["variable"] or "") else REGION
            with environment({question["variable"]: value} if question["variable"] else {}):
                outcomes.append(await self.outcome(symbol, constructor, names, question))
        return one(outcomes)

    async def outcome(self, symbol, constructor, names, question):
        extra = self.built.builds.get("regional", {}) if question["switched"] else {}
        extra = {"service": question["service"]} if "service" in question else extra
        try:
            url = shown_url(await self.built.make(symbol, constructor, without=names, **extra))
        except Exception as error:
            return f"raises {type(error).__name__}"
        if REGION in url or url.startswith(BASE_URL):
            return "followed"
        region = re.search(r"[a-z]+-[a-z]+-\d", url)
        return f"goes to {region[0] if region else 'global'}"

    async def unset(self, question):
        values = [await self.field(symbol, thing, question["field"]) for symbol, thing in resolved(question)]
        return one(["unlimited" if question["zero"] and value == 0 else value for value in values])

    async def field(self, symbol, constructor, field):
        thing = await self.built.make(symbol, constructor)
        setting = FIELDS.get(field.removeprefix("client_args."))
        if field == "http2" and not hasattr(thing, "_pool"):
            import httpx

            return await engines.offers_http2(httpx.AsyncClient(transport=thing))
        through = self.built.builds.get("through")
        if setting and through:
            client = await self.built.make(through["symbol"], resolve(through["symbol"]), **{through["argument"]: thing})
            return one([settings[setting] for settings in await engines.settings(client)])
        if setting:
            return engines.httpx_transport(thing)[setting]
        for name in (field, f"_{field}"):
            if hasattr(thing, name):
                value = getattr(thing, name)
                return engines.limit(value)
        raise Absent(field)

    async def positional(self, question):
        """The first names, as many as are asked for; those that only go by keyword come last."""
        several = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        found = []
        for _, thing in resolved(question):
            parameters = inspect.signature(thing).parameters.values()
            if any(p.kind is p.VAR_POSITIONAL for p in parameters):
                continue
            names = [p.name for p in parameters if p.kind not in several and p.name not in ("self", "cls")]
            found.append(names[: question["count"]])
        if not found:
            raise Absent("signatures that name their arguments")
        return one(found)

    async def method(self, question):
        found = []
        for symbol, thing in resolved(question):
            made = thing if inspect.isclass(thing) else await self.built.make(symbol, thing)
            found.append(hasattr(made, question["name"]))
        return one(found)

    async def inert(self, question):
        """Whether assigning the attribute leaves the settings as they are."""
        unchanged = []
        for symbol, thing in resolved(question):
            client = await self.built.make(symbol, thing)
            before = await engines.settings(client)
            try:
                setattr(client, question["name"], object())
                after = await engines.settings(client)
            except Exception as error:
                after = type(error).__name__
            unchanged.append(before == after)
        return one(unchanged)

    async def own_pool(self, question):
        """Whether two of them have nothing in common that they send through."""
        own = []
        extra = {"service": question["service"]} if "service" in question else {}
        for symbol, thing in resolved(question):
            pair = [await self.built.make(symbol, thing, **extra) for _ in range(2)]
            first, second = [{id(engine) for engine, _ in engines.engines_in(client)} for client in pair]
            own.append(not first & second)
        return one(own)

    async def exists(self, question):
        return any(present(symbol) for symbol in question["symbols"])


def accepted(constructor):
    """The keywords that a call takes; None where it takes any."""
    try:
        parameters = inspect.signature(constructor).parameters.values()
    except (TypeError, ValueError):
        return None
    return None if any(p.kind is p.VAR_KEYWORD for p in parameters) else {p.name for p in parameters}


def forget(symbol):
    """Makes the next import of a package run its code again."""
    root = ".".join(symbol.split(".")[:2]) if symbol.startswith("google.") else symbol.split(".")[0]
    for name in [name for name in sys.modules if name == root or name.startswith(f"{root}.")]:
        del sys.modules[name]


def present(symbol):
    try:
        resolve(symbol)
        return True
    except Absent:
        return False


class environment:
    """Variables that hold for a while."""

    def __init__(self, variables):
        self.variables = variables

    def __enter__(self):
        os.environ.update(self.variables)

    def __exit__(self, *_):
        for name in self.variables:
            os.environ.pop(name, None)


def shown_url(client):
    """The base URL of a client, wherever its library keeps it."""
    paths = ("base_url", "_base_url", "_client_wrapper._base_url", "_api_client._http_options.base_url", "meta.endpoint_url")
    for path in paths:
        found = engines.below(client, path)
        if found:
            return str(found).rstrip("/")
    raise LookupError("no base URL is kept")


async def answer(probe, question):
    try:
        return {"found": await getattr(probe, question["kind"])(question)}
    except Absent as missing:
        return {"absent": str(missing)}
    except Exception as error:
        return {"unread": " ".join(f"{type(error).__name__}: {error}".split())}


async def main():
    asked = json.load(sys.stdin)
    probe = Probe(asked["builds"])
    answers = [await answer(probe, question) for question in asked["questions"]]
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(answers, file, default=repr)
    # Clients that were never closed, and their threads, must not hold the process.
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())
