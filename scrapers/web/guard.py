"""Where connections may lead: to public addresses on ports 80 and 443, unless told otherwise.

A name is resolved once, all its addresses are checked, and the connection goes to one of them.
Each redirect is a request of its own, and checked again.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network

import httpx
from ssrfguard import DEFAULT_DENIED, AddressTable, Block, Policy, Resolver
from ssrfguard.errors import BlockedURLError, SSRFGuardError
from ssrfguard.httpx import AsyncSafeTransport

from scrapers.errors import Blocked, FetchError
from scrapers.web.inflate import BodyError
from scrapers.web.options import ClientOptions
from scrapers.web.pace import LeftAloneError

# How many connections there are is decided where turns are handed out. Each request looks at all
# that are kept, so no more are kept than sites are read side by side.
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=24)

# All that is not 2000::/3 leads nowhere, or by a translation to anywhere. The translations that
# can be read are longer prefixes of the table, and those are looked at first.
_NOT_GLOBAL = tuple(
    Block(ip_network(prefix), "not global unicast", "RFC4291", DEFAULT_DENIED.blocks[0].reach)
    for prefix in ("::/3", "4000::/2", "8000::/1")
)
_TABLE = AddressTable((*DEFAULT_DENIED.blocks, *_NOT_GLOBAL))

# A proxy resolves names itself, and may stand in a network where these mean something: names
# without a dot, names that only inner networks have, and numbers written as no name is.
_INNER = re.compile(
    r"[^.]*|.*\.(?:localhost|local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa)"
    r"|(?:.*\.)?0x[0-9a-f]*",
    re.IGNORECASE,
)


def open_transport(
    options: ClientOptions, trust: ssl.SSLContext, *, resolver: Resolver | None = None
) -> httpx.AsyncBaseTransport:
    """Return what opens connections: guarded, unless ``options`` lift that.

    Args:
        options: how to fetch.
        trust: the certificates that servers are believed by.
        resolver: resolves names instead of the system; its answers are checked like those.
    """
    if options.allow_private_hosts:
        return httpx.AsyncHTTPTransport(
            verify=trust, proxy=options.proxy, limits=_LIMITS, trust_env=False
        )
    policy = Policy(denied_networks=_TABLE, allow_proxy=options.proxy is not None)
    return AsyncSafeTransport(
        policy=policy,
        resolver=resolver,
        verify=trust,
        proxy=options.proxy,
        limits=_LIMITS,
        trust_env=False,
    )


def refuse_inner_names(url: httpx.URL, options: ClientOptions) -> None:
    """Check a name that will be resolved by somebody else.

    Raises:
        Blocked: it means something only in a network that is not public.
    """
    if options.proxy is None or options.allow_private_hosts:
        return
    name = url.host.rstrip(".")
    if ":" not in name and _INNER.fullmatch(name):
        raise Blocked(str(url), "is not permitted: the name of a host in an inner network")


@contextmanager
def fetch_errors(url: str, options: ClientOptions) -> Iterator[None]:
    """Turn what libraries raise into the errors of this package."""
    try:
        yield
    except BlockedURLError as error:
        # Its message would repeat the address, with the password that may stand in it.
        raise Blocked(url, f"is not permitted: {_line(error.reason)}") from error
    except SSRFGuardError as error:
        raise Blocked(url, _line(error)) from error
    except LeftAloneError as error:
        raise FetchError(
            url, _line(error), status=error.status, retry_after=error.seconds
        ) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
        # The library quotes what it takes for the port; before an @ it is rather a password.
        detail = "" if "@" in url else f": {_line(error)}"
        raise FetchError(url, f"not a web address{detail}") from error
    except asyncio.TimeoutError as error:
        raise FetchError(url, f"no complete answer within {options.deadline:g} s") from error
    except httpx.TimeoutException as error:
        raise FetchError(url, f"silent for {options.timeout:g} s") from error
    except BodyError as error:
        raise FetchError(url, _line(error)) from error
    except httpx.TooManyRedirects as error:
        raise FetchError(url, f"redirected more than {options.max_redirects} times") from error
    except httpx.TransportError as error:
        raise FetchError(url, f"no answer: {_line(error)}") from error


def _line(error: Exception | str) -> str:
    return " ".join(str(error).split()) or type(error).__name__
