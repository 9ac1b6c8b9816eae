"""The bot's account: where its API is and how it is reached."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeAlias

import httpx
from telegram import ext
from telegram.request import HTTPXRequest

Application: TypeAlias = "ext.Application[Any, Any, Any, Any, Any, Any]"

_CONNECT = 10.0
_READ = 30.0


@dataclass(frozen=True, slots=True)
class Account:
    """How to reach the Bot API.

    Attributes:
        token: the bot's secret.
        base_url: root of the API.
        proxy: address of a proxy, or None; the environment's proxies are left alone.
    """

    token: str = field(repr=False)
    base_url: str = "https://api.telegram.org"
    proxy: str | None = field(default=None, repr=False)


def build_application(account: Account) -> Application:
    """Return an application that reaches ``account`` and has no handlers yet.

    It keeps no job queue and no pace of its own: the scheduler and the senders do.
    """
    root = account.base_url.rstrip("/")
    return (
        ext.ApplicationBuilder()
        .token(account.token)
        .base_url(f"{root}/bot")
        .base_file_url(f"{root}/file/bot")
        .request(_request(account, connections=16))
        .get_updates_request(_request(account, connections=1))
        .updater(None)
        .job_queue(None)
        .build()
    )


def _request(account: Account, *, connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=_CONNECT,
        read_timeout=_READ,
        pool_timeout=_CONNECT,
        proxy=account.proxy,
        httpx_kwargs={"trust_env": False, "verify": _public_certificates()},
    )


@cache
def _public_certificates() -> ssl.SSLContext:
    """Return what trusts the public certificates: read once, for that takes long, and shared."""
    return httpx.create_ssl_context(trust_env=False)
