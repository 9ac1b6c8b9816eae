"""What can go wrong between a source and its items.

ScrapeError            a source, or one page of it, gave nothing usable
├── FetchError         no answer, or an answer that is an error (status, retry_after)
│   └── Blocked        the address may not be fetched at all (private network, odd port, login wall)
└── ParseError         an answer came, but it holds no items
"""

from __future__ import annotations


class ScrapeError(Exception):
    """A source gave nothing usable.

    Attributes:
        source: name or address of what failed.
        reason: one line for the ledger and for `newsieve check`.
    """

    def __init__(self, source: str, reason: str) -> None:
        self.source = source
        self.reason = reason
        super().__init__(f"{source}: {reason}")


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
    """The address may not be fetched: not public, an odd port, or behind a login."""


class ParseError(ScrapeError):
    """The answer holds nothing that could be read as items."""
