"""Answers of servers: their bodies, and those that are errors."""

from __future__ import annotations

import re
from contextlib import suppress

import httpx

from scrapers.errors import Blocked, Challenged, FetchError
from scrapers.web.challenge import LARGEST, find_challenge
from scrapers.web.inflate import BodyError, Inflater, TooLargeError
from scrapers.web.retry import retry_after

_LOGIN = re.compile(r"/(?:wp-login\.php|log-?in|sign-?in|auth)(?:[/.?]|$)", re.IGNORECASE)
# What a server answers to visitors whom it does not want, or not now.
_UNWANTED = (401, 403, 429, 451, 503)


async def whole_body(response: httpx.Response, limit: int) -> bytes:
    """Return the body, inflated.

    Raises:
        TooLargeError: it is larger than ``limit``.
        BodyError: it cannot be inflated, or breaks off.
    """
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise TooLargeError(limit)
    inflater = Inflater(response.headers.get("content-encoding", ""), limit)
    await _feed(inflater, response)
    return inflater.body()


async def opening_of_body(response: httpx.Response, limit: int) -> bytes:
    """Return the body, inflated, or the first ``limit`` bytes of it.

    Raises:
        BodyError: it cannot be inflated.
    """
    inflater = Inflater(response.headers.get("content-encoding", ""), limit)
    with suppress(TooLargeError):
        await _feed(inflater, response)
    return inflater.opening()


async def _feed(inflater: Inflater, response: httpx.Response) -> None:
    # Raw, because httpx would inflate a small chunk to any size before we could look.
    async for chunk in response.aiter_raw():
        inflater.feed(chunk)


def refuse_login(url: str, target: str) -> None:
    """Check where ``url`` redirects to.

    Raises:
        Blocked: to a login page.
    """
    # Whoever configured a login page as the source gets to see it.
    if _LOGIN.search(target) and not _LOGIN.search(url):
        raise Blocked(url, f"redirects to a login page, {target}")


async def refuse_error(url: str, response: httpx.Response) -> None:
    """Check the status of an answer.

    Raises:
        Challenged: it is a check of the visitor.
        Blocked: it is a login wall or a refusal.
        FetchError: it is another error.
    """
    if response.is_success:
        return
    status = response.status_code
    wait = retry_after(response.headers.get("retry-after"))
    challenge = await _challenge(response) if status in _UNWANTED else None
    if challenge is not None:
        raise Challenged(url, f"{challenge}, {status}", status=status, retry_after=wait)
    if status == httpx.codes.UNAUTHORIZED:
        raise Blocked(url, "asks for a login (401)", status=status)
    reason = f"answered {status} {response.reason_phrase}".rstrip()
    kind = Blocked if status == httpx.codes.FORBIDDEN else FetchError
    raise kind(url, reason, status=status, retry_after=wait)


async def _challenge(response: httpx.Response) -> str | None:
    if response.headers.get("cf-mitigated", "").lower() == "challenge":
        return "shows a check of the visitor instead of the page (Cloudflare)"
    try:
        body = await opening_of_body(response, LARGEST + 1)
    except (BodyError, httpx.TransportError):
        # The status says enough: what went wrong behind it changes nothing.
        return None
    return find_challenge(body, str(response.url))
