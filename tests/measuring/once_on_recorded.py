"""Run `newsieve once` over recorded pages and feeds, served on loopback, and count.

    python -m tests.measuring.once_on_recorded FOLDER

FOLDER/feeds/*.xml become one source each; the pages below FOLDER/pages become
articles of one listing a folder, without selectors. The bytes are served as they
are, HTML without any charset in its header. Recorded news is old: seeding and
staleness are switched off by their settings.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

AGES = '[schedule]\nfirst_run_age = "36500d"\nmax_age = "36500d"\n'
SETTINGS = f"""{AGES}
[http]
allow_private_hosts = true
host_delay = "0s"
[[channel]]
chat = "preview"
"""


class _Recorded(SimpleHTTPRequestHandler):
    """Serves a folder; the directory listing of a folder of pages is its listing page."""

    extensions_map = {".html": "text/html", ".xml": "application/xml", "": "text/html"}  # noqa: RUF012

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve ``folder`` on loopback; yield the address of its root."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Recorded, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def sources_of(folder: Path, root: str) -> str:
    """Return the [[source]] tables for all that is in ``folder``."""
    feeds = {path.stem: f"feeds/{quote(path.name)}" for path in folder.glob("feeds/*.xml")}
    listings = {path.parent.name: "" for path in folder.glob("pages/*/*.html")}
    return "\n".join(
        [_table(name, f"{root}/{path}") for name, path in sorted(feeds.items())]
        + [
            _table(name, f"{root}/pages/{quote(name)}/", kind="listing", link="li a")
            for name in sorted(listings)
        ]
    )


def _table(name: str, url: str, **rest: str) -> str:
    said = {"name": name, "url": url, **rest}
    return "\n".join(["[[source]]", *(f"{key} = {json.dumps(v)}" for key, v in said.items()), ""])


def main() -> None:
    """Serve, run, print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--page", type=Path, help="keep the preview page here")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, serving(given.folder.resolve()) as root:
        page = f"[preview]\npage = {json.dumps(str(given.page.resolve()))}\n" if given.page else ""
        Path(home, "newsieve.toml").write_text(SETTINGS + page + sources_of(given.folder, root))
        command = [sys.executable, "-m", "bot", "--log-json", "once", "--json"]
        done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    report(json.loads(done.stdout), [json.loads(line) for line in done.stderr.splitlines()])


def report(done: dict[str, Any], log: list[dict[str, Any]]) -> None:
    """Print the counts."""
    for source in done["sources"]:
        print(f"{source['name']:40} {source['found']:4} items  {source['error']}")
    decided = Counter(r["action"] for r in log if r["action"].startswith("item_"))
    print(f"items {sum(s['new'] for s in done['sources'])}, judged {done['judged']}")
    print(f"verdicts {done['verdicts']}, decisions {dict(decided)}, posted {done['posted']}")
    for record in log:
        if record["action"] in {"page_failed", "source_failed", "post_failed"}:
            print("failed:", record["message"])


if __name__ == "__main__":
    main()
