"""What can go wrong between a source and its items.

ScrapeError            a source, or one page of it, gave nothing usable
├── FetchError         no answer, or an answer that is an error (status, retry_after)
│   └── Blocked        the address may not be fetched: not public, or its site does not want it
│       └── Challenged a check of the visitor stands before it; it may be gone next time
└── ParseError         an answer came, but it holds no items
    └── LayoutChanged  a page came, but where its articles are linked from nothing is found
"""

from __future__ import annotations

import re

# What stands before the @ of an address; a password that was pasted as it is may hold any sign,
# so behind a colon that no port follows, it reaches to the last @.
_LOGIN = re.compile(r"(?<=//)(?:[^\s/?#]*|[^\s/?#:@\[\]]*:(?!\d+(?:[/?#]|$))\S*)@")


class ScrapeError(Exception):
    """A source gave nothing usable.

    Attributes:
        source: name or address of what failed.
        reason: one line for the ledger and for `newsieve check`.

    Neither holds the user name or password of an address, nor characters that cannot be shown.
    """

    def __init__(self, source: str, reason: str) -> None:
        self.source = _shown(source)
        self.reason = _shown(reason)
        # What it is built from again, when it comes from another process.
        super().__init__(self.source, self.reason)

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


class FetchError(ScrapeError):
    """No answer came, or one that is an error.

    Attributes:
        status: HTTP status, or None if no complete answer came.
        retry_after: seconds the server asked to wait, or None.
    """

    def __init__(
        self,
        source: str,
        reason: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(source, reason)
        self.status = status
        self.retry_after = retry_after


class Blocked(FetchError):
    """The address may not be fetched: not public, behind a login, or closed to robots."""


class Challenged(Blocked):
    """A check of the visitor came instead of the page: a captcha, or a script for browsers."""


class ParseError(ScrapeError):
    """The answer holds nothing that could be read as items."""


class LayoutChanged(ParseError):
    """The page is a page, but what should lead to its articles is not on it."""


def _shown(words: str) -> str:
    """Return ``words`` as one line that anybody may see: much of it was written by others."""
    printable = "".join(sign if sign.isprintable() else " " for sign in words)
    return _LOGIN.sub("", " ".join(printable.split()))
