"""Settings as they may be shown: every secret hidden."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from config.durations import format_duration
from config.settings import Settings

HIDDEN = "<hidden>"


def secrets_of(settings: Settings) -> list[str]:
    """Return every secret in ``settings``: the token and the passwords inside addresses."""
    addresses = [settings.store.url, settings.http.proxy, settings.telegram.proxy]
    secrets = [_secret_in(a.get_secret_value()) for a in addresses if a is not None]
    return [secret for secret in (settings.token, *secrets) if secret]


def shown(settings: Settings) -> dict[str, Any]:
    """Return the settings as plain values, durations as written, secrets hidden."""
    return {key: _plain(value) for key, value in settings.model_dump().items()}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, SecretStr):
        return _hide(value.get_secret_value())
    if isinstance(value, timedelta):
        return format_duration(value)
    return str(value) if isinstance(value, (Path, ZoneInfo)) else value


def _hide(secret: str) -> str:
    """Addresses lose their password, all else is hidden whole."""
    if "://" not in secret:
        return HIDDEN
    inner = _secret_in(secret)
    return secret.replace(inner, HIDDEN) if inner else secret


def _secret_in(address: str) -> str | None:
    """Return the password of an address; a name that stands alone is one, too."""
    parts = urlsplit(address)
    return parts.password or parts.username
