"""How the health of sources is told to operators. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.commands.texts import NAME_LENGTH, counted, escape, fitting, moment
from bot.health import Alert, Health
from bot.render import LIMIT, one_line, plain_text, trim, utf16_length
from bot.store.alerts import WaitingAlert
from scrapers.health import Condition

MOST_IN_FULL = 5
"""So many alerts are told in full; of more at once, each gets a line."""

MANY = 10
"""So many sources that cannot be reached at once rather speak of this machine."""

DETAIL_LENGTH = 300
LINE_LENGTH = 120
PROPOSAL_LENGTH = 1500

_NAMES: Mapping[Condition, str] = {
    Condition.FINE: "fine",
    Condition.NOTHING_NEW: "fine, nothing new",
    Condition.MOVED: "moved",
    Condition.LAYOUT_CHANGED: "layout changed",
    Condition.BLOCKED: "blocked",
    Condition.GONE: "gone",
    Condition.UNREACHABLE: "unreachable",
    Condition.UNREADABLE: "unreadable",
}
_PERHAPS_TOLD = "<i>Perhaps you have read this before: nobody knows whether it arrived.</i>"
_PERHAPS_US = "So many at once: perhaps it is the network of this machine."


def name_of(condition: Condition) -> str:
    """Return a condition in words."""
    return _NAMES[condition]


def words_of(health: Health) -> str:
    """Return how a source is doing, in words; what one run said is a doubt and no more."""
    if not health.standing.is_sound:
        return name_of(health.standing)
    believed = name_of(health.standing) if health.good_at else "not read yet"
    doubt = "" if health.condition.is_sound else f" ({name_of(health.condition)} just now?)"
    return believed + doubt


def last_good(good_at: datetime | None) -> str:
    """Return when the last good run was, in words."""
    return f"Last good run: {moment(good_at) if good_at else 'never'}."


def digest(waiting: Sequence[WaitingAlert]) -> tuple[str, list[int]]:
    """Return one message of Telegram HTML, and the ids of the alerts that it tells.

    A few are told in full, as many of them as one message takes; of more at once
    each source gets one line with the newest that is known of it.
    """
    if len(waiting) > MOST_IN_FULL:
        lines = [*_perhaps_told(waiting), *_summary([one.alert for one in waiting])]
        lines.append("/sources shows how they are doing.")
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
    name, detail = _bold(alert.source), escape(one_line(alert.detail, DETAIL_LENGTH))
    if alert.condition.is_broken:
        lines = [f"{name} gives no news: {name_of(alert.condition)} since {moment(alert.since)}."]
        lines += [detail, last_good(alert.good_at)]
        return lines + _proposal_lines(proposal)
    if alert.before.is_broken:
        was = f"It was {name_of(alert.before)} from {moment(alert.since)} on."
        lines = [f"{name} works again. {was}"]
        return [*lines, f"It {detail}."] if alert.condition is Condition.MOVED else lines
    if alert.condition is Condition.MOVED:
        return [f"{name} {detail}.", "It is still read. Better name the new address in its source."]
    return [f"{name} answers at its own address again."]


def _proposal_lines(proposal: str) -> list[str]:
    if not proposal:
        return []
    return ["It could be read like this:", f"<pre>{escape(trim(proposal, PROPOSAL_LENGTH))}</pre>"]


def _perhaps_told(waiting: Iterable[WaitingAlert]) -> list[str]:
    return [_PERHAPS_TOLD] if any(one.sending_at is not None for one in waiting) else []


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
    count = counted(len(alerts), "source")
    if condition is Condition.FINE:
        return [f"<b>{count} work again</b>", *(f"• {_name(alert)}" for alert in alerts)]
    lines = [f"<b>{count}: {name_of(condition)}</b>"]
    if condition in (Condition.UNREACHABLE, Condition.GONE) and len(alerts) >= MANY:
        lines.append(_PERHAPS_US)
    return lines + [
        f"• {_name(alert)}: {escape(one_line(alert.detail, LINE_LENGTH))}" for alert in alerts
    ]


def _name(alert: Alert) -> str:
    return escape(one_line(alert.source, NAME_LENGTH))


def _bold(name: str) -> str:
    return f"<b>{escape(one_line(name, NAME_LENGTH))}</b>"
