"""Public Telegram channels, read from the preview that t.me shows to anybody.

The page https://t.me/s/name shows about twenty posts, the oldest first, and leads to the
older ones by ``?before=`` and the number of a post. A name without such a preview leads to
the card of the channel, the group or the person instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from urllib.parse import urlsplit

from lxml import etree

from scrapers.address import absolute_url, host_of
from scrapers.errors import Blocked, FetchError, LayoutChanged, ScrapeError
from scrapers.feeds.signature import without_signatures
from scrapers.item import Item
from scrapers.text.closing import without_closing
from scrapers.text.dates import parse_date
from scrapers.text.document import parse_page
from scrapers.text.opening import split_headline
from scrapers.text.plain import one_line, text_of

_HOSTS = ("t.me", "telegram.me", "telegram.dog")
_NAME = re.compile(r"[a-z][a-z0-9_]{3,31}", re.IGNORECASE)
_HANDLE = re.compile(rf"@({_NAME.pattern})", re.IGNORECASE)
# The first parts of addresses on t.me that are no names.
_NO_NAMES = re.compile(
    r"s|c|iv|a|joinchat|addstickers|addemoji|addtheme|addlist|share|proxy|socks|login|contact"
    r"|setlanguage|bg|invoice|giftcode|boost|msg|confirmphone",
    re.IGNORECASE,
)
_POST = re.compile(rf"({_NAME.pattern})/(\d{{1,15}})", re.IGNORECASE)
_BACKGROUND = re.compile(r"background-image\s*:\s*url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)
# Classes that only the history of a channel has.
_HISTORY = (b"tgme_channel_history", b"tgme_widget_message_wrap")


@dataclass(frozen=True, slots=True)
class Preview:
    """One page of a channel's history.

    Attributes:
        items: the posts that say something, the newest first.
        shown: how many posts there are, those without words included.
        older: the address of the page with the older ones, or None.
    """

    items: tuple[Item, ...]
    shown: int
    older: str | None = None


def preview_address(url: str) -> str | None:
    """Return where a channel shows its posts; None if ``url`` is no address of a channel.

    Understands ``@name``, ``t.me/name``, ``https://t.me/name``, ``https://t.me/s/name``,
    ``https://name.t.me`` and the address of a post.

    Raises:
        Blocked: it is on t.me, but not of a public channel: an invitation, a set of stickers.
    """
    if handle := _HANDLE.fullmatch(url.strip()):
        return f"https://t.me/s/{handle[1]}"
    host, path = _host_and_path(url)
    name = host.removesuffix(".t.me") if host != "t.me" and host.endswith(".t.me") else None
    if name is None and host not in _HOSTS:
        return None
    parts = [part for part in path.split("/") if part]
    if name is None or name == "www":
        name = next(iter(parts[1:] if parts[:1] == ["s"] else parts), "")
    if _NO_NAMES.fullmatch(name) or not _NAME.fullmatch(name):
        raise Blocked(url, "is not the address of a public channel: https://t.me/ and its name")
    return f"https://t.me/s/{name}"


def is_preview(body: bytes, url: str = "") -> bool:
    """Say whether an answer is for `read_preview`: by its address, or by what is on the page."""
    host, _ = _host_and_path(url)
    return host in _HOSTS or any(mark in body for mark in _HISTORY)


def read_preview(
    body: bytes, url: str, content_type: str | None = None, *, zone: tzinfo | None = None
) -> Preview:
    """Return the posts on a page of a channel; their source is the host of ``url``.

    The first line or sentence of a post is its title, what follows its text. Service messages
    are no posts; a post of pictures, a poll or a file without words is no item.

    Args:
        body: the page's bytes.
        url: its address.
        content_type: the HTTP header, a hint only.
        zone: of the moments; None means UTC.

    Raises:
        FetchError: with status 404: there is no such channel.
        Blocked: the channel shows no preview, or it is none.
        LayoutChanged: this is neither a preview nor a card.
        ParseError: this is no page.
    """
    root = parse_page(body, url, content_type).root
    posts = [post for post in _all(root, "tgme_widget_message") if _is_post(post)]
    if not posts and not _all(root, "tgme_channel_history"):
        raise _nothing(root, url)
    items = [item for post in posts if (item := _item(post, url, zone))]
    texts = without_signatures([item.text for item in items])
    titled = [_titled(item, text) for item, text in zip(items, texts, strict=True)]
    return Preview(tuple(reversed(titled)), len(posts), _older(root, url))


def _host_and_path(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url.strip() if "//" in url else f"//{url.strip()}")
        return (parts.hostname or "").lower(), parts.path
    except ValueError:
        return "", ""


def _all(element: etree._Element, name: str) -> list[etree._Element]:
    """Return the elements of a class inside ``element``, in the order of the page."""
    return [
        inner for inner in element.iter(etree.Element) if name in (inner.get("class") or "").split()
    ]


def _is_post(element: etree._Element) -> bool:
    return (
        _POST.fullmatch(element.get("data-post") or "") is not None
        and "service_message" not in (element.get("class") or "").split()
    )


def _item(post: etree._Element, url: str, zone: tzinfo | None) -> Item | None:
    """Return a post with all its words as text; None if it has none."""
    text = next(filter(None, map(text_of, _own_texts(post))), "")
    if not text:
        return None
    return Item(
        source=host_of(url),
        url=f"https://t.me/{post.get('data-post')}",
        title="",
        text=text,
        published=_moment(post, zone),
        image=next(_pictures(post, url), None),
    )


def _own_texts(post: etree._Element) -> Iterator[etree._Element]:
    """Yield what the post says, not what it answers to; an album holds its text twice nested."""
    for text in _all(post, "tgme_widget_message_text"):
        around = {
            name
            for outer in (text, *text.iterancestors())
            for name in (outer.get("class") or "").split()
        }
        if not around & {"tgme_widget_message_reply", "js-message_reply_text"}:
            yield text


def _titled(item: Item, text: str) -> Item:
    title, rest = split_headline(text)
    return replace(item, title=one_line(title), text=without_closing(rest))


def _moment(post: etree._Element, zone: tzinfo | None) -> datetime | None:
    """Return when it was posted; the duration of a video is a ``<time>`` as well."""
    stated = (
        time.get("datetime") or ""
        for date in _all(post, "tgme_widget_message_date")
        for time in date.iter("time")
    )
    moments = (parse_date(text) for text in stated)
    moment = next((moment for moment in moments if moment), None)
    return moment.astimezone(zone) if moment and zone else moment


def _pictures(post: etree._Element, url: str) -> Iterator[str]:
    """Yield its pictures: photos, then what stands for a video, then those of a linked page."""
    for name in (
        *("tgme_widget_message_photo_wrap", "tgme_widget_message_video_thumb"),
        *("tgme_widget_message_roundvideo_thumb", "link_preview_image", "link_preview_right_image"),
    ):
        for element in _all(post, name):
            shown = _BACKGROUND.search(element.get("style") or "")
            address = absolute_url(url, shown[1]) if shown else None
            if address:
                yield address


def _older(root: etree._Element, url: str) -> str | None:
    for more in _all(root, "js-messages_more"):
        number = more.get("data-before") or ""
        if number.isdecimal() and number.isascii():
            return absolute_url(url, f"?before={number[:15]}")
    return None


def _nothing(root: etree._Element, url: str) -> ScrapeError:
    """Return why there are no posts: what t.me shows instead of the preview is a card."""
    named = _all(root, "tgme_page_title")
    if named:
        kind = " ".join(map(text_of, _all(root, "tgme_page_extra")))
        if "subscriber" in kind:
            return Blocked(url, "the channel shows no preview: it is private or restricted")
        return Blocked(url, "this is no channel, but a group, a person or a bot")
    if _all(root, "tgme_icon_user") or _all(root, "tgme_username_link"):
        # t.me says so on a page of status 200; this is the status that means it.
        return FetchError(url, "there is no public channel of this name", status=404)
    return LayoutChanged(url, "this is not the preview of a Telegram channel")
