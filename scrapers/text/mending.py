"""XML as sites write it, mended so far that a parser can read it: for feeds and sitemaps."""

from __future__ import annotations

import html
import re
from html.entities import html5
from xml.sax.saxutils import escape

_BEFORE = "\ufeff \t\r\n"
_DECLARATION = re.compile(r"^<\?xml[^>]*\?>", re.IGNORECASE)
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL | re.IGNORECASE)
_REFERENCE = re.compile(
    r"&(?:#(?:\d{1,7}|[xX][0-9a-fA-F]{1,6});|[a-zA-Z][a-zA-Z0-9]{1,31}(?:;|(?![a-zA-Z0-9=])))?"
)
# One that begins no tag, comment or the like. Letters of other alphabets are words in brackets.
_BARE_BRACKET = re.compile(r"<(?![a-zA-Z_/!?])")
_ROOT = re.compile(r"<[a-zA-Z][\w.:-]*", re.ASCII)
_PREFIX = re.compile(r"[<\s/]([a-zA-Z_][\w.-]*):(?=[a-zA-Z_])", re.ASCII)
_DECLARED = re.compile(r"\sxmlns:([\w.-]+)\s*=", re.ASCII)
_MOST_PREFIXES = 50
_OF_XML = ("&amp;", "&lt;", "&gt;", "&quot;", "&apos;")


def bare_xml(text: str) -> str:
    """Return ``text`` without its XML declaration and without characters that XML forbids."""
    undeclared = _DECLARATION.sub("", text.lstrip(_BEFORE))
    return _NOT_XML.sub("", undeclared).lstrip(_BEFORE)


def mended_xml(text: str) -> str:
    """Return ``text`` with only such references as XML knows, and no bare ``&`` and ``<``.

    Names of HTML become the characters they stand for, references to no character stay as
    they are written, and CDATA is left alone: what looks like a reference there is meant so,
    or is HTML.
    """
    pieces, start = [], 0
    for marked in _CDATA.finditer(text):
        pieces += [_escaped(text[start : marked.start()]), f"<![CDATA[{marked[1]}]]>"]
        start = marked.end()
    return "".join([*pieces, _escaped(text[start:])])


def with_namespaces(text: str) -> str:
    """Return ``text`` with those prefixes declared in its first tag that it uses undeclared."""
    unknown = set(_PREFIX.findall(text)).difference(_DECLARED.findall(text), ("xml", "xmlns"))
    names = sorted(unknown)[:_MOST_PREFIXES]
    return _ROOT.sub(
        lambda root: root.group() + "".join(f' xmlns:{name}="undeclared:{name}"' for name in names),
        text,
        count=1,
    )


def _escaped(text: str) -> str:
    return _BARE_BRACKET.sub("&lt;", _REFERENCE.sub(_reference, text))


def _reference(found: re.Match[str]) -> str:
    written = found.group()
    if written in _OF_XML:
        return written
    character = html.unescape(_known(written))
    if not character or _NOT_XML.search(character) or "\ufffd" in character:
        return f"&amp;{written[1:]}"
    return escape(character)


def _known(written: str) -> str:
    """Return ``written`` as HTML knows it, or nothing; a name may lack its end, as in old pages."""
    if written.startswith("&#") or written[1:] in html5:
        return written
    small = written.lower()
    return small if small.endswith(";") and small[1:] in html5 else ""
