"""/retrain and /model."""

from __future__ import annotations

from bot.commands.desk import Desk
from bot.commands.request import Reply, Request
from bot.commands.texts import escape, moment
from bot.current import InUse
from bot.errors import CommandError
from bot.model import Training
from bot.render import one_line
from bot.trainer import Trainer
from classifier import ModelError

REASON_LENGTH = 300


async def retrain(desk: Desk, request: Request) -> Reply:
    """Begin a training; what comes of it is told when it is over."""
    if request.arguments:
        raise CommandError("Nothing may follow /retrain.")
    if not _trainer(desk).ask(request.operator, str(request.chat_id)):
        raise CommandError("A training is under way already; I tell what comes of it.")
    return Reply("The training begins. I go on working, and tell you what comes of it.")


async def model(desk: Desk, request: Request) -> Reply:
    """Show which model is in use; with ``rollback``, go back to the one before."""
    trainer = _trainer(desk)
    try:
        if request.arguments == ("rollback",):
            return await _rollback(desk, trainer, request)
        if request.arguments:
            raise CommandError("I know /model and /model rollback.")
        in_use = await trainer.in_use()
    except ModelError as error:
        raise CommandError(f"The model cannot be used: {error}.") from None
    last = await desk.store.models.last_training()
    return Reply("\n".join([*_in_use_lines(in_use, trainer), *_training_lines(last)]))


async def _rollback(desk: Desk, trainer: Trainer, request: Request) -> Reply:
    if await desk.store.operators.outcome(request.update_id) is not None:
        return Reply("This was done already.")
    gone = await trainer.roll_back(request.operator, request.update_id)
    if gone is None:
        raise CommandError("There is no model to go back to: the one of the settings is in use.")
    withdrawn, in_use = gone
    told = f"{escape(withdrawn.name)} is no longer in use."
    return Reply("\n".join([told, *_in_use_lines(in_use, trainer)]))


def _in_use_lines(in_use: InUse, trainer: Trainer) -> list[str]:
    stored = in_use.stored
    if stored is None:
        return [f"The model of the settings is in use: {escape(trainer.loaded)}."]
    by = escape(one_line(stored.operator.name, 60)) or "an operator"
    late = f" Until the next pass {escape(trainer.loaded)} scores here."
    return [
        f"<b>{escape(stored.name)}</b> is in use.{late if trainer.loaded != stored.name else ''}",
        f"{stored.origin.value.capitalize()} by {by}, {moment(stored.activated_at)}, "
        f"in place of {escape(stored.replaced)}.",
        "/model rollback goes back to that one.",
    ]


def _training_lines(last: Training | None) -> list[str]:
    if last is None:
        return ["No training yet. /retrain learns from your labels."]
    reason = escape(one_line(last.reason, REASON_LENGTH))
    return [f"The last training, {moment(last.at)}: {escape(last.answer)}: {reason}."]


def _trainer(desk: Desk) -> Trainer:
    if desk.trainer is None:
        raise CommandError("There is no model here that could be changed.")
    return desk.trainer
