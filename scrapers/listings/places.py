"""Where on a page an element stands: the names of what is around it, as far as they last."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

DEPTH = 24
"""So many elements around one are looked at."""

# Classes that tell elements of one make apart, or what a visitor or a script did to them.
_PASSING = re.compile(
    r"(?:is|has|js|no|not)-.*|active|current|selected|open(?:ed)?|closed|first|last|odd|even|new"
    r"|visited|lazy\w*|loaded|clearfix|left|right|hot|important|pinned|sticky"
    r"|(?:post|item|news|node|entry|block|article|id|n)[-_]?\d+|.*\d{3,}.*"
    r"|(?:tag|category|status|type|format|author|visible|hidden|col|row|grid|span|offset|order)-.*"
    r"|col-?\d*|row\d*|hentry|_.{0,20}",
    re.IGNORECASE,
)
# Names made by machines change with every release of a site.
_MADE = re.compile(
    r"(?:css|sc|jsx|jss|emotion|svelte|astro|styled)-.*|[a-z]{1,2}\d+\w*"
    r"|(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z\d_-]{5,}|.*__[a-zA-Z]*\d\w*|[a-zA-Z]{1,2}|[^aeiouy]+"
    r"|[a-z]*[A-Z]{2,}[a-z]+[A-Z]?\w*",
)
_WRITABLE = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_LONGEST = 60
_MOST_CLASSES = 20


def place_of(element: etree._Element) -> tuple[str, ...]:
    """Return the steps to ``element``, the outermost first: each a tag with its lasting classes."""
    steps = [step_of(element)]
    for outer in element.iterancestors():
        if len(steps) == DEPTH or outer.tag == "body":
            break
        steps.append(step_of(outer))
    return tuple(reversed(steps))


def step_of(element: etree._Element) -> str:
    """Return the tag of ``element`` with its lasting classes, as a selector is written."""
    return ".".join((str(element.tag), *lasting_classes(element)))


def lasting_classes(element: etree._Element) -> tuple[str, ...]:
    """Return the classes of ``element`` that say what it is for, in their order."""
    return _lasting(element.get("class") or "")


def lasting_id(element: etree._Element) -> str | None:
    """Return the id of ``element`` if it says what it is for."""
    name = element.get("id") or ""
    return name if _lasts(name) else None


@lru_cache(maxsize=8192)
def _lasting(classes: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in classes.split()[:_MOST_CLASSES] if _lasts(name)))


def _lasts(name: str) -> bool:
    return (
        len(name) <= _LONGEST
        and _WRITABLE.fullmatch(name) is not None
        and not _PASSING.fullmatch(name)
        and not _MADE.fullmatch(name)
    )
