"""Serves a sample site over real HTTP on loopback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from bot.demo.sites import Answer

_MISSING = Answer(b"Not Found", "text/plain", HTTPStatus.NOT_FOUND)


class SiteServer(ThreadingHTTPServer):
    """A web server on a free port of 127.0.0.1; ``answers`` may be filled while it runs."""

    def __init__(self) -> None:
        self.answers: Mapping[str, Answer] = {}
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def root(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    # A client that stops halfway through a request must not hold its thread.
    timeout = 10
    server: SiteServer

    def do_GET(self) -> None:
        answer = self.server.answers.get(urlsplit(self.path).path, _MISSING)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """The demo shows what newsieve does, not what its sample sites do."""


@contextmanager
def serving() -> Iterator[SiteServer]:
    """Run a server in a thread until the end of the block."""
    with SiteServer() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
