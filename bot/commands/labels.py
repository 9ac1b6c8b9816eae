"""/good, /bad and /undo, and why an item is bad."""

from __future__ import annotations

from dataclasses import replace

from bot.commands import outcomes
from bot.commands.decisions import labelled
from bot.commands.desk import Desk, is_id, number, only_number
from bot.commands.objections import all_told, at_place, objection_of, word_for
from bot.commands.request import Reply, Request
from bot.commands.texts import brief, escape, truth_of
from bot.commands.twins import asked_again
from bot.errors import CommandError
from bot.language import gettext as _
from bot.model import Entry, Label, Objection, Truth


async def good(desk: Desk, request: Request) -> Reply:
    """Label an item good: it is queued for its channels.

    If the same text is seen there already, ask whether that is meant.
    """
    entry = await desk.entry_of(request)
    question = await asked_again(desk, entry)
    return question or await _label(desk, request, entry, Truth.GOOD)


async def bad(desk: Desk, request: Request) -> Reply:
    """Label an item bad, perhaps for a reason that is named: its posts are removed."""
    plain, objection = _objected(request)
    entry = await desk.entry_of(plain)
    return await _label(desk, request, entry, Truth.BAD, objection)


async def because(desk: Desk, request: Request) -> Reply:
    """Keep why an item is bad, as a button says, if the label of that button is in force."""
    label_id, place = (*map(number, request.arguments), 0, 0)[:2]
    objection = at_place(place)
    if objection is None:
        raise CommandError(_("There is no such button."))
    item_id = await desk.store.labels.explain(
        label_id, objection, request.operator, at=desk.now(), update_id=request.update_id
    )
    if item_id is None:
        raise CommandError(_("There is no such label."))
    entry = await desk.entry(item_id)
    if entry.label is None or (entry.label.id, entry.label.objection) != (label_id, objection):
        told = _("This was said of another label: nothing was done.")
        return labelled(entry, told, changed=False)
    return labelled(entry, _kept(entry, objection))


async def undo(desk: Desk, request: Request) -> Reply:
    """Take back the newest label of an item, or of the operator if no item is named."""
    before = await desk.store.operators.outcome(request.update_id)
    if before is not None:
        return _done_before(before)
    item_id = await _item_to_undo(desk, request)
    label = await desk.store.labels.undo(
        request.operator, at=desk.now(), item_id=item_id, update_id=request.update_id
    )
    if label is None:
        raise CommandError(_nothing_to_undo(item_id))
    return await _taken_back(desk, label)


async def take_back(desk: Desk, request: Request) -> Reply:
    """Take back the label of a button, if it is still the one in force."""
    before = await desk.store.operators.outcome(request.update_id)
    if before is not None:
        return _done_before(before)
    item_id, label_id = (*map(number, request.arguments), 0, 0)[:2]
    label = await desk.store.labels.undo(
        request.operator,
        at=desk.now(),
        item_id=item_id,
        label_id=label_id,
        update_id=request.update_id,
    )
    if label is None:
        entry = await desk.entry(item_id)
        told = _("That label is no longer in force: nothing was done.")
        return labelled(entry, told, changed=False)
    return await _taken_back(desk, label)


async def _taken_back(desk: Desk, label: Label) -> Reply:
    desk.wake()
    entry = await desk.entry(label.item_id)
    no_longer = {
        Truth.GOOD: _("Item {number} is no longer labelled good."),
        Truth.BAD: _("Item {number} is no longer labelled bad."),
    }
    return labelled(entry, no_longer[label.truth].format(number=label.item_id))


def _done_before(outcome: str) -> Reply:
    said = _("This was undone already.") if outcome == outcomes.DONE else outcomes.told(outcome)
    return Reply(escape(said), brief(said))


def _nothing_to_undo(item_id: int | None) -> str:
    if item_id is None:
        return _(
            "No label of yours is in force. /undo 12 takes back the one of item 12, whoever "
            "gave it."
        )
    return _("There is no label about item {number} to take back.").format(number=item_id)


async def _item_to_undo(desk: Desk, request: Request) -> int | None:
    if request.arguments:
        return only_number(request)
    return (await desk.entry_of(request)).recorded.id if request.targets else None


def _objected(request: Request) -> tuple[Request, Objection | None]:
    """Return the request without what it objects, and that.

    The id comes first; a reply needs none.
    """
    named = request.arguments[:1] if _names_an_item(request) else ()
    words = request.arguments[len(named) :]
    if not words:
        return request, None
    objection = objection_of(words)
    if objection is None:
        told = _("One item at a time, and behind it at most a reason: {reasons}.")
        raise CommandError(told.format(reasons=all_told()))
    return replace(request, arguments=named), objection


def _names_an_item(request: Request) -> bool:
    """Tell whether the first argument is to be the item: behind a reply it may be the reason."""
    return not request.targets or any(map(is_id, request.arguments[:1]))


def _kept(entry: Entry, objection: Objection) -> str:
    told = _("Item {number} is bad, and the reason is kept: {objection}.")
    return told.format(number=entry.recorded.id, objection=word_for(objection))


async def _label(
    desk: Desk, request: Request, entry: Entry, truth: Truth, objection: Objection | None = None
) -> Reply:
    item_id = entry.recorded.id
    added = await desk.store.labels.add(
        item_id,
        truth,
        request.operator,
        chats=desk.routing.chats(entry.recorded.sources),
        at=desk.now(),
        update_id=request.update_id,
        objection=objection,
    )
    desk.wake()
    entry = await desk.entry(item_id)
    if added is None and objection is not None and _stands(entry, objection):
        return labelled(entry, _kept(entry, objection))
    if added is None and truth_of(entry) is truth:
        return given_already(entry, truth)
    if added is None:
        return labelled(entry, _("This was done already."))
    return given(entry, truth)


def given(entry: Entry, truth: Truth) -> Reply:
    """Return the answer to a label that an item has from now on."""
    now = {
        Truth.GOOD: _("Item {number} is labelled good now."),
        Truth.BAD: _("Item {number} is labelled bad now."),
    }
    return labelled(entry, now[truth].format(number=entry.recorded.id))


def given_already(entry: Entry, truth: Truth) -> Reply:
    """Return the answer to a label that an item had before."""
    already = {
        Truth.GOOD: _("Item {number} is labelled good already."),
        Truth.BAD: _("Item {number} is labelled bad already."),
    }
    return labelled(entry, already[truth].format(number=entry.recorded.id), changed=False)


def _stands(entry: Entry, objection: Objection) -> bool:
    return entry.label is not None and entry.label.objection is objection
