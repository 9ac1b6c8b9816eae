"""The store: items, verdicts, posts, labels and all else that must outlive the process."""

from bot.store.labels import Imported, LabelledText
from bot.store.ledger import Judged
from bot.store.lock import Lock, Work, hold
from bot.store.mentions import Amendment
from bot.store.migrate import migrate
from bot.store.models import NewModel
from bot.store.store import Store

__all__ = [
    "Amendment",
    "Imported",
    "Judged",
    "LabelledText",
    "Lock",
    "NewModel",
    "Store",
    "Work",
    "hold",
    "migrate",
]
