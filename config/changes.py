"""What differs between two readings of the settings, and what of it takes a restart. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from config.settings import ChannelSettings, Settings, SourceSettings

_AT_ONCE = frozenset(
    {
        "telegram.operators",
        "classifier.threshold",
        "classifier.review_band",
        "classifier.retrain_every",
        "channel.sources",
        "channel.timezone",
        "channel.template",
        "channel.per_minute",
        "channel.silent",
        "channel.premoderate",
        "channel.also",
    }
)
_SECTIONS_AT_ONCE = frozenset({"schedule", "filter", "review", "sender"})
"""What of the settings takes effect while newsieve runs, beside the sources."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed.

    Attributes:
        keys: of all but the sources, as people write them: ``filter.min_words``.
        added, removed, altered: names of sources.
        locked: those of the keys that take effect at the next start only.
    """

    keys: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything has changed."""
        return bool(self.keys or self.added or self.removed or self.altered)


def changes(before: Settings, after: Settings) -> Changes:
    """Return what differs; what was not written but is the default counts as written."""
    keys = [*_section_keys(before, after), *_channel_keys(before, after)]
    old = {source.name: source for source in before.source}
    new = {source.name: source for source in after.source}
    return Changes(
        keys=tuple(told for told, _known in keys),
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        altered=tuple(_altered(old, new)),
        locked=tuple(told for told, known in keys if not _takes_effect(known)),
    )


def _takes_effect(key: str) -> bool:
    return key in _AT_ONCE or key.partition(".")[0] in _SECTIONS_AT_ONCE


def _altered(old: dict[str, SourceSettings], new: dict[str, SourceSettings]) -> Iterator[str]:
    return (name for name in new if name in old and old[name] != new[name])


def _section_keys(before: Settings, after: Settings) -> Iterator[tuple[str, str]]:
    for section in Settings.model_fields:
        old, new = getattr(before, section), getattr(after, section)
        if isinstance(old, BaseModel):
            for key in _differing(old, new):
                yield f"{section}.{key}", f"{section}.{key}"
    named = before.telegram.operator_chat, after.telegram.operator_chat
    if before.operator_chat != after.operator_chat and named[0] == named[1]:
        # It is the first operator's chat where no other is named.
        yield "telegram.operators[1]", "telegram.operator_chat"


def _channel_keys(before: Settings, after: Settings) -> Iterator[tuple[str, str]]:
    old, new = _by_chat(before), _by_chat(after)
    if list(old) != list(new):
        yield "channel", "channel"
    for chat in new:
        if chat in old:
            for key in _differing(old[chat], new[chat]):
                yield f"channel {chat}: {key}", f"channel.{key}"


def _by_chat(settings: Settings) -> dict[str, ChannelSettings]:
    return {channel.chat: channel for channel in settings.channel}


def _differing(old: BaseModel, new: BaseModel) -> list[str]:
    return [key for key in type(old).model_fields if getattr(old, key) != getattr(new, key)]
