"""What single settings may look like. Messages never repeat what may be a secret."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import soupsieve
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode
from soupsieve.util import SelectorSyntaxError

from config.durations import Duration
from config.paths import absolute

PREVIEW = "preview"
"""The chat of a channel that is only shown on this machine."""

_TOKEN = re.compile(r"\d+:\S+", re.ASCII)
# Part of a header: what has a meaning there is left out.
_CONTACT = re.compile(
    r"(?:https?://[\w.~:/?#@!$&'*+,=%-]{3,190}|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)", re.ASCII
)
_PROXIES = {"http", "https", "socks5", "socks5h"}


def _split_ids(value: object) -> object:
    """Let an environment variable say ``1,2`` or ``[1, 2]``."""
    if isinstance(value, str):
        inner = value.strip()
        if inner.startswith("[") and inner.endswith("]"):
            inner = inner[1:-1]
        return [part for part in inner.replace(",", " ").split() if part]
    return [value] if isinstance(value, int) else value


def _token(value: SecretStr) -> SecretStr:
    token = value.get_secret_value().strip()
    if not _TOKEN.fullmatch(token):
        raise ValueError("this is no bot token: it looks like 123456789:AA…")
    return SecretStr(token)


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.username or parts.password:
        raise ValueError("an address with a user name or a password in it is not fetched")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{value!r} is not an address that begins with http:// or https://")
    return value


def _source_address(value: str) -> str:
    """Channels of Telegram may be called ``@name`` or ``t.me/name``."""
    if value.startswith("@") and value[1:].isidentifier():
        return f"https://t.me/{value[1:]}"
    return _web_address(f"https://{value}" if value.startswith("t.me/") else value)


def _proxy(value: SecretStr) -> SecretStr:
    parts = urlsplit(value.get_secret_value())
    if parts.scheme not in _PROXIES or not parts.hostname:
        raise ValueError("a proxy is written http://host:port or socks5://host:port")
    return value


def _contact(value: str) -> str:
    if not _CONTACT.fullmatch(value):
        raise ValueError(f"{value!r} is neither an e-mail nor an address that begins with http")
    return value


def _store_url(value: SecretStr) -> SecretStr:
    url = value.get_secret_value()
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        # A third slash ends the scheme, a fourth begins a whole path: joining keeps that one.
        return SecretStr(f"sqlite:///{absolute(Path(rest[1:]))}")
    if scheme in {"postgresql", "postgres"} and rest:
        if "password" in parse_qs(urlsplit(url).query):
            raise ValueError("write the password before the host: postgresql://user:password@…")
        return value
    raise ValueError("must begin with sqlite:/// and a file, or be postgresql://…")


def _zone(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # it is looked for among files
        raise ValueError(f"{value!r} is not a time zone like 'Europe/Moscow'") from None


def _chat(value: object) -> object:
    """Chats are numbers or @names; both are kept as text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _chat_name(value: str) -> str:
    named = value.startswith("@") and value[1:].replace("_", "").isalnum()
    if value != PREVIEW and not named and not value.removeprefix("-").isdecimal():
        raise ValueError(f"{value!r} is not a chat: write '@name', a number, or '{PREVIEW}'")
    return value


def _ordered(value: tuple[float, float]) -> tuple[float, float]:
    if value[0] >= value[1]:
        raise ValueError("must be [low, high] with low below high")
    return value


def _positive(value: timedelta) -> timedelta:
    if value <= timedelta():
        raise ValueError("must be longer than nothing")
    return value


def _selector(value: str) -> str:
    try:
        soupsieve.compile(value)
    except SelectorSyntaxError as error:
        raise ValueError(f"not a CSS selector: {str(error).splitlines()[0]}") from None
    return value


UserId = Annotated[int, Field(gt=0)]
UserIds = Annotated[tuple[UserId, ...], NoDecode, BeforeValidator(_split_ids)]
Token = Annotated[SecretStr, AfterValidator(_token)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
SourceAddress = Annotated[str, AfterValidator(_source_address)]
ProxyAddress = Annotated[SecretStr, AfterValidator(_proxy)]
Contact = Annotated[str, Field(max_length=200), AfterValidator(_contact)]
StoreUrl = Annotated[SecretStr, AfterValidator(_store_url)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Chat = Annotated[str, BeforeValidator(_chat), AfterValidator(_chat_name)]
PositiveDuration = Annotated[Duration, AfterValidator(_positive)]
Probability = Annotated[float, Field(ge=0, le=1)]
PerMinute = Annotated[float, Field(gt=0, le=60)]
Band = Annotated[tuple[Probability, Probability], AfterValidator(_ordered)]
Selector = Annotated[str, AfterValidator(_selector)]
