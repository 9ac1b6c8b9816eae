"""The ``[[source]]`` blocks of settings files: written, added, taken out; the rest stays as it is.

Files are worked on as bytes of text, not as data: comments, order and line ends are the user's.
Each change is checked by reading the file again: it does what was meant, or it is not made.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from config.errors import ConfigError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

BESIDE = "sources.toml"
"""The file beside the settings that holds sources only."""

_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*(?:source|\"source\"|'source')[ \t]*\]\][ \t]*(?:#.*)?$")
_ANY_HEADER = re.compile(r"^[ \t]*\[")
# What looks like a header may stand inside a text of several lines; so many are looked at.
_TRIED = 8
_AMBIGUOUS = re.compile("[\x7f-\x9f\u2028\u2029]")


def source_block(values: Mapping[str, Any]) -> str:
    """Return a ``[[source]]`` block of these keys: text, true or false, lists of text."""
    lines = [f"{key} = {_written(value)}" for key, value in values.items()]
    return "\n".join(["[[source]]", *lines]) + "\n"


def add_source(settings: Path, values: Mapping[str, Any]) -> Path:
    """Add a source at the end of the ``sources.toml`` beside ``settings``; return its path.

    Raises:
        ConfigError: the file does not take it, or cannot be written; it is as it was.
    """
    path = settings.with_name(BESIDE)
    before = _read(path) if path.exists() else ""
    newline = "\r\n" if "\r\n" in before else "\n"
    gap = "" if not before else newline if before.endswith("\n") else 2 * newline
    after = before + gap + source_block(values).replace("\n", newline)
    wanted = [*_sources(path, before), dict(values)]
    if _sources(path, after) != wanted:
        raise ConfigError([f"{path}: a [[source]] at its end would not be read as one"])
    _replace(path, before, after)
    return path


def remove_source(settings: Path, name: str) -> Path:
    """Take the source ``name`` out of the file that holds it; return the path of that.

    Raises:
        ConfigError: no file holds it, or it stands there in a way that is for you to change.
    """
    for path in dict.fromkeys((settings.with_name(BESIDE), settings)):
        before = _read(path) if path.exists() else ""
        names = [source.get("name") for source in _sources(path, before)]
        if name in names:
            _replace(path, before, _without(path, before, names.index(name)))
            return path
    raise ConfigError([f"source: none is named {name!r} in {settings} or {BESIDE} beside it"])


def without_source(settings: Path, name: str) -> dict[str, Any]:
    """Return what the settings files say, without the source ``name``."""
    said: dict[str, Any] = {}
    sources: list[dict[str, Any]] = []
    for path in dict.fromkeys((settings, settings.with_name(BESIDE))):
        text = _read(path) if path.exists() else ""
        said = {**_parsed(path, text), **said}
        sources += _sources(path, text)
    return {**said, "source": [source for source in sources if source.get("name") != name]}


def _written(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    # JSON's strings are TOML's but for some control characters, and halves of characters.
    text = json.dumps(value, ensure_ascii=False)
    return _AMBIGUOUS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _without(path: Path, text: str, number: int) -> str:
    """Return ``text`` without its source of that number.

    Raises:
        ConfigError: it is not written as a block of its own.
    """
    wanted = _sources(path, text)
    del wanted[number]
    lines = text.splitlines(keepends=True)
    headers = [place for place, line in enumerate(lines) if _HEADER.match(line.rstrip("\r\n"))]
    for start in headers[number : number + _TRIED]:
        for end in _ends(lines, start)[:_TRIED]:
            left = "".join(lines[:start] + lines[end:])
            if _reads(path, left, wanted) and _rest(path, left) == _rest(path, text):
                return "".join(lines[: _gap(lines, start, end)] + lines[end:])
    raise ConfigError([f"{path}: the source is not written as a [[source]] block: change it there"])


def _ends(lines: list[str], start: int) -> list[int]:
    """Return where the block that begins at ``start`` may end, the nearest first.

    Comments and empty lines before the next header belong to that.
    """
    ends = []
    for place in range(start + 1, len(lines) + 1):
        if place == len(lines) or _ANY_HEADER.match(lines[place]):
            end = place
            while end > start + 1 and _is_idle(lines[end - 1]):
                end -= 1
            ends.append(end)
    return ends


def _is_idle(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _gap(lines: list[str], start: int, end: int) -> int:
    """Return where to begin: of the empty lines before and behind a block, one goes with it."""
    before = start > 0 and not lines[start - 1].strip()
    behind = end == len(lines) or not lines[end].strip()
    return start - 1 if before and behind else start


def _reads(path: Path, text: str, wanted: list[dict[str, Any]]) -> bool:
    try:
        return _sources(path, text) == wanted
    except ConfigError:
        return False


def _rest(path: Path, text: str) -> dict[str, Any]:
    return {key: value for key, value in _parsed(path, text).items() if key != "source"}


def _sources(path: Path, text: str) -> list[dict[str, Any]]:
    listed = _parsed(path, text).get("source", [])
    if not isinstance(listed, list):
        raise ConfigError(["source: write [[source]] with two brackets, one block for each"])
    return listed


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{path}: {error}"]) from None


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ConfigError([f"{path}: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise ConfigError([f"{path}: not utf-8 text"]) from None


def _replace(path: Path, before: str, after: str) -> None:
    """Let ``path`` hold ``after`` in one step; nothing in between is ever there to be read.

    Raises:
        ConfigError: it cannot be written, or somebody else has changed it meanwhile.
    """
    # A link to a file elsewhere stays one.
    path = path.resolve()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        written = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(after.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
            written.chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o644)
            if (_read(path) if path.exists() else "") != before:
                raise ConfigError([f"{path}: somebody else has just changed it; try again"])
            written.replace(path)
        finally:
            with suppress(FileNotFoundError):
                written.unlink()
    except OSError as error:
        raise ConfigError([f"{path}: {error.strerror}"]) from None
