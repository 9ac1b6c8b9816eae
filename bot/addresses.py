"""Addresses as people write them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from config import ConfigError
from scrapers import Blocked, FetchError, preview_address
from scrapers.address import absolute_url, host_of

_Result = TypeVar("_Result")

# A port may stand behind a host in the same way.
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d+(?:[/?#]|\Z))", re.IGNORECASE)


def meant_addresses(written: str) -> tuple[str, ...]:
    """Return the web addresses that may be meant, in the order to try them.

    What names no scheme is at https, or else at http. A Telegram channel may be ``@name``.

    Raises:
        ConfigError: it is none; nothing needs to be asked to know that.
    """
    given = written.strip()
    try:
        channel = preview_address(given)
    except Blocked as error:
        raise ConfigError([str(error)]) from error
    if channel is not None:
        return (channel.replace("/s/", "/"),)
    bare = given.removeprefix("//")
    whole = (given,) if _SCHEME.match(given) else (f"https://{bare}", f"http://{bare}")
    if not all(map(_is_web_address, whole)):
        # Before an @ there may be a password.
        named = "this" if "@" in given else repr(given)
        raise ConfigError([f"{named} is no web address like https://gorod.example/news"])
    return whole


async def first_answer(
    addresses: Sequence[str], ask: Callable[[str], Awaitable[_Result]]
) -> _Result:
    """Return what ``ask`` makes of the first address at which there is a server that answers.

    Raises:
        ScrapeError: what went wrong there; if none answers, at the first.
    """
    silent: list[FetchError] = []
    for address in addresses:
        try:
            return await ask(address)
        except FetchError as error:
            if error.status is not None or isinstance(error, Blocked):
                raise
            silent.append(error)
    raise silent[0]


def _is_web_address(address: str) -> bool:
    return absolute_url(address, "") is not None and any(map(str.isalnum, host_of(address)))
