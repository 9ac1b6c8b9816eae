"""The operators are told once when a channel shuts, and once when it is open again.

What they know outlives the process: a pass of `newsieve once`, or a restart, does not tell it anew.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

from bot.commands.notes import Notes
from bot.language import gettext as _
from bot.retold import retold
from bot.store import Store


class Doorkeeper:
    """Tells the operators of channels that do not let the bot in."""

    def __init__(self, store: Store, notes: Notes) -> None:
        self._closures = store.closures
        self._notes = notes

    async def look_round(
        self, chats: Collection[str], problems: Mapping[str, str], *, asked: Collection[str]
    ) -> set[str]:
        """Tell what has changed since the operators were last told; return what is shut by now.

        Args:
            chats: all channels in Telegram.
            problems: why the bot cannot post, by channel, as Telegram told when it was asked.
            asked: of which channels it told how the bot stands with them.
        """
        known = await self._closures.known(chats)
        fresh = {chat: why for chat, why in problems.items() if chat not in known}
        if fresh:
            told = [f"• {chat}: {retold(why)}" for chat, why in fresh.items()]
            record = partial(self._closures.record_shut, list(fresh), by_post=False)
            self._notes.add("\n".join([_("I cannot post:"), *told]), record)
        # From now on it will show by asking that they are open.
        await self._closures.record_shut(problems.keys() & known.keys(), by_post=False)
        opened = {
            chat for chat in known if chat in asked and chat not in problems and not known[chat]
        }
        for chat in sorted(opened):
            self.tell(chat, None)
        return (known.keys() | problems.keys()) - opened

    def tell(self, chat: str, why: str | None) -> None:
        """Tell soon that a channel is shut, and why, or that it is open again."""
        if why is None:
            note = _("I can post in {chat} again.")
            self._notes.add(note.format(chat=chat), partial(self._closures.record_open, chat))
            return
        note = _("I can no longer post in {chat}: {why}. What is accepted waits meanwhile.")
        record = partial(self._closures.record_shut, [chat], by_post=True)
        self._notes.add(note.format(chat=chat, why=retold(why)), record)
