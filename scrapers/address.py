"""Addresses: what a link points at, and when two addresses are the same article."""

from __future__ import annotations

import re
from hashlib import sha256

import httpx

_TRACKING = re.compile(
    r"utm_.*|y(?:s)?clid|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|igshid"
    r"|mc_[ce]id|_openstat|_g[al]|mkt_tok|vero_id|rb_clickid",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
# The only fragment that tells items apart: see mark().
_MARK = re.compile(r"item-[0-9a-f]{16}")
# Browsers drop these inside an address, and pages wrap long links with them.
_BREAKS = re.compile(r"[\t\r\n]")
# A host that is no name raises a UnicodeError, which is a ValueError, as are those of urllib.
_NO_ADDRESS = (httpx.InvalidURL, ValueError)


def canonical_url(url: str) -> str:
    """Return the identity of ``url``: two addresses of one article give the same.

    Scheme and host are lower-cased (an international host becomes punycode),
    the default port, the fragment and tracking parameters (``utm_*``,
    ``yclid``, ``fbclid``, ``gclid``…) are dropped. What is no address at all
    comes back without its outer spaces.
    """
    try:
        parsed = httpx.URL(_BREAKS.sub("", url.strip()))
        fragment = parsed.fragment if _MARK.fullmatch(parsed.fragment) else None
        # Escaped, it may be longer than an address can be.
        plain = parsed.copy_with(query=_without_tracking(parsed.query), fragment=fragment)
    except _NO_ADDRESS:
        return url.strip()
    return _ESCAPE.sub(lambda escape: escape[0].upper(), str(plain))


def absolute_url(base: str, link: str) -> str | None:
    """Return ``link`` as seen on the page ``base``, or None if it is no web address."""
    try:
        joined = httpx.URL(base).join(_BREAKS.sub("", link.strip()))
        # Asking for the host decodes its punycode, which may be broken.
        whole = joined.scheme in ("http", "https") and joined.host and "%" not in joined.host
    except _NO_ADDRESS:
        return None
    return str(joined) if whole else None


def host_of(url: str) -> str:
    """Return the host of ``url`` as people read it, or ``url`` itself if it has none."""
    try:
        return httpx.URL(url.strip()).host or url
    except _NO_ADDRESS:
        return url


def mark(url: str, *parts: str) -> str:
    """Return ``url`` with a fragment made from ``parts``, which `canonical_url` keeps.

    It gives items an identity of their own when their source gives them none.
    """
    digest = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{url.split('#', 1)[0]}#item-{digest[:16]}"


def _without_tracking(query: bytes) -> bytes | None:
    kept = [
        part
        for part in query.split(b"&")
        if part and not _TRACKING.fullmatch(part.split(b"=", 1)[0].decode("ascii", "replace"))
    ]
    return b"&".join(kept) or None
