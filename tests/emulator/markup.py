"""Telegram's HTML: what it takes, what it refuses, and what it makes of it.

Follows the grammar of TDLib's ``parse_html``: known tags only, properly nested and closed;
four named character references and the numeric ones, any other stays as it was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

_TYPE_OF = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(?P<dec>\d+)|#x(?P<hex>[0-9a-fA-F]+)|(?P<name>[a-zA-Z]+));?")
_TAG_NAME = re.compile(r"[^\s/>]*")
_ATTRIBUTE = re.compile(
    r"""\s*(?P<name>[^\s=>/"']+)\s*
        (?:=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[A-Za-z0-9.-]*)(?=[\s>])))?""",
    re.VERBOSE,
)
_PLAIN_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w+)?")
_MONOSPACE = {"code", "pre"}


class MarkupError(ValueError):
    """The markup is refused; the message is Telegram's, without ``Bad Request``."""


@dataclass(frozen=True)
class Entity:
    """A marked stretch of a text; offset and length count UTF-16 code units."""

    type: str
    offset: int
    length: int
    url: str | None = None

    def as_json(self) -> dict[str, object]:
        """Return the entity as the Bot API writes it."""
        plain: dict[str, object] = {
            "type": self.type,
            "offset": self.offset,
            "length": self.length,
        }
        return {**plain, "url": self.url} if self.url else plain


@dataclass
class _Open:
    tag: str
    offset: int
    href: str | None


def utf16_length(text: str) -> int:
    """Return how many UTF-16 code units ``text`` takes."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(markup: str) -> tuple[str, list[Entity]]:
    """Return the text that readers see and its entities.

    Raises:
        MarkupError: if Telegram would refuse the markup.
    """
    return _Parser(markup).parse()


def parse_plain(text: str) -> tuple[str, list[Entity]]:
    """Return ``text`` without surrounding space, and its links and commands."""
    text = text.strip()
    found = [_found(text, match, "url") for match in _PLAIN_LINK.finditer(text)]
    found += [_found(text, match, "bot_command") for match in _COMMAND.finditer(text)]
    return text, sorted(found, key=lambda entity: entity.offset)


def rewrite_url(url: str) -> str | None:
    """Return ``url`` as Telegram keeps it, or None if it makes no link of it.

    The host gets lower case and punycode, an empty path becomes a slash.
    """
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # UnicodeError is one too
        return None
    if not host or parts.scheme.lower() not in ("http", "https"):
        return None
    return urlunsplit(
        (parts.scheme.lower(), host + port, parts.path or "/", parts.query, parts.fragment)
    )


class _Parser:
    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._pos = 0
        self._text: list[str] = []
        self._offset = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while self._pos < len(self._markup):
            if self._markup.startswith("</", self._pos):
                self._end_tag()
            elif self._markup[self._pos] == "<":
                self._start_tag()
            else:
                self._characters()
        if self._open:
            raise MarkupError(
                f'can\'t find end tag corresponding to start tag "{self._open[-1].tag}"'
            )
        return _trimmed("".join(self._text), self._entities)

    def _characters(self) -> None:
        end = self._markup.find("<", self._pos)
        end = len(self._markup) if end < 0 else end
        text = _decode(self._markup[self._pos : end])
        self._text.append(text)
        self._offset += utf16_length(text)
        self._pos = end

    def _start_tag(self) -> None:
        begin = self._pos
        tag = self._name(begin + 1)
        if tag not in _TYPE_OF:
            raise MarkupError(f'unsupported start tag "{tag}" at byte offset {self._bytes(begin)}')
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise MarkupError(
                f'tag "span" must have class "tg-spoiler" at byte offset {self._bytes(begin)}'
            )
        self._open.append(_Open(tag, self._offset, attributes.get("href")))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            while self._markup[self._pos : self._pos + 1].isspace():
                self._pos += 1
            if self._markup.startswith(">", self._pos):
                self._pos += 1
                return found
            match = _ATTRIBUTE.match(self._markup, self._pos)
            if self._pos >= len(self._markup) or not match:
                raise MarkupError(f'unclosed start tag "{tag}" at byte offset {self._bytes(begin)}')
            value = match["double"] or match["single"] or match["bare"] or ""
            found[match["name"].lower()] = _decode(value)
            self._pos = match.end()

    def _end_tag(self) -> None:
        begin = self._pos
        tag = self._name(begin + 2)
        close = self._markup.find(">", self._pos)
        if close != self._pos:
            raise MarkupError(f"unclosed end tag at byte offset {self._bytes(begin)}")
        if not self._open:
            raise MarkupError(f"unexpected end tag at byte offset {self._bytes(begin)}")
        opened = self._open.pop()
        if opened.tag != tag:
            raise MarkupError(
                f"unmatched end tag at byte offset {self._bytes(begin)}, "
                f'expected "</{opened.tag}>", found "</{tag}>"'
            )
        self._pos = close + 1
        self._close(opened)

    def _close(self, opened: _Open) -> None:
        length = self._offset - opened.offset
        if not length or any(outer.tag in _MONOSPACE for outer in self._open):
            return
        url = None
        if opened.tag == "a":
            url = rewrite_url(opened.href or "".join(self._text)[-length:])
            if url is None:
                return
        self._entities.append(Entity(_TYPE_OF[opened.tag], opened.offset, length, url))

    def _name(self, start: int) -> str:
        match = _TAG_NAME.match(self._markup, start)
        assert match is not None
        self._pos = match.end()
        return match[0].lower()

    def _bytes(self, position: int) -> int:
        return len(self._markup[:position].encode("utf-8", "surrogatepass"))


def _decode(text: str) -> str:
    return _REFERENCE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    if match["name"]:
        return _NAMED.get(match["name"], match[0])
    code = int(match["dec"]) if match["dec"] else int(match["hex"], 16)
    return chr(code) if 0 < code < 0x110000 else match[0]


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    shift = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    size = utf16_length(text)
    kept = []
    for entity in sorted(entities, key=lambda one: (one.offset, -one.length)):
        start = max(entity.offset - shift, 0)
        end = min(entity.offset + entity.length - shift, size)
        if end > start:
            kept.append(Entity(entity.type, start, end - start, entity.url))
    return text, _with_plain_links(text, kept)


def _with_plain_links(text: str, entities: list[Entity]) -> list[Entity]:
    covered = [
        (entity.offset, entity.offset + entity.length)
        for entity in entities
        if entity.type in _MONOSPACE | {"text_link"}
    ]
    for match in _PLAIN_LINK.finditer(text):
        link = _found(text, match, "url")
        if not any(
            start < link.offset + link.length and link.offset < end for start, end in covered
        ):
            entities.append(link)
    return sorted(entities, key=lambda entity: (entity.offset, -entity.length))


def _found(text: str, match: re.Match[str], kind: str) -> Entity:
    return Entity(kind, utf16_length(text[: match.start()]), utf16_length(match[0]))
