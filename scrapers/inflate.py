"""Bodies of answers, inflated no further than a limit."""

from __future__ import annotations

import zlib

ACCEPTED = "gzip, deflate"

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_BARE_DEFLATE = -zlib.MAX_WBITS


class BodyError(Exception):
    """A body cannot be inflated; the message is one line for people."""


class TooLargeError(BodyError):
    """A body is larger than the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the answer is larger than {limit / 1e6:g} MB")


class Inflater:
    """Collects a body chunk by chunk, at most ``limit`` bytes of it after inflating.

    ``encoding`` is the answer's Content-Encoding; more than one at a time is
    not accepted, since that is how small answers become enormous ones.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        self._encoding = encoding.strip().lower()
        self._limit = limit
        self._received = 0
        self._collected = bytearray()
        if self._encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise BodyError(f"the answer is encoded as {encoding[:40]!r}, which nobody asked for")
        self._plain = self._encoding in ("", "identity")
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)

    def feed(self, chunk: bytes) -> None:
        """Add the next raw bytes.

        Raises:
            TooLargeError: the limit is passed.
            BodyError: the bytes are not what the header says.
        """
        self._received += len(chunk)
        self._collected += chunk if self._plain else self._inflate(chunk)
        if max(self._received, len(self._collected)) > self._limit:
            raise TooLargeError(self._limit)

    def body(self) -> bytes:
        """Return what was collected."""
        return bytes(self._collected)

    def _inflate(self, chunk: bytes) -> bytes:
        room = self._limit - len(self._collected) + 1
        try:
            return self._stream.decompress(chunk, room)
        except zlib.error as error:
            if self._collected or self._encoding != "deflate":
                raise BodyError(f"the answer is not {self._encoding}: {error}") from error
        # "deflate" means zlib by the book, but some servers send it bare.
        self._encoding = "bare deflate"
        self._stream = zlib.decompressobj(_BARE_DEFLATE)
        return self._inflate(chunk)
