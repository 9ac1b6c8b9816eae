"""/threshold: which one is in force, what another would have changed, and the change itself."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.commands.desk import Desk
from bot.commands.outlooks import from_now_on, outlook_lines
from bot.commands.rehearsing import EARLIER, changed_since, rehearsal_of, was_done
from bot.commands.request import Button, Reply, Request, data_of
from bot.commands.scores import plain_decimal
from bot.commands.texts import bold, brief, dated, escape, fitting, name_of
from bot.decide import Rules
from bot.errors import CommandError
from bot.language import gettext as _
from bot.rehearsal import Standing

_NUMBER = re.compile(r"[0-9]|[0-9]?[.,][0-9]{1,6}", re.ASCII)
PARTS = 10**6
"""Callback data takes whole numbers: millionths."""


async def threshold(desk: Desk, request: Request) -> Reply:
    """Tell the threshold in force; with a number, what that one would change; or undo."""
    if not request.arguments:
        return replace(_shown(await rehearsal_of(desk).standing()), changed=False)
    if [word.casefold() for word in request.arguments] == ["undo"]:
        return await _undo(desk, request)
    value = _value(request)
    standing = await rehearsal_of(desk).standing()
    if _same(value, standing.rules.threshold):
        raise CommandError(_("The threshold is {value} already.").format(value=_told(value)))
    return await _card(desk, standing, value)


async def choose(desk: Desk, request: Request) -> Reply:
    """Put the threshold of a card in force, if all is as it was when the card was shown."""
    value = int(request.arguments[0]) / PARTS
    standing = await rehearsal_of(desk).standing()
    if not 0 <= value <= 1:
        raise CommandError(_("A threshold is a number from 0 to 1, like 0.6."))
    if _same(value, standing.rules.threshold):
        opening = _("The threshold is {value} already.").format(value=_told(value))
        return replace(_shown(standing, opening), changed=False)
    if changed_since(request, standing):
        return await _card(desk, standing, value, opening=_(EARLIER))
    chosen = await desk.store.thresholds.choose(
        value,
        request.operator,
        base=standing.base,
        before=standing.chosen.id if standing.chosen else None,
        at=desk.now(),
        update_id=request.update_id,
    )
    told = _("The threshold is {value} now.").format(value=_told(value))
    opening = _("This was done already.") if chosen is None else told
    shown = _shown(await rehearsal_of(desk).standing(), opening)
    return replace(shown, changed=chosen is not None)


async def unset(desk: Desk, request: Request) -> Reply:
    """Take back the threshold that a button speaks of, if it is in force."""
    chosen_id = int(request.arguments[0])
    gone = await desk.store.thresholds.withdraw(
        chosen_id, request.operator, at=desk.now(), update_id=request.update_id
    )
    standing = await rehearsal_of(desk).standing()
    opening = _back(standing) if gone else _not_undone(standing, chosen_id)
    return replace(_shown(standing, opening), changed=gone)


def _not_undone(standing: Standing, chosen_id: int) -> str:
    later = standing.chosen
    if later is None or later.id <= chosen_id:
        return _("This was done already.")
    told = _("The threshold has been changed since ({operator}): nothing was done.")
    return told.format(operator=name_of(later.operator))


async def _undo(desk: Desk, request: Request) -> Reply:
    if await was_done(desk, request):
        return Reply(_("This was done already."), changed=False)
    standing = await rehearsal_of(desk).standing()
    gone = standing.chosen is not None and await desk.store.thresholds.withdraw(
        standing.chosen.id, request.operator, at=desk.now(), update_id=request.update_id
    )
    if not gone:
        raise CommandError(_("No operator has set the threshold: there is nothing to take back."))
    standing = await rehearsal_of(desk).standing()
    return _shown(standing, _back(standing))


async def _card(desk: Desk, standing: Standing, value: float, *, opening: str = "") -> Reply:
    outlook = await rehearsal_of(desk).of_threshold(standing, value)
    told = _("Threshold {value} in place of {now}")
    head = told.format(value=_told(value), now=_told(standing.rules.threshold))
    lines = [
        *([escape(opening)] if opening else []),
        bold(head),
        *outlook_lines(outlook),
        "",
        *_band_lines(replace(standing.rules, threshold=value)),
        from_now_on(),
    ]
    data = data_of(Button.THRESHOLD, round(value * PARTS), standing.basis)
    button = (_("Set {value}").format(value=_told(value)), data)
    told = "\n".join(fitting(lines))
    return Reply(told, brief(opening or head), buttons=(button,), changed=False)


def _shown(standing: Standing, opening: str = "") -> Reply:
    lines = [bold(escape(opening))] if opening else []
    chosen = standing.chosen
    buttons: tuple[tuple[str, str], ...] = ()
    if chosen is None:
        lines.append(_whence(standing))
    else:
        told = _("The threshold {value} is in force: set by {operator}, {moment}.")
        who = escape(name_of(chosen.operator))
        at = dated(chosen.chosen_at)
        lines.append(told.format(value=_told(chosen.value), operator=who, moment=at))
        lines.append(_beneath(standing))
        buttons = ((_("Undo"), data_of(Button.UNSET, chosen.id)),)
    how = _(
        "An item is bad when its score is above it. /threshold 0.6 tells what 0.6 would change."
    )
    return Reply(
        "\n".join([*lines, *_band_lines(standing.rules), how]), brief(opening), buttons=buttons
    )


def _whence(standing: Standing) -> str:
    value = _told(standing.rules.threshold)
    if standing.base is None:
        return _("The threshold {value} is in force: the model's own.").format(value=value)
    return _("The threshold {value} is in force: that of the settings.").format(value=value)


def _beneath(standing: Standing) -> str:
    if standing.base is None:
        own = _told(standing.classifier.threshold)
        return _("The model's own is {value}. /threshold undo goes back.").format(value=own)
    told = _("The settings say {value}. /threshold undo goes back.")
    return told.format(value=_told(standing.base))


def _band_lines(rules: Rules) -> list[str]:
    band = rules.review_band
    if band is None:
        return []
    told = _("Scores from {low} to {high} go for review, whatever the threshold.")
    lines = [told.format(low=_told(band[0]), high=_told(band[1]))]
    return [*lines, *_unseen_lines(rules)]


def _unseen_lines(rules: Rules) -> list[str]:
    if rules.unseen is None:
        return []
    low, high = map(_told, rules.unseen)
    if rules.threshold == rules.unseen[0]:
        told = _("⚠️ The threshold is outside: what is between {low} and {high} is rejected unseen.")
    else:
        told = _("⚠️ The threshold is outside: what is between {low} and {high} is posted unseen.")
    return [told.format(low=low, high=high)]


def _back(standing: Standing) -> str:
    return _("The threshold is {value} again.").format(value=_told(standing.rules.threshold))


def _value(request: Request) -> float:
    written, *more = request.arguments
    if more or _NUMBER.fullmatch(written) is None:
        raise CommandError(_("A threshold is a number from 0 to 1, like 0.6."))
    value = float(written.replace(",", "."))
    if value > 1:
        raise CommandError(_("A threshold is a number from 0 to 1, like 0.6."))
    return value


def _same(one: float, other: float) -> bool:
    """Whether two thresholds are one to who reads them."""
    return _told(one) == _told(other)


def _told(value: float) -> str:
    return plain_decimal(value)
