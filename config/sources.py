"""Where settings come from: TOML files and the environment."""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from config.errors import ConfigError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CONFIG_VARIABLE = "NEWSIEVE_CONFIG"
PREFIX = "NEWSIEVE_"


def read_files(path: Path) -> dict[str, Any]:
    """Return what ``path`` says, with the sources of ``sources.toml`` beside it added.

    Raises:
        ConfigError: if a file cannot be read or is not TOML.
    """
    said = _read_toml(path)
    beside = path.with_name("sources.toml")
    if not beside.exists() or beside == path:
        return said
    more = _read_toml(beside)
    odd = sorted(set(more) - {"source"})
    if odd:
        raise ConfigError([f"{beside}: only [[source]] belongs here, not {', '.join(odd)}"])
    sources = [said.get("source", []), more.get("source", [])]
    if not all(isinstance(listed, list) for listed in sources):
        raise ConfigError(["source: write [[source]] with two brackets, one block for each"])
    return {**said, "source": sources[0] + sources[1]}


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        said: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError([f"{path}: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise ConfigError([f"{path}: not utf-8 text"]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{path}: {error}"]) from None
    return said


def environment_problems(model: type[BaseModel]) -> list[str]:
    """Return a line for each ``NEWSIEVE_…`` variable that names no section of ``model``."""
    sections = list(model.model_fields)
    problems = []
    for variable in sorted(os.environ):
        name = variable.upper()
        if not name.startswith(PREFIX) or name == CONFIG_VARIABLE:
            continue
        section = name.removeprefix(PREFIX).split("__")[0].lower()
        if section not in sections:
            problems.append(f"{variable}: no such setting{suggest(section, sections)}")
    return problems


def suggest(written: str, known: list[str]) -> str:
    """Return ``; did you mean '…'?`` for a likely slip, else nothing."""
    close = get_close_matches(written, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
