"""What a server answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

# Validators are sent back as headers: what cannot be one is of no use.
_SENDABLE = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,511}")


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


def conditions(validators: Validators) -> dict[str, str]:
    """Return the headers that ask for a page only if it has changed."""
    wanted = {
        "If-None-Match": validators.etag,
        "If-Modified-Since": validators.last_modified,
    }
    return {name: value for name, value in wanted.items() if value}


def told_validators(headers: Mapping[str, str], known: Validators) -> Validators:
    """Return the validators that an answer's ``headers`` give, gaps filled from ``known``."""

    def told(name: str) -> str | None:
        value = headers.get(name, "")
        return value if _SENDABLE.fullmatch(value) else None

    return Validators(
        etag=told("etag") or known.etag,
        last_modified=told("last-modified") or known.last_modified,
    )
