"""/rule: the operators' phrase rules, each one tried on the last days before it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.commands.desk import Desk, is_id, number
from bot.commands.outlooks import from_now_on, outlook_lines
from bot.commands.rehearsing import EARLIER, changed_since, rehearsal_of
from bot.commands.request import Button, Reply, Request, data_of
from bot.commands.texts import bold, brief, dated, escape, fitting, name_of
from bot.errors import CommandError
from bot.foresight import Outlook
from bot.language import gettext as _
from bot.language import ngettext, pgettext
from bot.model import Decision
from bot.rehearsal import Standing
from bot.rules import MOST_SKIPPED, Phrase, PhraseRule
from bot.store.rules import MOST_RULES, StoredRule

_DECISIONS = {
    "reject": Decision.REJECT,
    "accept": Decision.ACCEPT,
    "отклонить": Decision.REJECT,
    "отклонять": Decision.REJECT,
    "принять": Decision.ACCEPT,
    "принимать": Decision.ACCEPT,
}
PAGE = 10
"""So many rules, even the longest ones, fit a message."""

NEWEST = 0
"""In place of an id: the page begins with the newest."""

_ADD = ("add", "добавить")
_REMOVE = ("remove", "удалить")
"""Whoever reads Russian may write it."""


async def rule(desk: Desk, request: Request) -> Reply:
    """List the rules; with ``add`` try a new one, with ``remove`` take one out of force."""
    what, *rest = request.arguments or ("",)
    if not what:
        return _listed(await desk.store.rules.in_force(), NEWEST)
    if what.lower() in _ADD and len(rest) > 1:
        return await _add(desk, request, " ".join(rest[:-1]), rest[-1].lower())
    if what.lower() in _REMOVE and len(rest) == 1 and is_id(rest[0]):
        return await _remove(desk, request, number(rest[0]))
    raise CommandError(_usage())


async def turn(desk: Desk, request: Request) -> Reply:
    """Show the page of rules that a button names: those before one of them."""
    return _listed(await desk.store.rules.in_force(), int(request.arguments[0]))


async def apply(desk: Desk, request: Request) -> Reply:
    """Put the rule of a card in force, if all is as it was when the card was shown."""
    stored = await _get(desk, int(request.arguments[0]))
    if stored.in_force:
        return _unchanged(stored)
    standing = await rehearsal_of(desk).standing()
    _expect_new(stored.rule, standing)
    if changed_since(request, standing):
        return await _card(desk, standing, stored.rule, opening=_(EARLIER))
    done = await desk.store.rules.apply(
        stored.rule.id, request.operator, at=desk.now(), update_id=request.update_id
    )
    stored = await _get(desk, stored.rule.id)
    if done:
        return _applied(stored, _("Rule {number} is in force now."))
    if stored.in_force:
        return _unchanged(stored)
    if len(standing.rules.phrases.rules) >= MOST_RULES:
        told = _("There are {most} rules, and there is no room for more: remove one first.")
        raise CommandError(told.format(most=MOST_RULES))
    raise CommandError(_("This was done already."))


async def remove(desk: Desk, request: Request) -> Reply:
    """Take the rule that a button speaks of out of force."""
    return await _remove(desk, request, int(request.arguments[0]))


async def _add(desk: Desk, request: Request, written: str, decided: str) -> Reply:
    if decided not in _DECISIONS:
        raise CommandError(_usage())
    phrase, decision = Phrase.parse(written), _DECISIONS[decided]
    standing = await rehearsal_of(desk).standing()
    _expect_new(PhraseRule(0, phrase, decision), standing)
    stored = await desk.store.rules.draft(phrase, decision, request.operator, at=desk.now())
    return await _card(desk, standing, stored.rule)


async def _remove(desk: Desk, request: Request, rule_id: int) -> Reply:
    stored = await _get(desk, rule_id)
    done = await desk.store.rules.remove(
        rule_id, request.operator, at=desk.now(), update_id=request.update_id
    )
    told = (
        _("Rule {number} is no longer in force.") if done else _("Rule {number} is not in force.")
    )
    opening = told.format(number=rule_id)
    standing = await rehearsal_of(desk).standing()
    if any(rule_id == one.id for one in standing.rules.phrases.rules):
        # It was put back since this very command was done for the first time.
        return Reply(_("This was done already."), _("This was done already."), changed=False)
    button = (_("Put back"), data_of(Button.RULE, rule_id, standing.basis))
    lines = [bold(escape(opening)), _line(stored)]
    return Reply("\n".join(lines), brief(opening), buttons=(button,), changed=done)


async def _get(desk: Desk, rule_id: int) -> StoredRule:
    stored = await desk.store.rules.get(rule_id)
    if stored is None:
        raise CommandError(_("There is no rule {number}.").format(number=rule_id))
    return stored


def _expect_new(new: PhraseRule, standing: Standing) -> None:
    """See that no rule in force has the same phrase.

    Raises:
        CommandError: if one has.
    """
    for old in standing.rules.phrases.rules:
        if old.phrase == new.phrase and old.decision is new.decision:
            raise CommandError(_("Rule {number} says so already.").format(number=old.id))
        if old.phrase == new.phrase:
            told = _("Rule {number} says the opposite: /rule remove {number} comes first.")
            raise CommandError(told.format(number=old.id))


async def _card(desk: Desk, standing: Standing, new: PhraseRule, *, opening: str = "") -> Reply:
    outlook = await rehearsal_of(desk).of_rule(standing, new)
    head = _("Rule {number}, not yet in force").format(number=new.id)
    lines = [
        *([escape(opening)] if opening else []),
        bold(head),
        _sentence(new),
        *_found(outlook),
        *outlook_lines(outlook),
        "",
        _order(new.decision),
        from_now_on(),
    ]
    button = (_("Apply"), data_of(Button.RULE, new.id, standing.basis))
    told = "\n".join(fitting(lines))
    return Reply(told, brief(opening or head), buttons=(button,), changed=False)


def _found(outlook: Outlook) -> list[str]:
    if not outlook.items:
        return []
    told = ngettext("Found in {count} item.", "Found in {count} items.", outlook.spoken_of)
    return [told.format(count=outlook.spoken_of)]


def _order(decision: Decision) -> str:
    if decision is Decision.ACCEPT:
        return _(
            "It comes before the score. A rule that rejects comes before it, and what is a "
            "duplicate, old, too short or in another language stays rejected."
        )
    return _("It comes before the score and before rules that accept.")


def _applied(stored: StoredRule, told: str) -> Reply:
    opening = told.format(number=stored.rule.id)
    button = (pgettext("rule", "Remove"), data_of(Button.UNRULE, stored.rule.id))
    lines = [bold(escape(opening)), _line(stored)]
    return Reply("\n".join(lines), brief(opening), buttons=(button,))


def _unchanged(stored: StoredRule) -> Reply:
    return replace(_applied(stored, _("Rule {number} is in force already.")), changed=False)


def _listed(rules: Sequence[StoredRule], before: int) -> Reply:
    """Return a page of rules, the newest first."""
    if not rules:
        return Reply(escape("\n".join([_("There are no rules yet."), _usage()])), changed=False)
    told = ngettext("{count} rule", "{count} rules", len(rules)).format(count=len(rules))
    known = [one for one in reversed(rules) if before == NEWEST or one.rule.id < before]
    lines = [bold(told), *map(_line, known[:PAGE]), escape(_usage())]
    buttons = []
    if before != NEWEST:
        buttons.append((pgettext("button", "Newest"), data_of(Button.RULES, NEWEST)))
    if len(known) > PAGE:
        data = data_of(Button.RULES, known[PAGE - 1].rule.id)
        buttons.append((pgettext("button", "Older"), data))
    return Reply("\n".join(lines), buttons=tuple(buttons), changed=False)


def _line(stored: StoredRule) -> str:
    who = escape(name_of(stored.operator))
    at = f", {dated(stored.applied_at)}" if stored.applied_at else ""
    return f"<b>{stored.rule.id}</b> · {_sentence(stored.rule)} ({who}{at})"


def _sentence(rule: PhraseRule) -> str:
    """Return what a rule does, as HTML."""
    phrase = escape(str(rule.phrase))
    if rule.phrase.exact:
        told = {
            Decision.REJECT: _("{phrase} in exactly these words is rejected"),
            Decision.ACCEPT: _("{phrase} in exactly these words is accepted"),
        }
    else:
        told = {
            Decision.REJECT: _("{phrase} in any form is rejected"),
            Decision.ACCEPT: _("{phrase} in any form is accepted"),
        }
    return told[rule.decision].format(phrase=phrase)


def _usage() -> str:
    return _(
        "/rule add «a phrase» reject (or accept) tries a rule, /rule remove 3 removes one. "
        "In «…» or without quotation marks the words are found in any form; after = or in "
        'straight "…" in these forms only. One * between words stands for up to {most} others; '
        "погиб* is every word that begins so."
    ).format(most=MOST_SKIPPED)
