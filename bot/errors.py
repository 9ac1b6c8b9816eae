"""What can go wrong in the bot itself.

BotError
├── StoreError         the database cannot be used
│   └── StoreBusy      not now: it is busy, full, or out of reach
├── PostError          a channel did not take a message
│   ├── NotSent        certainly not posted: try again later (retry_after)
│   ├── Refused        certainly not posted, and never will be as it is
│   ├── ChannelClosed  the bot may not write to this channel
│   ├── Uncertain      nobody can say whether it was posted
│   └── CannotProbe    nobody but a person can find that out
├── PageError          the preview page cannot be written
└── CommandError       what an operator asked for cannot be done (reply)
"""

from __future__ import annotations


class BotError(Exception):
    """Something in the bot went wrong."""


class StoreError(BotError):
    """The database cannot be used; the message is one line for people."""


class StoreBusy(StoreError):
    """The database cannot be used now; that may pass by itself."""


class PageError(BotError):
    """The preview page cannot be written."""


class PostError(BotError):
    """A channel did not take a message."""


class NotSent(PostError):
    """Certainly not posted; may be tried again.

    Attributes:
        retry_after: seconds to wait before that, or None if the channel named none.
    """

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Refused(PostError):
    """Certainly not done, and never will be as it is."""


class ChannelClosed(PostError):
    """The bot may not write to this channel."""


class Uncertain(PostError):
    """It may have been posted or not: never send again blindly."""


class CannotProbe(PostError):
    """Nobody but a person can find out whether this message was posted."""


class CommandError(BotError):
    """An operator asked for something that cannot be done.

    Attributes:
        reply: what to answer, plain text.
    """

    def __init__(self, reply: str) -> None:
        self.reply = reply
        super().__init__(reply)
