"""What operators are asked about an item, how they answer, and what they are told then. Pure."""

from __future__ import annotations

from bot.chat_links import post_link
from bot.commands.objections import objection_buttons
from bot.commands.request import Button, Reply, data_of
from bot.commands.states import state_buttons, state_line, state_of
from bot.commands.texts import TEXT_LENGTH, brief, escape, item_line
from bot.language import gettext as _
from bot.language import ngettext, pgettext
from bot.model import Decision, Entry
from bot.render import link, plain, trim
from bot.whereabouts import COMING, SEEN, Whereabouts, asks, chats_of, whereabouts


def labelled(entry: Entry, opening: str, *, changed: bool = True) -> Reply:
    """Return the answer to a label: what was done, what is so now, and the way back.

    What waits for a label again is asked about again.

    Args:
        changed: whether anything was done.
    """
    between, its = ("\n\n", _card_parts(entry)) if asks(entry) else ("\n", [item_line(entry)])
    told = between.join([escape(opening), *its, state_line(entry)])
    return Reply(told, brief(opening), entry.recorded.id, buttons(entry), changed=changed)


def review_card(entry: Entry) -> Reply:
    """Return the card of an item that waits for a label."""
    return Reply("\n\n".join(_card_parts(entry)), "", entry.recorded.id, buttons(entry))


def buttons(entry: Entry) -> tuple[tuple[str, str], ...]:
    """Return the buttons that label an item, or take its label back; and what else it needs."""
    item_id = entry.recorded.id
    if asks(entry):
        skip = (pgettext("button", "Skip"), data_of(Button.SKIP, item_id))
        why = (pgettext("button", "Why?"), data_of(Button.WHY, item_id))
        return (*_choice(entry), skip, why, *state_buttons(entry))
    label = entry.label
    if label is None:
        return (*_choice(entry), *state_buttons(entry))
    undo = (_("Undo"), data_of(Button.UNDO, item_id, label.id))
    return (*objection_buttons(label), undo, *state_buttons(entry))


def data_for(button: Button, entry: Entry) -> str:
    """Return the callback data of a button that labels an item as it stands now."""
    return data_of(button, entry.recorded.id, in_force(entry))


def in_force(entry: Entry) -> int:
    """Return the id of the label in force, 0 if there is none."""
    return entry.label.id if entry.label else 0


def summary(count: int) -> Reply:
    """Return the message that tells how many items wait behind the cards that are shown."""
    if count == 0:
        return Reply(_("All that waits for review has a card."))
    told = ngettext(
        "{count} more item waits for review. It comes once the cards above are answered or "
        "skipped.",
        "{count} more items wait for review. They come as the cards above are answered or skipped.",
        count,
    )
    return Reply(told.format(count=count))


def _choice(entry: Entry) -> tuple[tuple[str, str], ...]:
    return (
        (pgettext("button", "Good"), data_for(Button.GOOD, entry)),
        (pgettext("button", "Bad"), data_for(Button.BAD, entry)),
    )


def _card_parts(entry: Entry) -> list[str]:
    text = escape(trim(plain(entry.recorded.item.text), TEXT_LENGTH))
    elsewhere = "\n".join(_elsewhere(entry))
    return [*filter(None, (_question(entry), elsewhere, item_line(entry), text))]


def _question(entry: Entry) -> str:
    if entry.verdict.decision is Decision.REJECT:
        return _("Rejected, and drawn at random for you to look at. Is it good or bad?")
    waiting = [one for one in chats_of(entry, Whereabouts.WAITING) if one not in entry.dropped]
    if not waiting:
        return _("For review:")
    chats = ", ".join(map(escape, waiting))
    return _("To be posted in {chats}, if you say good:").format(chats=chats)


def _elsewhere(entry: Entry) -> list[str]:
    """Return in which channels a bad label undoes what needed nobody's word, and where not."""
    seen = _links(entry, SEEN)
    coming = _links(entry, COMING)
    lines = []
    if seen:
        told = _("Posted already in {chats}: “Bad” removes it there, too.")
        lines.append(told.format(chats=seen))
    if coming:
        told = _("On its way to {chats}: “Bad” stops it there, too.")
        lines.append(told.format(chats=coming))
    return [*lines, *(state_of(entry, post) for post in entry.posts if post.chat in entry.dropped)]


def _links(entry: Entry, places: frozenset[Whereabouts]) -> str:
    served = (post for post in entry.posts if post.chat not in entry.dropped)
    found = (post for post in served if whereabouts(entry, post) in places)
    return ", ".join(link(post_link(post), post.chat) for post in found)
