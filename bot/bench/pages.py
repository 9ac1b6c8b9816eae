"""The pages that extraction is measured on."""

from __future__ import annotations

from pathlib import Path

from bot.bench.invented import article
from bot.errors import BotError

_ENDINGS = (".html", ".htm", ".shtml", ".php")
_INVENTED = 30


def read_pages(folder: Path | None) -> list[bytes]:
    """Return the pages in ``folder`` and the folders in it; None: invented ones.

    Raises:
        BotError: if there are none, or one cannot be read.
    """
    if folder is None:
        return [article(number) for number in range(_INVENTED)]
    try:
        paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _ENDINGS)
        pages = [path.read_bytes() for path in paths if path.is_file()]
    except OSError as error:
        raise BotError(f"{folder}: {error.strerror or error}") from None
    if not pages:
        raise BotError(f"{folder}: no pages in it, which end in {', '.join(_ENDINGS)}")
    return pages
