"""Reading what others publish: whatever it does to a reader, it costs that page only."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

from scrapers.apart.offload import offload
from scrapers.errors import ParseError, ScrapeError

_Result = TypeVar("_Result")

logger = logging.getLogger(__name__)

# Pages take milliseconds; what takes longer than this has led an expression astray.
_READ_SECONDS = 10.0
# An unexpected error may quote the page.
_LONGEST = 300


async def read_aside(read: Callable[[], _Result], url: str) -> _Result:
    """Return what ``read`` returns, without stopping the event loop for it.

    What others publish is read here and nowhere else: whatever it does to a
    reader, it costs this page, not the process.

    Args:
        read: a function of a module, or a `functools.partial` of one: it is done elsewhere.
        url: the page it reads, for the error.

    Raises:
        ScrapeError: what ``read`` raises, as a ParseError if it is anything else.
        ParseError: it takes too long.
    """
    try:
        return await offload(read, seconds=_READ_SECONDS)
    except asyncio.TimeoutError as error:
        raise ParseError(url, f"not read within {_READ_SECONDS:g} s") from error
    except ScrapeError:
        raise
    except Exception as error:  # a page may make its reader raise anything: it is told whole
        failure = ParseError(url, f"cannot be read: {type(error).__name__}: {error}"[:_LONGEST])
        logger.exception("%s", failure, extra={"action": "unreadable_page", "page": failure.source})
        raise failure from error
