"""The channel: the port through which posts leave, and what travels through it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """What readers see of an item.

    Attributes:
        html: Telegram HTML of at most 4096 UTF-16 units after parsing; carries a link to ``url``.
        url: the item's own address, by which the post is recognised later.
        image: address of the item's picture, or None.
        caption: as ``html``, of at most 1024 units, to go with a picture; None if there is none,
            or so little cannot tell enough.
        photo: the picture itself, once fetched.
        silent: readers hear nothing when it arrives.
    """

    html: str
    url: str
    image: str | None = None
    caption: str | None = None
    photo: bytes | None = field(default=None, repr=False)
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Where in a channel a post may be whose sending nobody saw the end of.

    Attributes:
        floor_id: highest message id that was known before sending began, or None.
        known_ids: ids above it of our other posts, ascending: it is none of these.
        only_id: it is there or nowhere; None: that is not known.
    """

    floor_id: int | None
    known_ids: tuple[int, ...] = ()
    only_id: int | None = None


class Channel(Protocol):
    """An output chat."""

    @property
    def chat(self) -> str:
        """The chat, as configured."""

    async def send(self, message: Message) -> int:
        """Post ``message`` and return its message id.

        Raises:
            NotSent: certainly not posted; may be tried again.
            Refused: certainly not posted, and never will be as it is.
            ChannelClosed: the bot may not write there.
            Uncertain: it may have been posted.
        """

    async def remove(self, message_id: int) -> bool:
        """Take a post out of the readers' sight; one that is gone already is fine.

        Returns False if the chat keeps the message: then it says that the post was removed.

        Raises:
            NotSent, Uncertain: may be tried again, removing twice does no harm.
            Refused: the chat does not let go of it, or of its picture.
            ChannelClosed: the bot may not write there.
        """

    async def rewrite(self, message_id: int, message: Message) -> bool:
        """Show ``message`` where a post stands, or its notice of removal; False if nothing does.

        A picture above it stays, unless ``message`` has one.

        Raises:
            NotSent, Uncertain: may be tried again, writing it twice does no harm.
            Refused: the chat does not let what is there be changed.
            ChannelClosed: the bot may not write there.
        """

    async def find(self, message: Message, span: Span) -> int | None:
        """Return the id under which ``message`` was posted, or None if it certainly was not.

        Raises:
            CannotProbe: this channel cannot tell; a person must.
            PostError: the attempt failed; may be tried again.
        """
