"""The one HTTP client: everything that is fetched from sources passes through here.

What others publish is not trusted: only public addresses on ports 80 and 443
(each redirect is checked again), a limit to the size after inflating, a limit
to each wait and to the whole request, and a pause between requests to a host.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

import httpx
from ssrfguard import Policy
from ssrfguard.errors import BlockedURLError, SSRFGuardError
from ssrfguard.httpx import AsyncSafeTransport

from scrapers.errors import Blocked, FetchError
from scrapers.inflate import ACCEPTED, BodyError, Inflater, TooLargeError
from scrapers.pace import Pace
from scrapers.retry import retry_after

_LOGIN = re.compile(r"/(?:wp-login\.php|log-?in|sign-?in|auth)(?:[/.?]|$)", re.IGNORECASE)
_PERMANENT = (httpx.codes.MOVED_PERMANENTLY, httpx.codes.PERMANENT_REDIRECT)
# Who fetches decides how many requests go at once: to wait here would use up their deadlines.
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=50)
# Validators are sent back as headers: what cannot be one is of no use.
_SENDABLE = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,511}")


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """How to fetch.

    Attributes:
        timeout: seconds for one connect or one read.
        deadline: seconds for one request with its redirects.
        max_bytes: largest body, after inflating.
        max_redirects: how many redirects are followed.
        host_delay: seconds between two requests to one host.
        allow_private_hosts: lifts the limit to public addresses and to ports 80 and 443.
        proxy: address of a proxy for everything; it then resolves the names.
        user_agent: how the client introduces itself.
    """

    timeout: float = 20.0
    deadline: float = 60.0
    max_bytes: int = 10_000_000
    max_redirects: int = 5
    host_delay: float = 2.0
    allow_private_hosts: bool = False
    proxy: str | None = None
    user_agent: str = "Mozilla/5.0 (compatible; newsieve/0.1)"


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask it later whether anything has changed."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One answer.

    Attributes:
        url: the final address, after redirects.
        status: HTTP status: 2xx, or 304.
        body: inflated bytes; empty if unchanged.
        content_type: the header as it came, or None.
        validators: for the next conditional request.
        unchanged: the server says that nothing changed since the validators were given.
        moved_to: the final address, if only permanent redirects (301, 308) led to it.
    """

    url: str
    status: int
    body: bytes
    content_type: str | None
    validators: Validators
    unchanged: bool = False
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class _Redirect:
    request: httpx.Request
    permanent: bool


