"""The store as the rest of the bot sees it: one object, a repository for each family of records."""

from __future__ import annotations

import asyncio
from types import TracebackType

from bot.store.alerts import Alerts
from bot.store.chats import Chats
from bot.store.closures import Closures
from bot.store.engine import Database
from bot.store.export import Export
from bot.store.history import History
from bot.store.items import Items
from bot.store.labels import Labels
from bot.store.ledger import Ledger
from bot.store.mentions import Mentions
from bot.store.migrate import ensure_schema
from bot.store.models import Models
from bot.store.notices import Notices
from bot.store.operators import Operators
from bot.store.pages import Pages
from bot.store.pauses import Pauses
from bot.store.posts import Posts
from bot.store.premoderation import Premoderation
from bot.store.proposals import Proposals
from bot.store.rules import PhraseRules
from bot.store.search import Search
from bot.store.signatures import Signatures
from bot.store.sources import Sources
from bot.store.statistics import Statistics
from bot.store.summaries import Summaries
from bot.store.thresholds import Thresholds


class Store:
    """All that newsieve remembers, on SQLite or PostgreSQL.

    Every write is one transaction; moments are aware UTC going out, and aware
    going in. Every method raises StoreError if the database fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.sources = Sources(database)
        self.alerts = Alerts(database)
        self.items = Items(database)
        self.signatures = Signatures(database)
        self.ledger = Ledger(database)
        self.history = History(database)
        self.search = Search(database)
        self.pages = Pages(database)
        self.posts = Posts(database)
        self.chats = Chats(database)
        self.closures = Closures(database)
        self.mentions = Mentions(database)
        self.pauses = Pauses(database)
        self.proposals = Proposals(database)
        self.premoderation = Premoderation(database)
        self.labels = Labels(database)
        self.notices = Notices(database)
        self.operators = Operators(database)
        self.models = Models(database)
        self.thresholds = Thresholds(database)
        self.rules = PhraseRules(database)
        self.statistics = Statistics(database)
        self.summaries = Summaries(database)
        self.export = Export(database)

    @classmethod
    async def open(cls, url: str) -> Store:
        """Open the database at ``url``; an empty one gets the schema.

        Raises:
            StoreError: if it cannot be reached, read or written, is no database of
                ours, or has an older or newer schema.
        """
        await asyncio.to_thread(ensure_schema, url)
        return cls(Database(url))

    async def close(self) -> None:
        """Close the store; it cannot be used afterwards."""
        await self._database.close()

    async def __aenter__(self) -> Store:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
