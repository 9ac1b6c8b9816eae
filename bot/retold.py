"""What was recorded in English, told in the language that is spoken.

Verdicts, trainings and posts keep a line of why they are as they are. It is written where
nobody knows who will read it: in the log, on the command line, in chat.
"""

from __future__ import annotations

import re

from bot.language import gettext, gettext_noop

_RECORDED = (
    # Verdicts.
    gettext_noop("of item {number}"),
    gettext_noop("undated"),
    gettext_noop("{days}d old"),
    gettext_noop("{days}d{hours}h old"),
    gettext_noop("{hours}h old"),
    gettext_noop("{hours}h{minutes}m old"),
    gettext_noop("{minutes}m old"),
    gettext_noop("{count} word"),
    gettext_noop("{count} words"),
    gettext_noop("{share} Cyrillic"),
    gettext_noop("by rule {number} {phrase}"),
    # Sources.
    gettext_noop("has moved for good to {address}"),
    gettext_noop("its links lead nowhere: {reason}"),
    gettext_noop("its articles cannot be read: {reason}"),
    gettext_noop("its articles cannot be fetched: {reason}"),
    gettext_noop("shows no articles; usually at least {usual}"),
    gettext_noop("shows 1 article; usually at least {usual}"),
    gettext_noop("shows {count} articles; usually at least {usual}"),
    gettext_noop("its newest article has no title or no text, or cannot be read"),
    gettext_noop("its last {count} articles have no title or no text, or cannot be read"),
    # Chats.
    gettext_noop("the bot is not an administrator of this channel"),
    gettext_noop("the bot is not a member of this group"),
    gettext_noop("the bot may not post in this channel"),
    gettext_noop("not found: name it by its @name, or by its number if the bot is in it"),
    gettext_noop("this group is a supergroup now: write {number} in its place in the settings"),
    # Chats, in Telegram's own words.
    gettext_noop("Chat not found"),
    gettext_noop("Need administrator rights in the channel chat"),
    gettext_noop("Not enough rights to send text messages to the chat"),
    gettext_noop("Forbidden: bot is not a member of the channel chat"),
    gettext_noop("Forbidden: bot is not a member of the supergroup chat"),
    gettext_noop("Forbidden: bot was kicked from the channel chat"),
    gettext_noop("Forbidden: bot was kicked from the group chat"),
    gettext_noop("Forbidden: bot was kicked from the supergroup chat"),
    # Posts.
    gettext_noop("its message id is not known: remove it by hand"),
    gettext_noop("waits for an operator: {reason}"),
    gettext_noop("could not be posted for {count} hours"),
    # Trainings.
    gettext_noop(
        "operators gave labels that teach something to no text yet: "
        "at least {least} different ones are needed"
    ),
    gettext_noop(
        "operators gave labels that teach something to {count} text: "
        "at least {least} different ones are needed"
    ),
    gettext_noop(
        "operators gave labels that teach something to {count} texts: "
        "at least {least} different ones are needed"
    ),
    gettext_noop("a reference set of {count} texts: at least {least} are needed"),
    gettext_noop(
        "the model in use is wrong about none of the {labels} newest labels: "
        "with fewer than {least} mistakes nothing can be shown to be better"
    ),
    gettext_noop(
        "the model in use is wrong about {count} of the {labels} newest labels: "
        "with fewer than {least} mistakes nothing can be shown to be better"
    ),
    gettext_noop(
        "it cures {cured} of {before} mistakes on the newer labels, makes no new one, "
        "and is not worse on the reference set"
    ),
    gettext_noop(
        "it cures {cured} of {before} mistakes on the newer labels, makes {spoiled} new one, "
        "and is not worse on the reference set"
    ),
    gettext_noop(
        "it cures {cured} of {before} mistakes on the newer labels, makes {spoiled} new ones, "
        "and is not worse on the reference set"
    ),
    gettext_noop(
        "on the reference set {share} more mistakes cannot be ruled out "
        "({before} before, {after} after); the margin is {margin}"
    ),
    gettext_noop(
        "on the reference set a loss higher by {rise} cannot be ruled out; the margin is {margin}"
    ),
    gettext_noop("{reason}: no better than the model in use"),
    gettext_noop("{reason}, but is surer of those that are left: the loss rises"),
    gettext_noop("{reason}: that may be chance ({chance})"),
    gettext_noop("it cures {cured} of {before} mistakes on the newer labels and makes none"),
    gettext_noop("it cures {cured} of {before} mistakes on the newer labels and makes {spoiled}"),
)
"""Figures stand in braces, and in {reason} another line of these, or words of somebody else."""


def retold(recorded: str) -> str:
    """Return a recorded line in the language that is spoken; what is not known stays English."""
    for message, pattern in _PATTERNS:
        match = pattern.fullmatch(recorded)
        if match is not None:
            told = {name: retold(found) for name, found in match.groupdict().items()}
            return gettext(message).format(**told)
    return recorded


def _pattern(message: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", message)
    return re.compile(
        "".join(_group(part) if n % 2 else re.escape(part) for n, part in enumerate(parts))
    )


def _group(name: str) -> str:
    return f"(?P<{name}>{_SHAPES.get(name, '[-+.,%0-9]+')})"


_SHAPES = {"reason": ".+", "address": r"\S+", "phrase": '[«"].+[»"]'}
_PATTERNS = tuple((message, _pattern(message)) for message in _RECORDED)
