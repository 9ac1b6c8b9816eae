"""Which channels an item goes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.model import Entry
from config import Settings


@dataclass(frozen=True, slots=True)
class Routing:
    """Channels and what they carry.

    Attributes:
        tags: for each source its name and its tags.
        wanted: for each chat the names and tags it carries; None means all.
    """

    tags: dict[str, frozenset[str]]
    wanted: dict[str, frozenset[str] | None]

    @classmethod
    def from_settings(cls, settings: Settings) -> Routing:
        """Return the routing that the settings describe."""
        return cls(
            tags={s.name: frozenset((s.name, *s.tags)) for s in settings.source},
            wanted={
                c.chat: None if c.sources is None else frozenset(c.sources)
                for c in settings.channel
            },
        )

    def carried(self, chat: str) -> frozenset[str] | None:
        """Return the names of the sources that ``chat`` carries; None: all."""
        wanted = self.wanted.get(chat)
        if wanted is None:
            return None
        return frozenset(name for name, tags in self.tags.items() if wanted & tags)

    def chats(self, sources: Sequence[str]) -> list[str]:
        """Return the chats that carry an item seen at any of ``sources``, in settings order."""
        carried = frozenset().union(*(self.tags.get(name, {name}) for name in sources))
        return [chat for chat, wanted in self.wanted.items() if wanted is None or wanted & carried]

    def marked(self, entry: Entry) -> Entry:
        """Return ``entry`` with those of its channels marked that the settings no longer name."""
        return replace(entry, dropped=frozenset(post.chat for post in entry.posts) - {*self.wanted})
