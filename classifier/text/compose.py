"""How an item's title and text become the one text that is scored."""

from __future__ import annotations


def compose(title: str, text: str) -> str:
    """Return title and text as one text: the title, a line break, the text.

    A text that opens with its title already, as channel posts and many feeds
    do, is returned alone; case, spacing and the title's last punctuation mark
    do not count.
    """
    title, text = title.strip(), text.strip()
    if not title or _opens_with(text, title):
        return text
    return f"{title}\n{text}" if text else title


def _opens_with(text: str, title: str) -> bool:
    opening = _plain(title).rstrip(".!?…:")
    start = _plain(text[: 2 * len(title) + 100])
    following = start[len(opening) : len(opening) + 1]
    return bool(opening) and start.startswith(opening) and not following.isalnum()


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
