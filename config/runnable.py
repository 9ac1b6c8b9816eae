"""What settings must say so that something can be run by them."""

from __future__ import annotations

from config.errors import ConfigError
from config.fields import PREVIEW
from config.settings import Settings


def require_runnable(settings: Settings) -> None:
    """Check that there is something to fetch and somewhere to post.

    Raises:
        ConfigError: naming each key that `run` and `once` cannot do without.
    """
    problems = []
    if not settings.source:
        problems.append("source: none is configured; add a [[source]] to sources.toml")
    if not settings.channel:
        problems.append("channel: none is configured; add a [[channel]] to newsieve.toml")
    if settings.token is None and needs_telegram(settings):
        problems.append("telegram.token: missing; get one from @BotFather in Telegram")
    if settings.classifier.review_band and not (settings.token and settings.operator_chat):
        problems.append("classifier.review_band: needs a token and telegram.operators to ask")
    if settings.review.audit_share and not (settings.token and settings.operator_chat):
        problems.append("review.audit_share: needs a token and telegram.operators to ask")
    if _premoderates(settings) and not (settings.token and settings.operator_chat):
        problems.append("channel.premoderate: needs a token and telegram.operators to ask")
    if problems:
        raise ConfigError(problems)


def _premoderates(settings: Settings) -> bool:
    return any(channel.premoderate for channel in settings.channel)


def needs_telegram(settings: Settings) -> bool:
    """Whether any channel is a chat in Telegram."""
    return any(channel.chat != PREVIEW for channel in settings.channel)
