"""The certificates that servers are believed by."""

from __future__ import annotations

import asyncio
import ssl
from functools import lru_cache
from pathlib import Path

import httpx

from scrapers.errors import FetchError


async def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """Return what trusts ``ca_file`` besides the public certificates.

    Those are read in a thread, for longer than an event loop may be kept, and only once.

    Raises:
        FetchError: ``ca_file`` holds no certificates.
    """
    if ca_file is None:
        return await asyncio.to_thread(_public)
    return await asyncio.to_thread(_with_own, ca_file)


# Contexts are shared by any number of connections, and nothing is added to this one.
@lru_cache(maxsize=1)
def _public() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _with_own(ca_file: Path) -> ssl.SSLContext:
    context = httpx.create_ssl_context(trust_env=False)
    try:
        context.load_verify_locations(ca_file)
    except OSError as error:
        reason = f"cannot be read as certificates: {error.strerror or error}"
        raise FetchError(str(ca_file), " ".join(reason.split())) from error
    return context
