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
    # Sites.
    gettext_noop("answered {reason}"),
    gettext_noop("no answer: {reason}"),
    gettext_noop("silent for {seconds} s"),
    gettext_noop("no complete answer within {seconds} s"),
    gettext_noop("is not permitted: {reason}"),
    gettext_noop("the name of a host in an inner network"),
    gettext_noop("the robots.txt of {address} does not permit it"),
    gettext_noop("asks for a login (401)"),
    gettext_noop("redirects to a login page, {address}"),
    gettext_noop("no links that look like articles"),
    gettext_noop("no links that look like articles: they are put there by scripts"),
    gettext_noop("no links that look like articles: give a selector for them"),
    gettext_noop("there is no news, but a form that asks for a password"),
    gettext_noop("there is nothing in it"),
    gettext_noop("the answer is empty"),
    gettext_noop("the answer is binary, not a page"),
    gettext_noop("neither title nor text"),
    gettext_noop("the channel shows no preview: it is private or restricted"),
    gettext_noop("this is no channel, but a group, a person or a bot"),
    gettext_noop("there is no public channel of this name"),
    # Chats.
    gettext_noop("the bot is not an administrator of this channel"),
    gettext_noop("the bot is not a member of this group"),
    gettext_noop("the bot may not post in this channel"),
    gettext_noop("not found: name it by its @name, or by its number if the bot is in it"),
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
