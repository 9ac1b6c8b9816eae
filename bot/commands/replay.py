"""/replay: what the model of now, or another one, would have decided in the last days."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.candidates import candidates, holds, number_of, open_candidate
from bot.commands.desk import Desk
from bot.commands.outlooks import from_now_on, outlook_lines
from bot.commands.rehearsing import EARLIER, changed_since, rehearsal_of
from bot.commands.request import Button, Reply, Request, data_of
from bot.commands.scores import plain_decimal
from bot.commands.texts import NAME_LENGTH, bold, brief, escape, fitting
from bot.errors import BotError, CommandError
from bot.language import gettext as _
from bot.rehearsal import Standing
from bot.render import one_line
from bot.retold import retold
from bot.retraining import install_model
from classifier import Classifier, ModelError

MOST_NAMES = 20


async def replay(desk: Desk, request: Request) -> Reply:
    """Tell what would be decided otherwise now than it was; with a name, by that model."""
    standing = await rehearsal_of(desk).standing()
    if request.arguments:
        folder = await _named(" ".join(request.arguments), standing)
        return await _card(desk, standing, folder)
    outlook = await rehearsal_of(desk).of_now(standing)
    told = _("The model {model} with the threshold {value} and the rules of now")
    head = told.format(
        model=standing.classifier.model, value=plain_decimal(standing.rules.threshold)
    )
    others = await asyncio.to_thread(_others, standing)
    against = _("Compared with what was decided at the time.")
    lines = [bold(escape(head)), against, *outlook_lines(outlook), "", escape(_names(others))]
    return Reply("\n".join(fitting(lines)))


async def use(desk: Desk, request: Request) -> Reply:
    """Bring the model of a card into use, if all is as it was when the card was shown."""
    standing = await rehearsal_of(desk).standing()
    known = await asyncio.to_thread(candidates, standing.settings)
    wanted = int(request.arguments[0])
    folder = next((one for one in known if number_of(one) == wanted), None)
    if folder is None:
        raise CommandError(_("This model is no longer there."))
    if await asyncio.to_thread(holds, folder, standing.classifier.model):
        told = _("{model} is in use already.").format(model=standing.classifier.model)
        return Reply(escape(told), brief(told), changed=False)
    if changed_since(request, standing):
        return await _card(desk, standing, folder, opening=_(EARLIER))
    try:
        stored = await install_model(standing.settings, desk.store, folder, request.operator)
    except (ModelError, BotError) as error:
        told = _("The model cannot be used: {error}.")
        raise CommandError(told.format(error=retold(str(error)))) from error
    await rehearsal_of(desk).standing()  # this process follows at once
    told = _("{model} is in use.").format(model=stored.name)
    back = _("/model rollback goes back to that one.")
    before = _("Before it was {model}.").format(model=stored.replaced)
    lines = [bold(escape(told)), escape(before), back]
    return Reply("\n".join(lines), brief(told), about=folder.name)


async def _card(desk: Desk, standing: Standing, folder: Path, *, opening: str = "") -> Reply:
    candidate = await _opened(folder, standing)
    outlook = await rehearsal_of(desk).of_model(standing, candidate)
    told = _("The model {model} in place of {now}")
    head = told.format(model=candidate.model, now=standing.classifier.model)
    lines = [
        *([escape(opening)] if opening else []),
        bold(escape(head)),
        _("Compared with what would be decided now, which may be other than it was at the time."),
        *outlook_lines(outlook),
        "",
        from_now_on(),
    ]
    button = (_("Use this model"), data_of(Button.MODEL, number_of(folder), standing.basis))
    told = "\n".join(fitting(lines))
    return Reply(told, brief(opening or head), buttons=(button,), changed=False)


async def _opened(folder: Path, standing: Standing) -> Classifier:
    try:
        return await open_candidate(folder, standing.settings)
    except ModelError as error:
        told = _("The model cannot be used: {error}.")
        raise CommandError(told.format(error=retold(str(error)))) from error


async def _named(written: str, standing: Standing) -> Path:
    """Return the folder of the one model that is named so, or whose name holds these letters."""
    known = await asyncio.to_thread(candidates, standing.settings)
    in_use = [one for one in known if holds(one, standing.classifier.model)]
    if written in (folder.name for folder in in_use):
        told = _("{model} is in use already.")
        raise CommandError(told.format(model=standing.classifier.model))
    others = [folder for folder in known if folder not in in_use]
    wanted = written.casefold()
    alike = [folder for folder in others if wanted in folder.name.casefold()]
    exact = [folder for folder in alike if folder.name.casefold() == wanted]
    if len(exact or alike) != 1:
        told = _("No other model, or more than one, has {words} in its name.")
        words = one_line(written, NAME_LENGTH)
        raise CommandError(f"{told.format(words=words)} {_names(others)}")
    return (exact or alike)[0]


def _others(standing: Standing) -> list[Path]:
    in_use = standing.classifier.model
    return [folder for folder in candidates(standing.settings) if not holds(folder, in_use)]


def _names(folders: list[Path]) -> str:
    if not folders:
        return _("There is no other model to try.")
    names = ", ".join(folder.name for folder in folders[:MOST_NAMES])
    return _("/replay with a name tries another model: {names}.").format(names=names)
