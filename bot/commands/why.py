"""/why: what a verdict rests on, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.commands.decisions import buttons
from bot.commands.desk import Desk
from bot.commands.pushes import push_lines
from bot.commands.request import Button, Reply, Request, data_of
from bot.commands.scores import decimal, digits_between, score_of
from bot.commands.states import state_line
from bot.commands.texts import (
    NAME_LENGTH,
    TITLE_LENGTH,
    and_more,
    bold,
    brief,
    dated,
    escape,
    fitting,
    item_line,
    moment,
    reason_word,
    why_of,
)
from bot.explaining import MOST_LETTERS, Told
from bot.language import gettext as _
from bot.model import Entry, RecordedItem
from bot.render import link, one_line
from bot.retold import retold
from classifier import ModelError, compose

MOST_RELATIVES = 5


async def why(desk: Desk, request: Request) -> Reply:
    """Tell why an item was decided on as it was: the score and its words, and its relatives."""
    entry = await desk.entry_of(request)
    item_id = entry.recorded.id
    lines = [item_line(entry), *_verdict_lines(entry), *await _word_lines(desk, entry)]
    lines += _relatives(_("The same text:"), await desk.store.items.repeats(item_id))
    lines += _relatives(_("The same story:"), await desk.store.items.same_story(item_id))
    lines.append(state_line(entry))
    asked = data_of(Button.WHY, item_id)
    others = tuple(button for button in buttons(entry) if button[1] != asked)
    return Reply("\n".join(fitting(lines)), brief(_shortly(entry)), item_id, others)


async def beside(desk: Desk, request: Request) -> Reply:
    """Tell the same below the card whose button asks for it: its question still stands."""
    return replace(await why(desk, request), beside=True)


def _verdict_lines(entry: Entry) -> list[str]:
    verdict = entry.verdict
    told = _("Decided {moment}: {why}. Score {score}, threshold {threshold}, model {model}.")
    digits = digits_between(verdict.score, verdict.threshold)
    line = told.format(
        moment=moment(entry.decided_at),
        why=bold(escape(why_of(verdict))),
        score=decimal(verdict.score, digits),
        threshold=decimal(verdict.threshold, digits),
        model=escape(verdict.model),
    )
    return [line]


def _shortly(entry: Entry) -> str:
    return f"{reason_word(entry.verdict.reason)} · {score_of(entry.verdict)}"


async def _word_lines(desk: Desk, entry: Entry) -> list[str]:
    if desk.explainer is None:
        return []
    text = compose(entry.recorded.item.title, entry.recorded.item.text)
    try:
        told = await desk.explainer.explain(text)
    except ModelError as error:
        return [escape(_("The model cannot be used: {error}.").format(error=retold(str(error))))]
    return [*_model_lines(told, entry, len(text)), *push_lines(told.explanation, text)]


def _model_lines(told: Told, entry: Entry, letters: int) -> list[str]:
    score, model = decimal(told.explanation.score), escape(told.model)
    if told.model == entry.verdict.model:
        lines = []
    else:
        now = _("The model in use now is {model}. It gives {score}; these are its words.")
        lines = [now.format(model=model, score=score)]
    if told.made_at is not None:
        lines.append(_("{model} is of {moment}.").format(model=model, moment=dated(told.made_at)))
    if letters > MOST_LETTERS:
        cut = _("The words of the first {count} letters, which alone have the score {score}:")
        lines.append(cut.format(count=MOST_LETTERS, score=score))
    return lines


def _relatives(opening: str, items: Sequence[RecordedItem]) -> list[str]:
    if not items:
        return []
    left_out = len(items) - MOST_RELATIVES
    more = [and_more(left_out)] if left_out > 0 else []
    return [opening, *map(_relative_line, items[:MOST_RELATIVES]), *more]


def _relative_line(recorded: RecordedItem) -> str:
    item = recorded.item
    title = one_line(item.title or item.text, TITLE_LENGTH) or _("(no title)")
    source = escape(one_line(item.source, NAME_LENGTH))
    return f"• <b>#{recorded.id}</b> · {link(item.url, title)} ({source})"
