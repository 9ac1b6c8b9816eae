"""/why: what a verdict rests on, word by word."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.desk import Desk
from bot.commands.pushes import push_lines
from bot.commands.request import Button, Reply, Request, data_of
from bot.commands.scores import decimal, digits_between, score_of
from bot.commands.texts import (
    NAME_LENGTH,
    TITLE_LENGTH,
    and_more,
    bold,
    brief,
    choice,
    dated,
    escape,
    fitting,
    item_line,
    moment,
    reason_word,
    review_choice,
    state_line,
    state_of,
    why_of,
)
from bot.explaining import MOST_LETTERS, Told
from bot.language import gettext as _
from bot.model import Decision, Entry, RecordedItem
from bot.render import link, one_line
from bot.retold import retold
from classifier import ModelError, compose

MOST_RELATIVES = 5
ERROR_LENGTH = 120


async def why(desk: Desk, request: Request) -> Reply:
    """Tell why an item was decided on as it was: the score and its words, and its relatives."""
    entry = await desk.entry_of(request)
    item_id = entry.recorded.id
    lines = [item_line(entry), *_verdict_lines(entry), *await _word_lines(desk, entry)]
    lines += _relatives(_("The same text:"), await desk.store.items.repeats(item_id))
    lines += _relatives(_("The same story:"), await desk.store.items.same_story(item_id))
    lines += [escape(state_line(entry)), *_trouble_lines(entry)]
    return Reply("\n".join(fitting(lines)), brief(_shortly(entry)), item_id, _buttons(entry))


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


def _trouble_lines(entry: Entry) -> list[str]:
    """Return what went wrong with posts that are not given up, unless their state tells it."""
    errors = {post: one_line(retold(post.error), ERROR_LENGTH) for post in entry.posts}
    told = [(post.chat, why) for post, why in errors.items() if why and why not in state_of(post)]
    return [escape(f"{chat}: {why}") for chat, why in told]


def _shortly(entry: Entry) -> str:
    return f"{reason_word(entry.verdict.reason)} · {score_of(entry.verdict)}"


async def _word_lines(desk: Desk, entry: Entry) -> list[str]:
    if desk.explainer is None:
        return []
    text = compose(entry.recorded.item.title, entry.recorded.item.text)
    try:
        told = await desk.explainer.explain(text)
    except ModelError as error:
        return [escape(_("The model cannot be used: {error}.").format(error=error))]
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


def _buttons(entry: Entry) -> tuple[tuple[str, str], ...]:
    item_id = entry.recorded.id
    if entry.label is not None:
        return ((_("Undo"), data_of(Button.UNDO, item_id)),)
    waits = any(post.awaits_operator for post in entry.posts)
    if waits or entry.verdict.decision is Decision.REVIEW:
        return review_choice(item_id)
    return choice(item_id)
