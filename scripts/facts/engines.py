"""What a client that was built is really set to: settings by their names in rules/clients/, read off the HTTP engine in it.

Engines are told by what they have, not by their package: a pool with `_max_connections` is httpcore's, whatever SDK it is in.
"""

import asyncio
import inspect
import math
import socket
import time
from unittest import mock

# Where SDKs keep their HTTP clients. An SDK that has several has the same settings for all, or the facts differ.
INNER = (
    "_client",
    "sdk_configuration.client",
    "sdk_configuration.async_client",
    "_client_wrapper.httpx_client.httpx_client",
    "_api_client._httpx_client",
    "_api_client._async_httpx_client",
    "meta.client",
)
# Where frameworks keep the SDKs' clients.
WRAPPED = ("root_client", "root_async_client", "client", "async_client", "model.client")


def below(thing, path):
    """The attribute, or entry, at a dotted path; None where there is none."""
    for name in path.split("."):
        thing = thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)
    return thing


def limit(value):
    """A limit as the facts spell it."""
    if value is None or (isinstance(value, (int, float)) and math.isinf(value)):
        return "unlimited"
    return value


def timeouts(timeout):
    """`connect-timeout` and `timeout` (for reading) of httpx's object, of a number, or of nothing."""
    if timeout is None or isinstance(timeout, (int, float)):
        return {"connect-timeout": limit(timeout), "timeout": limit(timeout)}
    connect = getattr(timeout, "connect", getattr(timeout, "connect_timeout", None))
    read = getattr(timeout, "read", getattr(timeout, "read_timeout", None))
    return {"connect-timeout": limit(connect), "timeout": limit(read)}


def httpcore_pool(pool):
    idle = "_max_keepalive_connections" if hasattr(pool, "_max_keepalive_connections") else "_max_keepalive"
    return {
        "pool-max": limit(pool._max_connections),
        "pool-idle": limit(getattr(pool, idle)),
        "keepalive-expiry": limit(pool._keepalive_expiry),
        "http2": pool._http2,
    }


def over_aiohttp(transport):
    """httpx_aiohttp, its copies in SDKs included: the connector keeps as many idle as it may open."""
    limits = transport.limits
    size = limit(limits.max_connections)
    return {"pool-max": size, "pool-idle": size, "keepalive-expiry": limit(limits.keepalive_expiry)}


def httpx_transport(transport):
    pool = getattr(transport, "_pool", transport)
    if hasattr(pool, "_max_connections"):
        return httpcore_pool(pool)
    if hasattr(transport, "limits") and hasattr(transport, "socket_options"):
        return over_aiohttp(transport)
    raise LookupError(f"no reader for the transport {type(transport).__module__}.{type(transport).__name__}")


def httpx_client(client):
    transport = next(filter(None, (getattr(client, name, None) for name in ("_transport", "transport", "dispatch"))))
    return {**httpx_transport(transport), **timeouts(client.timeout)}


def requests_session(session):
    """Also niquests, whose adapters put in a time-out that depends on the method, and ping what is idle."""
    adapter = session.adapters["https://"]
    size = adapter._pool_maxsize
    settings = {"pool-max": size, "pool-idle": size, "pool-block": adapter._pool_block}
    if hasattr(adapter, "_disable_http3"):
        delay = getattr(adapter, "_keepalive_delay", None)
        return settings if delay is None else {**settings, "keepalive-expiry": delay}
    default = inspect.signature(type(session).request).parameters["timeout"].default
    expiry = urllib3_expiry(adapter.poolmanager.connection_from_url("https://probe.invalid"))
    return {**settings, "keepalive-expiry": expiry, **timeouts(default)}


