"""Bodies of answers, inflated no further than a limit."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zlib import _Decompress as _Member

ACCEPTED = "gzip, deflate"

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_BARE_DEFLATE = -zlib.MAX_WBITS
_GZIP_MARK = b"\x1f\x8b"
# The bytes at the start of a stream that tell its format.
_TELLING = 2


class BodyError(Exception):
    """A body cannot be inflated; the message is one line for people."""


class TooLargeError(BodyError):
    """A body is larger than the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the answer is larger than {limit / 1e6:g} MB")


class Inflater:
    """Collects a body chunk by chunk, at most ``limit`` bytes of it after inflating.

    ``encoding`` is the answer's Content-Encoding; more than one at a time is
    not accepted, since that is how small answers become enormous ones. A gzip
    body may have several members; what follows the last one is left out.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        self._encoding = encoding.strip().lower()
        self._limit = limit
        self._received = 0
        self._collected = bytearray()
        if self._encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise BodyError(f"the answer is encoded as {encoding[:40]!r}, which nobody asked for")
        self._plain = self._encoding in ("", "identity")
        self._member: _Member | None = None
        # What has come of a member that is too short to tell its format.
        self._opening = b""
        self._ended = False
        self._trailing = False

    def feed(self, chunk: bytes) -> None:
        """Add the next raw bytes.

        Raises:
            TooLargeError: the limit is passed.
            BodyError: the bytes are not what the header says.
        """
        self._received += len(chunk)
        if self._plain:
            self._collected += chunk
        else:
            self._inflate(chunk)
        if max(self._received, len(self._collected)) > self._limit:
            raise TooLargeError(self._limit)

    def body(self) -> bytes:
        """Return what was collected.

        Raises:
            BodyError: the compressed bytes end in the middle.
        """
        if not self._plain and self._received and (self._member or not self._ended):
            raise BodyError("the answer breaks off in the middle")
        return bytes(self._collected)

    def opening(self) -> bytes:
        """Return what has come so far, at most ``limit`` bytes of it."""
        return bytes(self._collected[: self._limit])

    def _inflate(self, chunk: bytes) -> None:
        while chunk and not self._trailing and len(self._collected) <= self._limit:
            if self._member is None:
                chunk = self._opening + chunk
                if len(chunk) < _TELLING:
                    self._opening = chunk
                    return
                self._member, self._opening = self._opened(chunk), b""
            if self._member is not None:
                chunk = self._read(self._member, chunk)

    def _opened(self, chunk: bytes) -> _Member | None:
        """Return the reader of the member that begins with ``chunk``; None if none does."""
        self._trailing = self._ended and not chunk.startswith(_GZIP_MARK)
        return None if self._trailing else zlib.decompressobj(self._format(chunk))

    def _read(self, member: _Member, chunk: bytes) -> bytes:
        """Inflate as much of ``chunk`` as belongs to ``member``; return what is left."""
        try:
            self._collected += member.decompress(chunk, self._limit - len(self._collected) + 1)
        except zlib.error as error:
            raise BodyError(f"the answer is not {self._encoding}: {error}") from error
        if not member.eof:
            return b""
        self._member, self._ended = None, True
        return member.unused_data

    def _format(self, opening: bytes) -> int:
        # "deflate" means zlib by the book, but some servers send it bare.
        is_zlib = opening[0] & 15 == zlib.DEFLATED and int.from_bytes(opening[:2], "big") % 31 == 0
        bare = self._encoding == "deflate" and not (is_zlib or opening.startswith(_GZIP_MARK))
        return _BARE_DEFLATE if bare else _GZIP_OR_ZLIB
