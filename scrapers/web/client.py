"""The one HTTP client: everything that is fetched from sources passes through here.

get ─▶ robots.txt ─▶ turn of the host ─▶ guarded request ─┬▶ redirect: once more from the start
                                                          └▶ answer ─▶ Page

What others publish is not trusted: where connections lead is checked (`scrapers.web.guard`), and
there is a limit to the size after inflating, to each wait and to the whole request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import httpx

from scrapers.errors import Blocked, FetchError
from scrapers.web.answer import opening_of_body, refuse_error, refuse_login, whole_body
from scrapers.web.guard import fetch_errors, refuse_inner_names
from scrapers.web.options import ClientOptions
from scrapers.web.pace import Pace
from scrapers.web.page import Page, Validators, conditions, told_validators
from scrapers.web.retry import retry_after
from scrapers.web.robots import MAX_BYTES, Robots
from scrapers.web.sessions import Sessions, sent

__all__ = ["Client", "ClientOptions", "Page", "Validators"]

_Result = TypeVar("_Result")
_Settle = Callable[[httpx.Response], Awaitable[_Result]]
_Permit = Callable[[httpx.Request], Awaitable[float]]

_PERMANENT = (httpx.codes.MOVED_PERMANENTLY, httpx.codes.PERMANENT_REDIRECT)
_ASKS_TO_WAIT = (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE)
_USUAL_PORTS = (None, 80, 443)


@dataclass(frozen=True, slots=True)
class _Redirect:
    request: httpx.Request
    permanent: bool


class Client:
    """A polite and guarded HTTP client; use it as an async context manager.

    Args:
        options: how to fetch.
        transport: opens connections in place of the guarded one: for tests.
    """

    def __init__(
        self,
        options: ClientOptions | None = None,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._options = options or ClientOptions()
        self._sessions = Sessions(self._options, transport)
        self._robots = Robots()
        self._pace = Pace(
            self._options.host_delay,
            at_host=self._options.host_requests,
            at_once=self._options.max_requests,
            longest_pause=self._options.max_pause,
        )

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
        await self._sessions.aclose()

    async def get(
        self, url: str, *, validators: Validators | None = None, ca_file: Path | None = None
    ) -> Page:
        """Return the answer of ``url``, redirects followed.

        Args:
            url: an http or https address.
            validators: makes the request conditional.
            ca_file: certificates to trust besides the public ones.

        Raises:
            Blocked: the address may not be fetched, or not by us: its robots.txt, a login or
                a check of the visitor stands before it.
            FetchError: no complete answer in time, or one that is an error.
        """
        known = validators or Validators()
        with fetch_errors(url, self._options):
            session = await self._sessions.of(ca_file)
            request = session.build_request("GET", url, headers=conditions(known))
            permit = partial(self._permit_page, session, url)
            page, hops = await self._follow(
                session, request, permit, partial(self._page, url, known)
            )
        moved = bool(hops) and all(hops) and page.url != str(request.url)
        return replace(page, moved_to=page.url) if moved else page

    async def _follow(
        self,
        session: httpx.AsyncClient,
        request: httpx.Request,
        permit: _Permit,
        settle: _Settle[_Result],
    ) -> tuple[_Result, list[bool]]:
        """Return what is made of the last answer, and of each redirect whether it is permanent.

        Args:
            session: sends.
            request: the first one.
            permit: allows each request, and returns the seconds its host wants between two.
            settle: makes something of the last answer.
        """
        left = self._options.deadline
        hops: list[bool] = []
        clock = asyncio.get_running_loop().time
        while len(hops) <= self._options.max_redirects:
            delay = await permit(request)
            async with self._pace.turn(_host(request.url), delay=delay):
                began = clock()
                answer = await asyncio.wait_for(self._exchange(session, request, settle), left)
                left -= clock() - began
            if not isinstance(answer, _Redirect):
                return answer, hops
            request = answer.request
            hops.append(answer.permanent)
        raise httpx.TooManyRedirects("", request=request)

    async def _exchange(
        self, session: httpx.AsyncClient, request: httpx.Request, settle: _Settle[_Result]
    ) -> _Result | _Redirect:
        async with sent(session, request) as response:
            wait = retry_after(response.headers.get("retry-after"))
            if wait is not None and response.status_code in _ASKS_TO_WAIT:
                self._pace.pause(_host(request.url), wait, response.status_code)
            if response.next_request is not None:
                return _Redirect(response.next_request, response.status_code in _PERMANENT)
            return await settle(response)

    async def _permit_page(
        self, session: httpx.AsyncClient, url: str, request: httpx.Request
    ) -> float:
        refuse_login(url, str(request.url))
        refuse_inner_names(request.url, self._options)
        if not self._options.robots:
            return 0.0
        ask = partial(self._robots_txt, session)
        leave = await self._robots.leave(_origin(request.url), str(request.url), ask)
        if not leave.granted:
            raise Blocked(url, f"the robots.txt of {request.url.host} does not permit it")
        return min(leave.delay, self._options.max_crawl_delay)

    async def _page(self, url: str, known: Validators, response: httpx.Response) -> Page:
        unchanged = response.status_code == httpx.codes.NOT_MODIFIED and known != Validators()
        if not unchanged:
            await refuse_error(url, response)
        return Page(
            url=str(response.url),
            status=response.status_code,
            body=b"" if unchanged else await whole_body(response, self._options.max_bytes),
            content_type=response.headers.get("content-type"),
            validators=told_validators(response.headers, known if unchanged else Validators()),
            unchanged=unchanged,
        )

    async def _robots_txt(self, session: httpx.AsyncClient, address: str) -> bytes | None:
        """Return the robots.txt at ``address``, or None if there is none."""
        body: bytes | None = None
        # Where it leads on without end, or where we do not go, there is none: whether the page
        # leads there too, its own request tells.
        with (
            suppress(Blocked),
            fetch_errors(address, self._options),
            suppress(httpx.TooManyRedirects),
        ):
            request = session.build_request("GET", address)
            body, _ = await self._follow(session, request, self._permit_robots_txt, _rules)
        return body

    async def _permit_robots_txt(self, request: httpx.Request) -> float:
        refuse_inner_names(request.url, self._options)
        return 0.0


async def _rules(response: httpx.Response) -> bytes | None:
    """Return the body of a robots.txt; None: the server has none for us (RFC 9309, 2.3.1).

    Raises:
        FetchError: the server cannot say now.
    """
    if response.is_success:
        return await opening_of_body(response, MAX_BYTES)
    status = response.status_code
    if response.is_server_error or status == httpx.codes.TOO_MANY_REQUESTS:
        wait = retry_after(response.headers.get("retry-after"))
        reason = f"its robots.txt answered {status}"
        raise FetchError(str(response.url), reason, status=status, retry_after=wait)
    return None


def _host(url: httpx.URL) -> str:
    """Return what stands for the server of ``url``: its name, with a port that is unusual."""
    name = url.host.removeprefix("www.")
    return name if url.port in _USUAL_PORTS else f"{name}:{url.port}"


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"