def urllib3_expiry(pool):
    """Whether a connection that was idle for a year is used again. With a socket of its own it counts as connected."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        connection = pool._get_conn()
        connection.sock = ours
        pool._put_conn(connection)
        year = 365 * 24 * 3600.0
        with mock.patch("time.time", return_value=time.time() + year):
            with mock.patch("time.monotonic", return_value=time.monotonic() + year):
                again = pool._get_conn()
        kept = again is connection and again.sock is ours
        connection.sock = None
    return "unlimited" if kept else "within a year"


def urllib3_pool(pool):
    return {
        "pool-max": pool.pool.maxsize,
        "pool-idle": pool.pool.maxsize,
        "pool-block": pool.block,
        "keepalive-expiry": urllib3_expiry(pool),
        # What is not set is the socket's own default, which is none.
        "connect-timeout": limit(pool.timeout._connect if is_set(pool.timeout._connect) else socket.getdefaulttimeout()),
        "timeout": limit(pool.timeout._read if is_set(pool.timeout._read) else socket.getdefaulttimeout()),
    }


def is_set(value):
    return value is None or isinstance(value, (int, float))


def urllib3_manager(manager):
    return urllib3_pool(manager.connection_from_url("https://probe.invalid"))


def aiohttp_session(session):
    connector, timeout = session._connector, session._timeout
    return {
        "pool-max": limit(connector.limit or None),
        "pool-max-per-host": limit(connector.limit_per_host or None),
        "keepalive-expiry": limit(connector._keepalive_timeout),
        "force-close": connector.force_close,
        "connect-timeout": limit(getattr(timeout, "sock_connect", None)),
        "timeout": limit(getattr(timeout, "total", timeout)),
    }


def botocore_client(client):
    session, config = client._endpoint.http_session, client.meta.config
    size = getattr(session, "_max_pool_connections", None)
    settings = {"pool-max": size, "pool-idle": size, **timeouts(config.read_timeout)}
    settings["connect-timeout"] = limit(config.connect_timeout)
    arguments = getattr(session, "_connector_args", None)
    if arguments is not None:
        return {**settings, "keepalive-expiry": arguments["keepalive_timeout"]}
    manager = session._manager
    return {**settings, "pool-block": manager.connection_from_url("https://probe.invalid").block}


def grpc_client(client):
    """gRPC runs on HTTP/2 and nothing else; its time-outs are deadlines, which interceptors put into each call."""
    channel = client._api_channel
    own = getattr(channel, "_unary_unary_interceptors", None) or [channel._interceptor]
    limits = [one for one in (getattr(each, "timeout", getattr(each, "_timeout", None)) for each in own) if one]
    return {"http2": type(channel).__module__.startswith("grpc"), "timeout": limit(*limits)}


READERS = (
    (("_endpoint", "meta"), botocore_client),
    (("adapters", "get_adapter"), requests_session),
    (("connection_from_url", "pools"), urllib3_manager),
    (("pool", "ConnectionCls"), urllib3_pool),
    (("_connector", "_timeout"), aiohttp_session),
    (("_transport", "timeout"), httpx_client),
    (("transport", "timeout"), httpx_client),
    (("dispatch", "timeout"), httpx_client),
    (("_api_channel",), grpc_client),
)


def engines_in(client):
    """(engine, its reader) pairs: an SDK may hold a sync and an async engine."""
    for marks, read in READERS:
        if all(getattr(client, mark, None) is not None for mark in marks):
            return [(client, read)]
    inner = []
    for paths in (INNER, WRAPPED):
        inner = inner or [found for found in (below(client, path) for path in paths) if found is not None]
    if not inner:
        raise LookupError(f"no reader for {type(client).__module__}.{type(client).__name__}")
    return [pair for found in inner for pair in engines_in(found)]


async def settings(client):
    """Effective settings of what `client` sends through, one for each engine."""
    found = []
    for engine, read in engines_in(client):
        one = read(engine)
        if "http2" not in one:
            one["http2"] = await offers_http2(engine)
        # What an SDK says goes with each request, and so before what its engine says.
        own = timeouts(client.timeout) if engine is not client and hasattr(client, "timeout") else {}
        found.append({**one, **own})
    return found


def sent(engine, url, port):
    """Sends a request to a port of this machine; the result of an async engine has to be awaited."""
    if hasattr(engine, "_endpoint"):
        from botocore.awsrequest import AWSRequest

        return engine._endpoint.http_session.send(AWSRequest("GET", url).prepare())
    if hasattr(engine, "connection_from_url"):
        engine = engine.connection_from_url(url)
    if hasattr(engine, "ConnectionCls"):
        return engine.ConnectionCls("127.0.0.1", port).request("GET", "/")
    return engine.get(url)


async def offers_http2(engine):
    """Whether a request offers HTTP/2 in its TLS greeting. Nothing has to answer for that: a listener reads the greeting
    and hangs up."""
    greeting = asyncio.get_running_loop().create_future()

    async def listen(reader, writer):
        said = await reader.read(4096)
        if not greeting.done():
            greeting.set_result(said)
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        try:
            result = await asyncio.to_thread(sent, engine, f"https://127.0.0.1:{port}/", port)
            if inspect.isawaitable(result):
                await result
        except Exception:  # the hang-up, whatever the library makes of it
            pass
        return b"\x02h2" in await asyncio.wait_for(greeting, 10)
