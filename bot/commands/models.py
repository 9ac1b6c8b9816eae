"""/retrain and /model."""

from __future__ import annotations

from bot.commands.desk import Desk
from bot.commands.request import Reply, Request
from bot.commands.texts import dated, escape, name_of
from bot.current import InUse
from bot.errors import CommandError
from bot.language import gettext as _
from bot.lineage import Origin, StoredModel, Training
from bot.render import one_line
from bot.reports import answer_word
from bot.retold import retold
from bot.trainer import Trainer
from classifier import ModelError

REASON_LENGTH = 300


async def retrain(desk: Desk, request: Request) -> Reply:
    """Begin a training; what comes of it is told when it is over."""
    if request.arguments:
        raise CommandError(_("Nothing may follow /retrain."))
    if not _trainer(desk).ask(request.operator, str(request.chat_id)):
        raise CommandError(_("A training is under way already; I tell what comes of it."))
    return Reply(_("The training begins. I go on working, and tell you what comes of it."))


async def model(desk: Desk, request: Request) -> Reply:
    """Show which model is in use; with ``rollback``, go back to the one before."""
    trainer = _trainer(desk)
    try:
        if [word.casefold() for word in request.arguments] == ["rollback"]:
            return await _rollback(desk, trainer, request)
        if request.arguments:
            raise CommandError(_("I know /model and /model rollback."))
        in_use = await trainer.in_use()
    except ModelError as error:
        told = _("The model cannot be used: {error}.")
        raise CommandError(told.format(error=retold(str(error)))) from None
    last = await desk.store.models.last_training()
    lines = [*_in_use_lines(in_use, trainer), *_training_lines(last)]
    return Reply("\n".join(lines), changed=False)


async def _rollback(desk: Desk, trainer: Trainer, request: Request) -> Reply:
    if await desk.store.operators.outcome(request.update_id) is not None:
        return Reply(_("This was done already."), changed=False)
    gone = await trainer.roll_back(request.operator, request.update_id)
    if gone is None:
        raise CommandError(_("There is no model to go back to: the one of the settings is in use."))
    withdrawn, in_use = gone
    told = _("{model} is no longer in use.").format(model=escape(withdrawn.name))
    return Reply("\n".join([told, *_in_use_lines(in_use, trainer)]))


def _in_use_lines(in_use: InUse, trainer: Trainer) -> list[str]:
    stored = in_use.stored
    if stored is None:
        told = _("The model of the settings is in use: {model}.")
        return [told.format(model=escape(trainer.loaded))]
    shown = _("{model} is in use.").format(model=f"<b>{escape(stored.name)}</b>")
    if trainer.loaded != stored.name:
        late = _("Until the next pass {model} scores here.")
        shown += " " + late.format(model=escape(trainer.loaded))
    return [shown, _whence(stored), _("/model rollback goes back to that one.")]


def _whence(stored: StoredModel) -> str:
    told = {
        Origin.RETRAINED: _("Retrained by {operator}, {moment}, in place of {model}."),
        Origin.INSTALLED: _("Installed by {operator}, {moment}, in place of {model}."),
    }
    return told[stored.origin].format(
        operator=escape(name_of(stored.operator)),
        moment=dated(stored.activated_at),
        model=escape(stored.replaced),
    )


def _training_lines(last: Training | None) -> list[str]:
    if last is None:
        return [_("No training yet. /retrain learns from your labels.")]
    told = _("The last training, {moment}: {answer}: {reason}.")
    reason = escape(one_line(retold(last.reason), REASON_LENGTH))
    return [told.format(moment=dated(last.at), answer=answer_word(last.answer), reason=reason)]


def _trainer(desk: Desk) -> Trainer:
    if desk.trainer is None:
        raise CommandError(_("There is no model here that could be changed."))
    return desk.trainer
