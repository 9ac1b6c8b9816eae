"""/source: one more source, proposed first; one less; and how one is read just now."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from functools import partial

from bot.addresses import meant_addresses
from bot.commands.desk import Desk
from bot.commands.errands import Errand, Work
from bot.commands.proposal_cards import (
    failure_line,
    proposal_card,
    proposal_lines,
    settled_card,
)
from bot.commands.reload import change_lines, refusal_lines
from bot.commands.request import Reply, Request
from bot.commands.texts import NAME_LENGTH, escape, fitting
from bot.errors import CommandError
from bot.language import gettext as _
from bot.model import Operator
from bot.proposing import declaration, whole_declaration
from bot.render import one_line
from bot.retold import all_retold
from bot.scouting import LONGEST, Scout
from bot.sourcebook import check_declaration
from bot.store.proposals import StoredProposal
from config import ConfigError, SourceSettings
from scrapers import ScrapeError
from scrapers.discovery.discover import Proposal

LONGEST_ADDRESS = 1000


async def source(desk: Desk, request: Request) -> Reply:
    """Begin to look at an address or a source, or take a source out of the settings."""
    what, *rest = request.arguments or ("",)
    if what.lower() == "add" and len(rest) == 1:
        return await _add(desk, request, rest[0])
    if what.lower() == "test" and rest:
        return _test(desk, request, _named(_scout(desk), " ".join(rest)))
    if what.lower() == "remove" and rest:
        return await _remove(desk, request, _named(_scout(desk), " ".join(rest)))
    raise CommandError(
        _(
            "/source add gorod.example finds out how to read a site or a Telegram channel and "
            "asks before it is added. /source test and /source remove take the name of a source."
        )
    )


async def add(desk: Desk, request: Request) -> Reply:
    """Add the source of a card to the settings, and let it be fetched."""
    proposal, scout = await _proposal_of(desk, request), _scout(desk)
    try:
        added = await scout.add(proposal.declaration)
    except ConfigError as error:
        problems = refusal_lines(error)[1:]
        opening = _("Nothing was written:")
        card = settled_card(proposal.id, proposal.declaration, opening, open_=True, more=problems)
        return replace(card, changed=False)
    declared = {**proposal.declaration, "name": added.name}
    if added.path is None:
        told = _("{name} has this address already.")
        opening = told.format(name=one_line(added.name, NAME_LENGTH))
        card = settled_card(proposal.id, declared, opening, open_=False, more=())
        return replace(card, changed=False)
    await desk.store.proposals.record_added(proposal.id, at=desk.now())
    opening = _("Added to {file}.").format(file=added.path.name)
    more = await _taken_up(desk, added.name)
    return settled_card(proposal.id, declared, opening, open_=False, more=more)


async def leave(desk: Desk, request: Request) -> Reply:
    """Leave the source of a card out; it can still be added."""
    proposal = await _proposal_of(desk, request)
    said = _scout(desk).known([str(proposal.declaration["url"])])
    opening = _("It was not added.")
    if said is not None:
        told = _("{name} has this address already.")
        opening = told.format(name=one_line(said.name, NAME_LENGTH))
    is_open = said is None
    return settled_card(proposal.id, proposal.declaration, opening, open_=is_open, more=())


async def _add(desk: Desk, request: Request, written: str) -> Reply:
    scout, addresses = _scout(desk), _addresses(written)
    _expect_new(scout, addresses)
    try:
        scout.check_writable()
    except ConfigError as error:
        told = _("Nothing can be added here: {problem}")
        raise CommandError(told.format(problem=all_retold(error.problems))) from error
    told = _("I am looking at {address}. What I find comes as a card; that may take two minutes.")
    shown = one_line(written, NAME_LENGTH)
    work = partial(_propose, desk, scout, request.operator, addresses)
    return _later(desk, request, told.format(address=shown), work)


def _test(desk: Desk, request: Request, said: SourceSettings) -> Reply:
    told = _("I am looking at {address}. What I find comes soon; that may take two minutes.")
    shown = one_line(said.name, NAME_LENGTH)
    work = partial(_try_out, _scout(desk), said)
    return replace(_later(desk, request, told.format(address=shown), work), changed=False)


async def _remove(desk: Desk, request: Request, said: SourceSettings) -> Reply:
    scout = _scout(desk)
    if len(scout.sources) == 1:
        raise CommandError(_("It is the only source: add another one first."))
    try:
        path = await scout.remove(said.name)
    except ConfigError as error:
        told = _("It cannot be removed: {problem}")
        raise CommandError(told.format(problem=all_retold(error.problems))) from error
    declared = whole_declaration(said)
    number = await desk.store.proposals.keep(declared, request.operator, at=desk.now())
    opening = _("Removed from {file}. What it brought stays.").format(file=path.name)
    more = await _taken_up(desk, said.name)
    return settled_card(number, declared, opening, open_=True, more=more)


async def _taken_up(desk: Desk, name: str) -> list[str]:
    """Let what was written take effect; return what else has changed with it, or is wrong."""
    if desk.reload is None:
        return [_("It counts from the next pass on.")]
    try:
        changed = await desk.reload()
    except ConfigError as error:
        return refusal_lines(error)
    others = replace(
        changed,
        added=tuple(one for one in changed.added if one != name),
        removed=tuple(one for one in changed.removed if one != name),
        waiting=(),
    )
    return change_lines(others) if others else []


async def _propose(desk: Desk, scout: Scout, operator: Operator, addresses: Sequence[str]) -> Reply:
    proposal = await _looked(scout.find(addresses))
    _expect_new(scout, [proposal.source.url])
    values = declaration(proposal.source)
    try:
        check_declaration(values)
    except ConfigError as error:
        told = _("It cannot be a source: {problem}")
        raise CommandError(told.format(problem=all_retold(error.problems))) from error
    number = await desk.store.proposals.keep(values, operator, at=desk.now())
    return proposal_card(number, proposal)


async def _try_out(scout: Scout, said: SourceSettings) -> Reply:
    return Reply("\n".join(fitting(proposal_lines(await _looked(scout.try_out(said))))))


async def _looked(look: Awaitable[Proposal]) -> Proposal:
    """Return what a look has found.

    Raises:
        CommandError: nothing.
    """
    try:
        return await look
    except ScrapeError as error:
        told = _("I find no news there. {failure}")
        raise CommandError(told.format(failure=failure_line(error))) from error
    except asyncio.TimeoutError:
        told = _("I have looked for {seconds} seconds and found no way to read it.")
        raise CommandError(told.format(seconds=round(LONGEST))) from None


def _later(desk: Desk, request: Request, told: str, work: Work) -> Reply:
    if desk.errands is None or desk.errands.are_many:
        raise CommandError(_("I am looking at many sites already. Ask again in some minutes."))
    return Reply(escape(told), then=partial(desk.errands.ask, Errand(request.chat_id, work)))


def _addresses(written: str) -> Sequence[str]:
    """Return the addresses that may be meant; nothing needs to be asked to know that.

    Raises:
        CommandError: there are none.
    """
    try:
        if len(written) > LONGEST_ADDRESS:
            raise ConfigError(["too long"])
        addresses = meant_addresses(written)
        for address in addresses:
            check_declaration({"name": "source", "url": address})
    except ConfigError as error:
        told = _(
            "This is neither a web address nor a public channel. Write it like gorod.example/news "
            "or @channel, without a password in it."
        )
        raise CommandError(told) from error
    return addresses


def _expect_new(scout: Scout, addresses: Sequence[str]) -> None:
    said = scout.known(addresses)
    if said is not None:
        told = _("{name} has this address already.")
        raise CommandError(told.format(name=one_line(said.name, NAME_LENGTH)))


def _named(scout: Scout, written: str) -> SourceSettings:
    """Return the source that is called like this, in capitals or not.

    Raises:
        CommandError: there is none.
    """
    for said in scout.sources:
        if _bare(said.name) == _bare(written):
            return said
    told = _("No source is called {words}. /sources lists them.")
    raise CommandError(told.format(words=one_line(written, NAME_LENGTH)))


def _bare(name: str) -> str:
    """Return a name without what commands lose: signs at the ends of words, wide spaces."""
    return " ".join(filter(None, (word.strip(".,;:!?") for word in name.casefold().split())))


async def _proposal_of(desk: Desk, request: Request) -> StoredProposal:
    proposal = await desk.store.proposals.get(int(request.arguments[0]))
    if proposal is None:
        raise CommandError(_("I know nothing of this proposal any more: ask for it again."))
    return proposal


def _scout(desk: Desk) -> Scout:
    if desk.scout is None:
        raise CommandError(_("Nothing can be added here."))
    return desk.scout
