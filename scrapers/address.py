"""Addresses: what a link points at, and when two addresses are the same article."""

from __future__ import annotations

import re
from hashlib import sha256

import httpx

# What others hang on an address; no site says by it which article is meant.
_TRACKING = re.compile(
    r"utm_.*|y(?:m|s|ad)?clid|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|ttclid"
    r"|srsltid|igshid|igsh|mc_[ce]id|_openstat|_g[al]|mkt_tok|vero_id|rb_clickid|etext|_hs(?:enc|mi)"
    r"|(?:pk|piwik|mtm|matomo)_(?:campaign|kwd|keyword|source|medium|content|cid)|phpsessid",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}
# The same article for phones and for the printer.
_VIEW = re.compile(r"(?:amp|print)(?:=(?:1|y|yes|true)?)?|outputtype=amp", re.IGNORECASE)
# mobile.example.ru may be a section about phones: it stays.
_SAME_HOST = re.compile(r"\A(?:(?:www|m|amp)\.)+(?=[^.]+\.[^.])")
_DEFAULT_PAGE = re.compile(r"(?:index|default)\.(?:php|s?html?|aspx?|jsp)", re.IGNORECASE)
_AMP = ".amp"
_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)
_ESCAPE = re.compile(r"%(?:([0-9a-fA-F]{2})|)")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
# The only fragments that tell items apart: see mark(); and where scripts show the article.
_MARK = re.compile(r"item-[0-9a-f]{16}|!?/.+|!.+", re.DOTALL)
# Browsers drop these inside an address, and pages wrap long links with them.
_BREAKS = re.compile(r"[\t\r\n]")
# A host that is no name raises a UnicodeError, which is a ValueError, as are those of urllib.
_NO_ADDRESS = (httpx.InvalidURL, ValueError)


def canonical_url(url: str) -> str:
    """Return the identity of ``url``: two addresses of one article give the same.

    It is made to be compared, not to be fetched. These do not count: http or
    https, ``www.``, ``m.`` and ``amp.`` before the host, other marks of AMP, a
    slash at the end or twice, ``index.php`` and its like, the order of
    parameters, tracking parameters (``utm_*``, ``yclid``, ``fbclid``…), session
    ids, fragments that name no article, and how a character is escaped. What is
    no web address comes back without its outer spaces.
    """
    try:
        parsed = httpx.URL(_ESCAPE.sub(_plain_escape, _BREAKS.sub("", url.strip())))
        return str(_canonical(parsed)) if parsed.scheme in ("http", "https") else url.strip()
    except _NO_ADDRESS:
        return url.strip()


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


def _canonical(url: httpx.URL) -> httpx.URL:
    """Raises ValueError or InvalidURL: escaped, an address may be longer than one can be."""
    host = _SAME_HOST.sub("", url.raw_host.decode("ascii").rstrip("."), count=1)
    if not host:
        raise ValueError(f"no host in {url}")
    path, _, query = url.raw_path.decode("ascii").partition("?")
    segments = _segments(_SESSION.sub("", path))
    if host == "t.me" and len(segments) > 1 and segments[0] == "s":
        # The preview of a channel and the channel show the same posts.
        segments = segments[1:]
    parameters = _parameters(query)
    port = None if url.port == _PORTS[url.scheme] else url.port
    # As it is written: without its escapes it could be read as another.
    fragment = str(url).partition("#")[2]
    return url.copy_with(
        # On a port of its own a server speaks one of the two.
        scheme="https" if port is None else url.scheme,
        host=host,
        port=port,
        raw_path=f"/{'/'.join(segments)}{parameters and '?'}{parameters}".encode("ascii"),
        fragment=fragment if _MARK.fullmatch(fragment) else None,
    )


def _segments(path: str) -> list[str]:
    """Return the parts of ``path`` that tell articles apart."""
    parts: list[str] = []
    for part in path.split("/"):
        # A whole address inside a path, as archives have it, keeps its slashes.
        if part.strip(".") or (not part and parts and parts[-1].endswith(":")):
            parts.append(part)
    while parts:
        parts[-1] = _without_amp(parts[-1])
        if parts[-1] and not _DEFAULT_PAGE.fullmatch(parts[-1]) and not _is_amp(parts, -1):
            break
        parts.pop()
    while _is_amp(parts, 0):
        parts.pop(0)
    return parts


def _is_amp(parts: list[str], place: int) -> bool:
    return len(parts) > 1 and parts[place].lower() == "amp"


def _without_amp(name: str) -> str:
    """``5.amp`` and ``5.amp.html`` show what ``5`` and ``5.html`` show."""
    stem, dot, ending = name.rpartition(".")
    if ending.lower() not in ("html", "htm"):
        stem, dot, ending = name, "", ""
    # What is dots alone would be read as a step in the path.
    while stem.lower().endswith(_AMP) and stem[: -len(_AMP)].strip("."):
        stem = stem[: -len(_AMP)]
    return stem + dot + ending


def _parameters(query: str) -> str:
    kept = [
        part
        for part in query.split("&")
        if part and not _TRACKING.fullmatch(part.split("=", 1)[0]) and not _VIEW.fullmatch(part)
    ]
    return "&".join(sorted(kept, key=lambda part: part.split("=", 1)[0]))


def _plain_escape(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return "%25"
    character = chr(int(escape[1], 16))
    return character if _UNRESERVED.fullmatch(character) else escape[0].upper()
