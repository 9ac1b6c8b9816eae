"""Telegram HTML: the few tags there are, and where they lead. Pure."""

from __future__ import annotations

from html.parser import HTMLParser

_TAGS = frozenset(("a", "b", "blockquote", "code", "del", "em", "i", "ins", "pre", "s")) | {
    *("span", "strike", "strong", "tg-spoiler", "u")
}


def links_in(markup: str) -> set[str]:
    """Return the addresses that Telegram HTML links to.

    Raises:
        ValueError: it is not Telegram HTML: a tag that Telegram does not know, or one that is
            not closed in its turn.
    """
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    if reader.open:
        raise ValueError(f"<{reader.open[-1]}> is not closed")
    return reader.links


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an opening tag."""
        if tag not in _TAGS:
            raise ValueError(f"Telegram knows no <{tag}>")
        self.open.append(tag)
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.links.add(href)

    def handle_endtag(self, tag: str) -> None:
        """Take a closing tag."""
        if not self.open or self.open.pop() != tag:
            raise ValueError(f"</{tag}> closes what is not open")
