"""How pages are fetched, and who says so to their servers."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import version

ROBOT = "newsieve"
"""The name that a robots.txt knows us by."""


def user_agent(contact: str | None = None) -> str:
    """Return how newsieve introduces itself, with an address to ask who ``contact`` is."""
    known = (f"{ROBOT}/{version('newsieve')}", f"+{contact}" if contact else "")
    return f"Mozilla/5.0 (compatible; {'; '.join(filter(None, known))})"


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """How to fetch.

    Attributes:
        timeout: seconds for one connect or one read.
        deadline: seconds for one request with its redirects, waiting for turns left out.
        max_bytes: largest body, after inflating.
        max_redirects: how many redirects are followed.
        host_delay: seconds between the end of a request to a host and the next one.
        host_requests: requests to one host at a time.
        max_requests: requests to all hosts at a time.
        max_pause: seconds; a host that asks to be left alone for longer is asked again then.
        robots: whether to keep to the robots.txt of each host.
        max_crawl_delay: seconds; what a robots.txt wants beyond is cut to this.
        allow_private_hosts: lifts the limit to public addresses and to ports 80 and 443.
        proxy: address of a proxy for everything; it then resolves the names.
        user_agent: how the client introduces itself.
    """

    timeout: float = 20.0
    deadline: float = 60.0
    max_bytes: int = 10_000_000
    max_redirects: int = 5
    host_delay: float = 2.0
    host_requests: int = 1
    max_requests: int = 16
    max_pause: float = 3600.0
    robots: bool = True
    max_crawl_delay: float = 10.0
    allow_private_hosts: bool = False
    proxy: str | None = None
    user_agent: str = field(default_factory=user_agent)
