"""Files that are compressed themselves, as large sitemaps are, whatever the server says of them."""

from __future__ import annotations

import zlib

from scrapers.errors import ParseError
from scrapers.web.inflate import BodyError, Inflater

_MARK = b"\x1f\x8b"
_GZIP = 16 + zlib.MAX_WBITS


def gunzipped(body: bytes, url: str, *, limit: int) -> bytes:
    """Return what is in ``body`` if it is a gzip file, else ``body``.

    Raises:
        ParseError: it is broken, or holds more than ``limit`` bytes.
    """
    if not body.startswith(_MARK):
        return body
    inflater = Inflater("gzip", limit)
    try:
        inflater.feed(body)
        return inflater.body()
    except BodyError as error:
        raise ParseError(url, str(error)) from error


def beginning(body: bytes, length: int) -> bytes:
    """Return the first ``length`` bytes of what is in ``body``, a gzip file or not."""
    if not body.startswith(_MARK):
        return body[:length]
    try:
        return zlib.decompressobj(_GZIP).decompress(body, length)
    except zlib.error:
        return b""
