"""One piece of news, as a source published it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time


@dataclass(frozen=True, slots=True)
class Item:
    """What a source says: plain text, no markup.

    Attributes:
        source: name of the source it was fetched from.
        url: absolute address of the article itself.
        title: the headline, one line; empty if the source gives none.
        text: paragraphs, one a line; empty if the source gives none.
        published: an aware moment in the site's own zone, or None if the site does not tell; see
            ``names_day_alone``.
        image: absolute address of its picture, or None.
        link: where its source links to, if that is another address than the article's own.
    """

    source: str
    url: str
    title: str
    text: str
    published: datetime | None = None
    image: str | None = None
    link: str | None = None


def names_day_alone(published: datetime) -> bool:
    """Say whether only the day of an item is known: then its moment is midnight sharp.

    Dates without a time of day are read so, and many sites write them so for machines. What
    really came out at midnight sharp cannot be told from them, and loses but its time.
    """
    return published.time() == time()
