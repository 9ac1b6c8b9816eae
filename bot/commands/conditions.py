"""How the health of sources is told to operators. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.commands.texts import NAME_LENGTH, escape, fitting, moment
from bot.health import Alert, Health
from bot.language import gettext as _
from bot.language import ngettext, pgettext
from bot.model import SourceState
from bot.render import LIMIT, one_line, plain_text, trim, utf16_length
from bot.retold import retold
from bot.store.alerts import WaitingAlert
from scrapers.health import Condition

MOST_IN_FULL = 5
"""So many alerts are told in full; of more at once, each gets a line."""

MANY = 10
"""So many sources that cannot be reached at once rather speak of this machine."""

DETAIL_LENGTH = 300
LINE_LENGTH = 120
PROPOSAL_LENGTH = 1500


def name_of(condition: Condition) -> str:
    """Return a condition in words."""
    return {
        Condition.FINE: pgettext("source", "fine"),
        Condition.NOTHING_NEW: pgettext("source", "fine, nothing new"),
        Condition.MOVED: pgettext("source", "moved"),
        Condition.LAYOUT_CHANGED: pgettext("source", "layout changed"),
        Condition.BLOCKED: pgettext("source", "blocked"),
        Condition.GONE: pgettext("source", "gone"),
        Condition.UNREACHABLE: pgettext("source", "unreachable"),
        Condition.UNREADABLE: pgettext("source", "unreadable"),
    }[condition]


def words_of(health: Health) -> str:
    """Return how a source is doing, in words; what one run said is a doubt and no more."""
    if not health.standing.is_sound:
        return name_of(health.standing)
    believed = name_of(health.standing) if health.good_at else _("not read yet")
    if health.condition.is_sound:
        return believed
    doubt = _("{condition} just now?").format(condition=name_of(health.condition))
    return f"{believed} ({doubt})"


def count_words(states: Sequence[SourceState]) -> str:
    """Return how many sources there are, how many are broken, and how many may be soon."""
    broken = sum(state.health.standing.is_broken for state in states)
    failing = sum(fails_just_now(state) for state in states)
    told = ngettext(
        "{count} source, {broken} broken", "{count} sources, {broken} broken", len(states)
    ).format(count=len(states), broken=broken)
    if not failing:
        return told
    doubt = ngettext("{count} failing just now", "{count} failing just now", failing)
    return f"{told}, {doubt.format(count=failing)}"


def fails_just_now(state: SourceState) -> bool:
    """Tell whether the last run of a source failed that is not broken yet."""
    health = state.health
    return not health.standing.is_broken and bool(state.failures or not health.condition.is_sound)


def last_good(good_at: datetime | None) -> str:
    """Return when the last good run was, in words."""
    if good_at is None:
        return _("Last good run: never.")
    return _("Last good run: {moment}.").format(moment=moment(good_at))


def digest(waiting: Sequence[WaitingAlert]) -> tuple[str, list[int]]:
    """Return one message of Telegram HTML, and the ids of the alerts that it tells.

    A few are told in full, as many of them as one message takes; of more at once
    each source gets one line with the newest that is known of it.
    """
    if len(waiting) > MOST_IN_FULL:
        lines = [*_perhaps_told(waiting), *_summary([one.alert for one in waiting])]
        lines.append(_("/sources shows how they are doing."))
        return "\n".join(fitting(lines)), [one.id for one in waiting]
    told: list[str] = []
    room = LIMIT
    for one in waiting:
        text = "\n".join([*_perhaps_told([one]), *alert_lines(one.alert, one.proposal or "")])
        room -= utf16_length(plain_text(text)) + len("\n\n")
        if told and room < 0:
            break
        told.append(text)
    return "\n\n".join(told), [one.id for one in waiting[: len(told)]]


def alert_lines(alert: Alert, proposal: str = "") -> list[str]:
    """Return what operators are told of a source, with what to change if that is known."""
    if alert.condition.is_broken:
        return [*_breakdown_lines(alert), *_proposal_lines(proposal)]
    detail = escape(one_line(retold(alert.detail), DETAIL_LENGTH))
    lines = [_recovery_line(alert)] if alert.before.is_broken else []
    if alert.condition is not Condition.MOVED:
        return lines or [_say(_("{name} answers at its own address again."), alert)]
    if lines:
        return [*lines, _("It {has_moved}.").format(has_moved=detail)]
    return [
        _say(_("{name} {has_moved}."), alert, has_moved=detail),
        _("It is still read. Better name the new address in its source."),
    ]


def _breakdown_lines(alert: Alert) -> list[str]:
    told = _("{name} gives no news: {condition} since {moment}.")
    since = moment(alert.since)
    return [
        _say(told, alert, condition=name_of(alert.condition), moment=since),
        escape(one_line(retold(alert.detail), DETAIL_LENGTH)),
        last_good(alert.good_at),
    ]


def _recovery_line(alert: Alert) -> str:
    told = _("{name} works again. It was {condition} from {moment} on.")
    return _say(told, alert, condition=name_of(alert.before), moment=moment(alert.since))


def _say(told: str, alert: Alert, **rest: str) -> str:
    return told.format(name=f"<b>{_name(alert)}</b>", **rest)


def _proposal_lines(proposal: str) -> list[str]:
    if not proposal:
        return []
    shown = escape(trim(proposal, PROPOSAL_LENGTH))
    return [_("It could be read like this:"), f"<pre>{shown}</pre>"]


def _perhaps_told(waiting: Iterable[WaitingAlert]) -> list[str]:
    if all(one.sending_at is None for one in waiting):
        return []
    told = _("Perhaps you have read this before: nobody knows whether it arrived.")
    return [f"<i>{told}</i>"]


def _summary(alerts: Sequence[Alert]) -> list[str]:
    newest = {alert.source: alert for alert in alerts}
    groups: defaultdict[Condition, list[Alert]] = defaultdict(list)
    for alert in newest.values():
        # Whether there was something new just now is no matter here.
        groups[Condition.FINE if alert.condition.is_sound else alert.condition].append(alert)
    lines = []
    for condition, ones in sorted(groups.items(), key=lambda group: not group[0].is_broken):
        lines += _group_lines(condition, ones)
    return lines


def _group_lines(condition: Condition, alerts: Sequence[Alert]) -> list[str]:
    number = len(alerts)
    if condition is Condition.FINE:
        told = ngettext("{count} source works again", "{count} sources work again", number)
        return [f"<b>{told.format(count=number)}</b>", *(f"• {_name(alert)}" for alert in alerts)]
    told = ngettext("{count} source: {condition}", "{count} sources: {condition}", number)
    lines = [f"<b>{told.format(count=number, condition=name_of(condition))}</b>"]
    if condition in (Condition.UNREACHABLE, Condition.GONE) and number >= MANY:
        lines.append(_("So many at once: perhaps it is the network of this machine."))
    return lines + [
        f"• {_name(alert)}: {escape(one_line(retold(alert.detail), LINE_LENGTH))}"
        for alert in alerts
    ]


def _name(alert: Alert) -> str:
    return escape(one_line(alert.source, NAME_LENGTH))
