"""What a file of rules/clients/python/ states, as questions on one version: each with its name, what is stated, and what
probe.py needs to find out for itself."""

import re

# Fields of httpx.Limits, as settings.
LIMITS = {
    "max_connections": "pool-max",
    "max_keepalive_connections": "pool-idle",
    "keepalive_expiry": "keepalive-expiry",
}


def version_key(text):
    """Sorts as versions do; letters count for nothing, since only releases are looked at."""
    return tuple(int(part) for part in re.findall(r"\d+", text))


def holds(spec, version):
    """Whether the range of `spec` has `version` in it."""
    at = version_key(version)
    since, until = spec.get("since"), spec.get("until")
    return (since is None or at >= version_key(since)) and (until is None or at < version_key(until))


def default_of(library, client, setting, version):
    """The default that the program would state; None where it states none."""
    for spec in [*client.get("default", []), *library.get("default", [])]:
        if spec["setting"] == setting and holds(spec, version):
            return spec["value"]
    return None


def kept_clients(library, version):
    return [one for one in library.get("client", []) if not one.get("holder") and holds(one, version)]


def defaults(library, version):
    for client in kept_clients(library, version):
        specs = [*client.get("default", []), *library.get("default", [])]
        for setting in dict.fromkeys(spec["setting"] for spec in specs):
            stated = default_of(library, client, setting, version)
            if stated is not None:
                yield {"kind": "default", "fact": setting, "setting": setting, "stated": stated, **of(client)}


def base_urls(library, version):
    for client in kept_clients(library, version):
        base = client.get("base-url")
        if base is None or not holds(base, version):
            continue
        yield {"kind": "base_url", "fact": "base-url", "stated": base["default"].rstrip("/"), **of(client)}
        for variable in base["variables"]:
            fact = f"base-url from {variable}"
            yield {"kind": "variable", "fact": fact, "variable": variable, "stated": True, **of(client)}


def regions(library, version):
    for client in kept_clients(library, version):
        region = client.get("region")
        # What holds for hundreds of services, or for what a session holds, was looked at apart.
        if region is None or region.get("only-mistaken") or region.get("of-session"):
            continue
        asked = {
            "kind": "region",
            "arguments": region["arguments"],
            "endpoint_arguments": region.get("endpoint-arguments", []),
            "switched": "only-with" in region,
            **of(client),
        }
        for variable in region["variables"]:
            yield {**asked, "fact": f"region from {variable}", "variable": variable, "stated": "followed"}
        yield {**asked, "fact": "region unset", "variable": None, "told": f"{region['without']}; {region.get('before', {}).get('without', '')}"}


def objects(library, version):
    # Without clients, in a version of long ago, there is nothing that settings could be of.
    for spec in library.get("object", []) if kept_clients(library, version) else ():
        for field, value in spec.get("unset", {}).items():
            zero = field in spec.get("zero-is-unlimited", [])
            yield {"kind": "unset", "fact": f"unset {field}", "field": field, "zero": zero, "stated": value, **of(spec)}
        for field, value in spec.get("library-defaults", {}).items():
            # What no object is given for: a client with nothing said shows it.
            asked = {"kind": "default", "setting": LIMITS[field], "symbols": library["client"][0]["symbols"]}
            asked |= {"subject": spec["symbols"][0], "only_with": spec["symbols"]}
            yield {**asked, "fact": f"default {field}", "stated": value}


def signatures(library, version):
    for spec in [*kept_clients(library, version), *library.get("object", [])]:
        names = spec.get("positional", [])
        if names:
            yield {"kind": "positional", "fact": "positional", "count": len(names), "stated": names, **of(spec)}


def names(library, version):
    for client in kept_clients(library, version):
        for name in client.get("close", []):
            yield {"kind": "method", "fact": f"{name}()", "name": name, "stated": True, **of(client)}
        for name in client.get("inert", []):
            yield {"kind": "inert", "fact": f"inert {name}", "name": name, "stated": True, **of(client)}


def own_pools(library, version):
    """Whether two clients have a pool each, and where clients of a library share theirs in other versions: that they do."""
    clients = [one for one in library.get("client", []) if not one.get("holder")]
    # Of a library with defaults, those are what is looked at.
    if "default" in library or not any("since" in one or "until" in one for one in clients):
        return
    for client in clients:
        for service in client.get("services", [None]):
            asked = {"kind": "own_pool", "fact": "own pool", "stated": holds(client, version), **of(client)}
            if service:
                asked |= {"fact": f"own pool as {service}", "service": service.replace("*", "none/none")}
            yield asked


def own_http(library, version):
    spec = library.get("own-http")
    for name in [spec["sync"], spec["async"]] if spec else []:
        symbol = f"{library['imports'][0]}.{name}"
        yield {"kind": "exists", "fact": "exists", "symbols": [symbol], "stated": holds(spec, version)}


def of(spec):
    service = {"service": spec["services"][-1]} if spec.get("services") else {}
    return {"symbols": spec["symbols"], **service}


def questions(library, version):
    """Every question on `version` of `library`."""
    kinds = (defaults, base_urls, regions, objects, signatures, names, own_pools, own_http)
    return [question for kind in kinds for question in kind(library, version)]


def bounds(library):
    """Every version at which something begins or ends."""
    found = set()

    def walk(value):
        if isinstance(value, dict):
            found.update(value[key] for key in ("since", "until") if isinstance(value.get(key), str))
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(inner)

    walk(library)
    return found


def versions_to_check(library, released):
    """The newest, both sides of every boundary, and what the file names as run or introspected."""
    released = sorted(released, key=version_key)
    chosen = {released[-1]}
    for bound in bounds(library):
        chosen.update([one for one in released if version_key(one) < version_key(bound)][-1:])
        chosen.update([one for one in released if version_key(one) >= version_key(bound)][:1])
    for clause in library["versions"].split(";"):
        if not clause.rstrip().endswith("read"):
            chosen.update(set(re.findall(r"\d+(?:\.\d+)+", clause)) & set(released))
    return sorted(chosen, key=version_key)
