"""The shape of addresses: which of them look like those of articles, and which are alike."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

# Addresses of articles carry a number, a date, several words, or the ending of a page.
_ARTICLE_ADDRESS = re.compile(r"\d{3,}|[?&](?:id|p|news|nid)=\d+|(?:[^/-]+-){2,}|\.s?html?$", re.I)
_OTHER_ADDRESS = re.compile(
    r"/(?:tags?|rubrics?|categor(?:y|ies)|sections?|authors?|users?|profiles?|pages?|search|login"
    r"|register|topics?|contacts?|about|reklama|adv|redir(?:ect)?|rss|feed|forum|comments?|print"
    r"|votes?|polls?|about-us|contact-us|(?:privacy|terms|cookie|user)-[^/]*|advertis[^/]*"
    r"|politika-(?:konf|obrab)[^/]*|reklama-na-[^/]*)(?:[/?.]|$)"
    r"|\.(?:jpe?g|png|gif|webp|svg|pdf|docx?|xlsx?|zip|rar|mp[34]|xml)$",
    re.IGNORECASE,
)
_SLUG = re.compile(r"(?:[^-_]+[-_]){2,}")
_LONG_NUMBER = re.compile(r"\d{3,}")


def is_article_address(address: str) -> bool:
    """Say whether ``address`` looks like that of an article: by a number, a date, many words."""
    path = _path(urlsplit(address))
    return bool(_ARTICLE_ADDRESS.search(path)) and not _OTHER_ADDRESS.search(path)


def is_other_address(address: str) -> bool:
    """Say whether ``address`` looks like that of a section, a tag, an author, a file."""
    return bool(_OTHER_ADDRESS.search(_path(urlsplit(address))))


def section_shape(address: str) -> tuple[str, ...]:
    """Return the shape of ``address`` with the sections it names: those of one list agree."""
    *sections, last = _segments(address)
    named = (part if _kind(part) == "word" else _kind(part) for part in sections)
    return (*named, _kind(last), *_keys(address))


def plain_shape(address: str) -> tuple[str, ...]:
    """Return the shape of ``address``: those of the articles of one site agree."""
    return (*map(_kind, _segments(address)), *_keys(address))


def _path(parts: SplitResult) -> str:
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _segments(address: str) -> list[str]:
    return urlsplit(address).path.strip("/").lower().split("/")


def _keys(address: str) -> list[str]:
    query = urlsplit(address).query
    return [f"?{part.partition('=')[0]}" for part in query.split("&") if part]


def _kind(segment: str) -> str:
    stem, _, ending = segment.partition(".")
    if _SLUG.match(stem):
        kind = "words"
    elif stem.isdecimal() or _LONG_NUMBER.search(stem):
        kind = "number"
    else:
        kind = "word" if stem else ""
    return f"{kind}.{ending}" if ending else kind
