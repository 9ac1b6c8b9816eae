"""How items and posts are told to operators. Pure."""

from __future__ import annotations

import html
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timezone
from itertools import accumulate

from bot.commands.request import Button, Reply, data_of
from bot.model import Entry, Post, PostState, Truth
from bot.render import LIMIT, link, one_line, plain, plain_text, trim, utf16_length

TITLE_LENGTH = 120
NAME_LENGTH = 60
TEXT_LENGTH = 600
BRIEF_LENGTH = 200
MORE_LENGTH = 30
"""UTF-16 units kept for the line that tells what was left out."""


def item_line(entry: Entry) -> str:
    """Return an item in one line of HTML: id, score, why, title, source."""
    verdict, item = entry.verdict, entry.recorded.item
    title = one_line(item.title, TITLE_LENGTH) or one_line(item.text, TITLE_LENGTH) or "(no title)"
    why = f"{verdict.reason.value} {verdict.detail}".strip()
    told = f"<b>#{entry.recorded.id}</b> · {verdict.score:.2f} · {escape(why)} · "
    return f"{told}{link(item.url, title)} ({escape(one_line(item.source, NAME_LENGTH))})"


def state_of(post: Post) -> str:
    """Return in plain words where a post stands."""
    if post.state in (PostState.FAILED, PostState.EXPIRED):
        return f"not posted in {post.chat}: {one_line(post.error, TITLE_LENGTH)}"
    words = {
        (PostState.QUEUED, True): "queued for",
        (PostState.QUEUED, False): "kept back from",
        (PostState.SENDING, True): "being sent to",
        (PostState.SENDING, False): "being sent to, then removed from",
        (PostState.SENT, True): "posted in",
        (PostState.SENT, False): "being removed from",
        (PostState.UNCERTAIN, True): "perhaps posted in",
        (PostState.UNCERTAIN, False): "perhaps posted in, then removed from",
        (PostState.REMOVED, True): "queued again for",
        (PostState.REMOVED, False): "removed from",
    }
    return f"{words[post.state, post.wanted]} {post.chat}"


def state_line(entry: Entry) -> str:
    """Return in plain words what is known of an item: its label and its posts."""
    label = "no label"
    if entry.label is not None:
        label = f"labelled {entry.label.truth.name.lower()} by {_name(entry.label.operator.name)}"
    return "; ".join([label, *map(state_of, entry.posts)])


def labelled(entry: Entry, opening: str) -> Reply:
    """Return the answer to a label: what was done, what is so now, and the way back."""
    item_id = entry.recorded.id
    undo = (("Undo", data_of(Button.UNDO, item_id)),) if entry.label else choice(item_id)
    lines = [escape(opening), item_line(entry), escape(state_line(entry))]
    return Reply("\n".join(lines), brief(opening), item_id, undo)


def choice(item_id: int) -> tuple[tuple[str, str], ...]:
    """Return the buttons that label an item."""
    return (
        ("Good", data_of(Button.GOOD, item_id)),
        ("Bad", data_of(Button.BAD, item_id)),
    )


def review_card(entry: Entry) -> Reply:
    """Return the card of an item that waits for a label."""
    text = trim(plain(entry.recorded.item.text), TEXT_LENGTH)
    parts = ["For review:", item_line(entry), escape(text)]
    return Reply("\n\n".join(filter(None, parts)), "", entry.recorded.id, choice(entry.recorded.id))


def attempt_of(post: Post) -> int:
    """Return what tells one attempt to send a post from the next: its second."""
    return int(post.sending_at.timestamp()) if post.sending_at else 0


def question_card(post: Post, entry: Entry) -> Reply:
    """Return the card that asks whether a post is in its channel."""
    asked = f"Is this in {escape(post.chat)}? I cannot tell, and will not send it twice."
    buttons = (
        ("It is posted", data_of(Button.POSTED, post.id, attempt_of(post))),
        ("Send again", data_of(Button.AGAIN, post.id, attempt_of(post))),
    )
    return Reply(f"{asked}\n\n{item_line(entry)}", "", entry.recorded.id, buttons)


def fitting(lines: Sequence[str], room: int = LIMIT) -> list[str]:
    """Return as many of these lines of HTML as ``room`` UTF-16 units hold once they are parsed.

    If that is not all of them, one more tells how many are left out.
    """
    ends = list(accumulate(utf16_length(plain_text(line)) + len("\n") for line in lines))
    if not ends or ends[-1] <= room:
        return list(lines)
    shown = bisect_right(ends, room - MORE_LENGTH)
    return [*lines[:shown], f"… and {len(lines) - shown} more"]


def counted(number: int, thing: str) -> str:
    """Return a number of things in words: "1 post", "2 posts"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def brief(text: str) -> str:
    """Return ``text`` in the length of an answer to a pressed button."""
    return one_line(text, BRIEF_LENGTH)


def moment(at: datetime) -> str:
    """Return a moment for people, in UTC."""
    return at.astimezone(timezone.utc).strftime("%d.%m. %H:%M UTC")


def truth_of(entry: Entry) -> Truth | None:
    """Return the label in force, or None."""
    return entry.label.truth if entry.label else None


def escape(text: str) -> str:
    """Return plain text as HTML."""
    return html.escape(text, quote=False)


def _name(name: str) -> str:
    return one_line(name, NAME_LENGTH) or "an operator"
