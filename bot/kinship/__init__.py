"""Which items are one text, and which tell of one event."""

from bot.kinship.recent import WINDOW, Recent, Trace
from bot.kinship.reprint import is_reprint
from bot.kinship.signature import VERSION, Signature, sign
from bot.kinship.words import Words, read_words

__all__ = [
    "VERSION",
    "WINDOW",
    "Recent",
    "Signature",
    "Trace",
    "Words",
    "is_reprint",
    "read_words",
    "sign",
]
