"""The one gate: whoever asks for anything is looked up here, and what comes of it is recorded."""

from __future__ import annotations

import html
import logging
from collections.abc import Awaitable, Callable, Mapping

from bot.commands import (
    choices,
    find,
    guide,
    labels,
    ledger,
    log,
    models,
    paging,
    pausing,
    posts,
    reload,
    replay,
    reviews,
    rules,
    source,
    sources,
    stats,
    threshold,
    why,
)
from bot.commands.asked import asked
from bot.commands.desk import Desk
from bot.commands.outcomes import DONE, REFUSED, in_english, kept
from bot.commands.request import Button, Reply, Request
from bot.commands.strangers import turned_away
from bot.errors import CommandError
from bot.language import speaking
from bot.store.operators import UNCHANGED

logger = logging.getLogger(__name__)

Handler = Callable[[Desk, Request], Awaitable[Reply]]

COMMANDS: Mapping[str, Handler] = {
    "start": guide.start,
    "help": guide.help_,
    "status": ledger.status,
    "last": paging.last,
    "rejected": paging.rejected,
    "find": find.find,
    "sources": sources.sources,
    "source": source.source,
    "stats": stats.stats,
    "pause": pausing.pause,
    "resume": pausing.resume,
    "why": why.why,
    "good": labels.good,
    "bad": labels.bad,
    "undo": labels.undo,
    "log": log.log,
    "reload": reload.reload,
    "retrain": models.retrain,
    "model": models.model,
    "threshold": threshold.threshold,
    "rule": rules.rule,
    "replay": replay.replay,
}
BUTTONS: Mapping[str, Handler] = {
    Button.GOOD.value: choices.good,
    Button.ANYWAY.value: choices.good_anyway,
    Button.BAD.value: choices.bad,
    Button.UNDO.value: labels.take_back,
    Button.BECAUSE.value: labels.because,
    Button.LOG.value: log.turn,
    Button.LAST.value: paging.turn_last,
    Button.REJECTED.value: paging.turn_rejected,
    Button.FIND.value: find.turn,
    Button.SOURCE.value: sources.turn,
    Button.SOURCES.value: sources.turn_page,
    Button.CHANNEL.value: pausing.turn,
    Button.SKIP.value: reviews.skip,
    Button.WHY.value: why.beside,
    Button.POSTED.value: posts.posted,
    Button.AGAIN.value: posts.again,
    Button.GONE.value: posts.gone,
    Button.BAR.value: posts.bar,
    Button.ALLOW.value: posts.allow,
    Button.THRESHOLD.value: threshold.choose,
    Button.UNSET.value: threshold.unset,
    Button.RULE.value: rules.apply,
    Button.UNRULE.value: rules.remove,
    Button.RULES.value: rules.turn,
    Button.MODEL.value: replay.use,
    Button.ADD.value: source.add,
    Button.LEAVE.value: source.leave,
}
OTHERS: Mapping[str, Handler] = {
    "unknown": guide.unknown,
    "talk": guide.talk,
}
"""What someone writes to the bot that is no command of its own."""


async def answer(desk: Desk, request: Request, handlers: Mapping[str, Handler]) -> Reply:
    """Do what ``request`` asks for, if its sender may, and return what to answer.

    What is delivered twice is done once, and answered each time, in the language of who asks;
    in a group, which others read too, in that of the settings.
    """
    allowed = request.operator.id in desk.operators
    before = await desk.store.operators.outcome(request.update_id)
    with speaking(request.language if request.is_private else None, desk.zone):
        if allowed:
            reply, outcome = await _do(desk, request, handlers[request.command])
        else:
            reply, outcome = await turned_away(desk, request)
    if outcome == UNCHANGED and before is not None:
        # It was delivered before, and what it has changed then is told.
        outcome = before
    await desk.store.operators.record_action(
        update_id=request.update_id,
        operator=request.operator,
        chat_id=request.chat_id,
        command=asked(request, reply, pressed=handlers is BUTTONS),
        allowed=allowed,
        outcome=kept(outcome),
        at=desk.now(),
    )
    _log(request, outcome)
    return reply


async def _do(desk: Desk, request: Request, handler: Handler) -> tuple[Reply, str]:
    try:
        reply = await handler(desk, request)
        return reply, DONE if reply.changed else UNCHANGED
    except CommandError as error:
        told = html.escape(error.reply, quote=False)
        return Reply(told, error.reply[:200], refused=True), error.reply


def _log(request: Request, outcome: str) -> None:
    refused = outcome == REFUSED
    logger.log(
        logging.WARNING if refused else logging.INFO,
        "%s of user %d: %s",
        request.command,
        request.operator.id,
        in_english(outcome),
        extra={
            "action": "stranger_refused" if refused else "command",
            "command": request.command,
            "operator": request.operator.id,
        },
    )
