"""What labels teach the model. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from bot.model import Reason, Truth
from bot.store import LabelledText
from classifier import compose
from classifier.training.lessons import Lesson

_FOR_ITS_CONTENT = (None, Reason.GOOD, Reason.UNSURE, Reason.BAD, Reason.RULE)
"""Verdicts on what a text says, by its score or by a phrase in it; None: an imported text."""


def lessons_of(given: Iterable[LabelledText], imported: Iterable[LabelledText]) -> list[Lesson]:
    """Return what labels teach.

    A text that was rejected for another reason than its content, and labelled good, teaches
    nothing: a duplicate may be good news, and it was no mistake of the model. Nor does one that
    was labelled bad because it is told twice or too late. One that a phrase rule rejected does:
    the rule spoke of its content as the score does, and whoever calls it good has read it. Of a
    text with an operator's label that teaches, and an imported one, the operator's counts.

    Args:
        given: the operators' labels.
        imported: labelled texts from elsewhere.
    """
    lessons: dict[str, Lesson] = {}
    for rows, is_imported in ((imported, True), (given, False)):
        for row in rows:
            text = compose(row.title, row.text)
            if text and _teaches(row):
                lessons.pop(text, None)  # so that it stands where the newer label does
                lessons[text] = Lesson(text, int(row.label), row.at, imported=is_imported)
    return list(lessons.values())


def _teaches(row: LabelledText) -> bool:
    if row.label is Truth.BAD:
        return row.objection is None or row.objection.is_about_text
    return row.reason in _FOR_ITS_CONTENT
