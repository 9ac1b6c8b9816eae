"""Photos: what Telegram takes as one, and what it makes of it."""

from __future__ import annotations

import struct
from typing import Any

CAPTION_LIMIT = 1024
PHOTO_LIMIT = 10_000_000
LONGEST_SIDES = 10_000
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"

PNG = _PNG + b"\x00\x00\x00\rIHDR" + struct.pack(">II", 800, 600) + b"\x08\x02"
"""The beginning of a picture of 800 by 600 pixels: more of it nobody looks at."""


class PhotoError(ValueError):
    """A photo is refused with an HTTP status and Telegram's words."""

    def __init__(self, status: int, description: str) -> None:
        self.status = status
        self.description = description
        super().__init__(description)


def accepted(photo: bytes) -> bytes:
    """Return ``photo`` as it is.

    Raises:
        PhotoError: if Telegram would not take it as a photo.
    """
    if not photo:
        raise PhotoError(400, "Bad Request: file must be non-empty")
    if len(photo) > PHOTO_LIMIT:
        raise PhotoError(413, "Request Entity Too Large")
    if not photo.startswith((_PNG, _JPEG)):
        raise PhotoError(400, "Bad Request: IMAGE_PROCESS_FAILED")
    if photo.startswith(_PNG) and sum(size_of(photo)) > LONGEST_SIDES:
        raise PhotoError(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    return photo


def size_of(png: bytes) -> tuple[int, int]:
    """Return width and height of a PNG in pixels."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def described(photo: bytes) -> list[dict[str, Any]]:
    """Return a photo as the Bot API writes it; a JPEG's size is not looked up."""
    width, height = size_of(photo) if photo.startswith(_PNG) else (1, 1)
    key = f"photo-{len(photo)}"
    told = {"file_id": key, "file_unique_id": key, "width": width, "height": height}
    return [{**told, "file_size": len(photo)}]
