"""A picture that shows nothing, to cover one that is not to be seen any more. Pure."""

from __future__ import annotations

import struct
import zlib
from functools import cache

_WIDTH, _HEIGHT = 640, 360
_GREY = 0xE6
_LEVELS_OF_GREY = 0
_NO_FILTER = b"\0"


@cache
def blank_picture() -> bytes:
    """Return an evenly grey PNG of some hundred bytes."""
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, _LEVELS_OF_GREY, 0, 0, 0)
    row = _NO_FILTER + bytes([_GREY]) * _WIDTH
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(row * _HEIGHT)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
