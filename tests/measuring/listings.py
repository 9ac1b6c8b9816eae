"""Show which links of recorded front pages are taken for articles, to be judged by eye.

    python -m tests.measuring.listings FOLDER [--address FILE=URL]... [--all]

FOLDER holds pages (``*.html``). A page is read as if it came from the address that it gives for
itself (``<base>``, canonical link), or from the one told by ``--address``. For each page: how long
it took, the groups with the selector that would be proposed, and the links that are followed;
with ``--all`` also those that are not.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from scrapers.articles.metadata import Metadata
from scrapers.discovery.front import Front, read_front
from scrapers.listings.links import links_of
from scrapers.text.document import parse_page

UNKNOWN = "https://site.example/"


def address_of(body: bytes) -> str:
    """Return the address that a page gives for itself, or one that stands for it."""
    page = parse_page(body, UNKNOWN)
    given = [
        address for link in Metadata(page.root).addresses() if (address := page.absolute(link))
    ]
    return next(iter(given), page.base)


def show(name: str, body: bytes, url: str, *, others: bool) -> None:
    """Print what is found on a page."""
    began = time.perf_counter()
    front = read_front(body, url)
    took = 1000 * (time.perf_counter() - began)
    print(f"== {name} at {url}: {len(front.all_links)} links, {took:.0f} ms")
    for pick in front.picks:
        print(f"   {len(pick.links)} by {pick.selector}, as {pick.links[0].wording[:60]!r}")
    for link in front.all_links:
        print(f"   + {link.url}  {link.wording[:60]}")
    if others:
        show_others(body, url, front)


def show_others(body: bytes, url: str, front: Front) -> None:
    """Print the links of a page that are not followed."""
    page = parse_page(body, url)
    taken = {link.url for link in front.all_links}
    left = {link.address: link for link in links_of(page) if link.address not in taken}
    for address, link in left.items():
        print(f"   - {address}  {link.wording[:60]}  {link.around.name}")


def main() -> None:
    """Show all pages of a folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--address", action="append", default=[], metavar="FILE=URL")
    parser.add_argument("--all", action="store_true", help="also what is not followed")
    asked = parser.parse_args()
    told = dict(one.split("=", 1) for one in asked.address)
    for path in sorted(asked.folder.glob("*.html")):
        body = path.read_bytes()
        show(path.name, body, told.get(path.name) or address_of(body), others=asked.all)


if __name__ == "__main__":
    main()
