"""What operators have against an item: in words, as arguments, on buttons. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.request import Button, data_of
from bot.language import gettext as _
from bot.language import pgettext
from bot.model import Label, Objection, Truth

_ALL = tuple(Objection)


def word_for(objection: Objection) -> str:
    """Return an objection in a word or two."""
    return {
        Objection.AD: pgettext("objection", "ad"),
        Objection.OFF_TOPIC: pgettext("objection", "off-topic"),
        Objection.DUPLICATE: pgettext("objection", "duplicate"),
        Objection.OLD: pgettext("objection", "old"),
        Objection.OTHER: pgettext("objection", "other"),
    }[objection]


def objection_of(words: Sequence[str]) -> Objection | None:
    """Return the objection that these words name, in English or as the buttons say; else None."""
    said = " ".join(words).casefold()
    return next((one for one in _ALL if said in (one.value, word_for(one))), None)


def all_told() -> str:
    """Return what can be objected, as it is written behind a command."""
    return ", ".join(map(word_for, _ALL))


def objection_buttons(label: Label | None) -> tuple[tuple[str, str], ...]:
    """Return the buttons that tell why an item is bad; none once it is told, or if it is not."""
    if label is None or label.truth is not Truth.BAD or label.objection is not None:
        return ()
    return tuple(
        (word_for(one).capitalize(), data_of(Button.BECAUSE, label.id, place))
        for place, one in enumerate(_ALL, 1)
    )


def at_place(place: int) -> Objection | None:
    """Return the objection of the button at this place, from one on; None: there is none."""
    return _ALL[place - 1] if 1 <= place <= len(_ALL) else None


def in_brackets(label: Label) -> str:
    """Return what a label tells of the objection, with a space before it; empty if nothing."""
    if label.objection is None:
        return ""
    return " " + _("({objection})").format(objection=word_for(label.objection))