class Client:
    """A guarded HTTP client; use it as an async context manager."""

    def __init__(
        self,
        options: ClientOptions | None = None,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._options = options or ClientOptions()
        self._transport = transport
        self._pace = Pace(self._options.host_delay)
        self._sessions: dict[Path | None, httpx.AsyncClient] = {}

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        while self._sessions:
            await self._sessions.popitem()[1].aclose()

    async def get(
        self, url: str, *, validators: Validators | None = None, ca_file: Path | None = None
    ) -> Page:
        """Return the answer of ``url``, redirects followed.

        Args:
            url: an http or https address.
            validators: makes the request conditional.
            ca_file: certificates to trust besides the public ones.

        Raises:
            Blocked: the address may not be fetched, or asks for a login.
            FetchError: no complete answer in time, or one that is an error.
        """
        known = validators or Validators()
        with _as_fetch_error(url, self._options):
            session = self._session(ca_file)
            request = session.build_request("GET", url, headers=_conditions(known))
            return await self._follow(session, request, url, known)

    async def _follow(
        self, session: httpx.AsyncClient, request: httpx.Request, url: str, known: Validators
    ) -> Page:
        left = self._options.deadline
        clock = asyncio.get_running_loop().time
        permanent = True
        for hop in range(self._options.max_redirects + 1):
            await self._pace.turn(request.url.host)
            began = clock()
            answer = await asyncio.wait_for(self._exchange(session, request, url, known), left)
            if isinstance(answer, Page):
                moved = hop > 0 and permanent and answer.url != url
                return replace(answer, moved_to=answer.url) if moved else answer
            permanent = permanent and answer.permanent
            request, left = answer.request, left - (clock() - began)
        raise FetchError(url, f"redirected more than {self._options.max_redirects} times")

    async def _exchange(
        self, session: httpx.AsyncClient, request: httpx.Request, url: str, known: Validators
    ) -> Page | _Redirect:
        """Return the answer to ``request``, or where it redirects to."""
        async with _sent(session, request) as response:
            if response.next_request is not None:
                _refuse_login(url, str(response.next_request.url))
                return _Redirect(response.next_request, response.status_code in _PERMANENT)
            unchanged = response.status_code == httpx.codes.NOT_MODIFIED and known != Validators()
            if not unchanged:
                _refuse_errors(url, response)
            return Page(
                url=str(response.url),
                status=response.status_code,
                body=b"" if unchanged else await self._body(response),
                content_type=response.headers.get("content-type"),
                validators=_validators(response.headers, known if unchanged else Validators()),
                unchanged=unchanged,
            )

    async def _body(self, response: httpx.Response) -> bytes:
        limit = self._options.max_bytes
        announced = response.headers.get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > limit:
            raise TooLargeError(limit)
        inflater = Inflater(response.headers.get("content-encoding", ""), limit)
        # Raw, because httpx would inflate a small chunk to any size before we could look.
        async for chunk in response.aiter_raw():
            inflater.feed(chunk)
        return inflater.body()

    def _session(self, ca_file: Path | None) -> httpx.AsyncClient:
        if ca_file not in self._sessions:
            self._sessions[ca_file] = httpx.AsyncClient(
                transport=self._transport or _transport(self._options, ca_file),
                timeout=httpx.Timeout(self._options.timeout, pool=None),
                headers={
                    "User-Agent": self._options.user_agent,
                    "Accept": "*/*",
                    "Accept-Encoding": ACCEPTED,
                },
                trust_env=False,
            )
        return self._sessions[ca_file]


def _transport(options: ClientOptions, ca_file: Path | None) -> httpx.AsyncBaseTransport:
    verify = _trust(ca_file)
    if options.allow_private_hosts:
        return httpx.AsyncHTTPTransport(
            verify=verify, proxy=options.proxy, limits=_LIMITS, trust_env=False
        )
    policy = Policy(allow_proxy=options.proxy is not None)
    return AsyncSafeTransport(
        policy=policy, verify=verify, proxy=options.proxy, limits=_LIMITS, trust_env=False
    )


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    context = httpx.create_ssl_context(trust_env=False)
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:
            reason = f"cannot be read as certificates: {error.strerror or _line(error)}"
            raise FetchError(str(ca_file), reason) from error
    return context


@asynccontextmanager
async def _sent(
    session: httpx.AsyncClient, request: httpx.Request
) -> AsyncIterator[httpx.Response]:
    response = await session.send(request, stream=True)
    try:
        yield response
    finally:
        await response.aclose()


def _conditions(validators: Validators) -> dict[str, str]:
    wanted = {
        "If-None-Match": validators.etag,
        "If-Modified-Since": validators.last_modified,
    }
    return {name: value for name, value in wanted.items() if value}


def _validators(headers: httpx.Headers, known: Validators) -> Validators:
    def told(name: str) -> str | None:
        value = headers.get(name, "")
        return value if _SENDABLE.fullmatch(value) else None

    return Validators(
        etag=told("etag") or known.etag,
        last_modified=told("last-modified") or known.last_modified,
    )


def _refuse_login(url: str, target: str) -> None:
    # Whoever configured a login page as the source gets to see it.
    if _LOGIN.search(target) and not _LOGIN.search(url):
        raise Blocked(url, f"redirects to a login page, {target}")


def _refuse_errors(url: str, response: httpx.Response) -> None:
    status = response.status_code
    if status == httpx.codes.UNAUTHORIZED:
        raise Blocked(url, "asks for a login (401)", status=status)
    if not response.is_success:
        reason = f"answered {status} {response.reason_phrase}".rstrip()
        raise FetchError(
            url, reason, status=status, retry_after=retry_after(response.headers.get("retry-after"))
        )


@contextmanager
def _as_fetch_error(url: str, options: ClientOptions) -> Iterator[None]:
    """Turn what libraries raise into the errors of this package."""
    try:
        yield
    except BlockedURLError as error:
        # Its message would repeat the address, with the password that may stand in it.
        raise Blocked(url, f"is not permitted: {_line(error.reason)}") from error
    except SSRFGuardError as error:
        raise Blocked(url, _line(error)) from error
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
    except httpx.TransportError as error:
        raise FetchError(url, f"no answer: {_line(error)}") from error


def _line(error: Exception | str) -> str:
    return " ".join(str(error).split()) or type(error).__name__
