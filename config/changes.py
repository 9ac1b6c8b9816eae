"""What differs between two readings of the settings, and what of it takes a restart. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel

from config.settings import ChannelSettings, Settings

_AT_ONCE = frozenset(
    {
        "telegram.operators",
        "telegram.language",
        "classifier.threshold",
        "classifier.review_band",
        "classifier.retrain_every",
    }
)
_SECTIONS_AT_ONCE = frozenset({"schedule", "filter", "review", "sender", "preview"})
"""What of the settings takes effect while newsieve runs, beside the sources and all that is said
of a channel: only which channels there are is settled at the start."""

_Section = TypeVar("_Section", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed.

    Attributes:
        keys: of all but the sources, as people write them: ``filter.min_words``.
        added, removed, altered: names of sources.
        waiting: keys that are written otherwise now, and take effect at the next start only.
    """

    keys: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything takes effect now."""
        return bool(self.keys or self.added or self.removed or self.altered)


def usable_now(running: Settings, written: Settings) -> Settings:
    """Return ``written``, but with ``running`` in all that takes a restart."""
    kept = {
        name: _kept(name, section, getattr(written, name)) for name, section in _sections(running)
    }
    if running.operator_chat is None:
        # Without anybody to talk to, the chat of the operators was not opened.
        operators: dict[str, object] = {"operators": running.telegram.operators}
    else:
        # It may be the first operator's own chat.
        operators = {"operator_chat": running.operator_chat}
    said = _by_chat(written)
    channels = tuple(said.get(channel.chat, channel) for channel in running.channel)
    kept["telegram"] = kept["telegram"].model_copy(update=operators)
    return written.model_copy(update={**kept, "channel": channels})


def changes(running: Settings, now: Settings, written: Settings) -> Changes:
    """Return what has changed; what was not written but is the default counts as written.

    Args:
        running: what has counted so far.
        now: what counts from now on: see ``usable_now``.
        written: what will count after a restart.
    """
    old = {source.name: source for source in running.source}
    new = {source.name: source for source in now.source}
    return Changes(
        keys=tuple(_keys(running, now)),
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        altered=tuple(name for name in new if name in old and old[name] != new[name]),
        waiting=tuple(_keys(now, written)),
    )


def _kept(name: str, running: _Section, written: _Section) -> _Section:
    locked = {
        key: getattr(running, key)
        for key in _differing(running, written)
        if name not in _SECTIONS_AT_ONCE and f"{name}.{key}" not in _AT_ONCE
    }
    return written.model_copy(update=locked)


def _keys(old: Settings, new: Settings) -> Iterator[str]:
    for name, section in _sections(old):
        for key in _differing(section, getattr(new, name)):
            if f"{name}.{key}" != "telegram.operator_chat":
                yield f"{name}.{key}"
    if old.operator_chat != new.operator_chat:
        yield "telegram.operator_chat"
    channels = _by_chat(old), _by_chat(new)
    if list(channels[0]) != list(channels[1]):
        yield "channel"
    for chat, channel in channels[0].items():
        for key in _differing(channel, channels[1].get(chat, channel)):
            yield channel_key(chat, key)


def channel_key(chat: str, key: str) -> str:
    """Return how a key of one channel is called."""
    return f"channel {chat}: {key}"


def _sections(settings: Settings) -> Iterator[tuple[str, BaseModel]]:
    for name in Settings.model_fields:
        section = getattr(settings, name)
        if isinstance(section, BaseModel):
            yield name, section


def _by_chat(settings: Settings) -> dict[str, ChannelSettings]:
    return {channel.chat: channel for channel in settings.channel}


def _differing(old: BaseModel, new: BaseModel) -> list[str]:
    return [key for key in type(old).model_fields if getattr(old, key) != getattr(new, key)]
