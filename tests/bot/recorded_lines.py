"""Lines that the code gives in English, read from the code itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_SENTENCE = re.compile("[a-z]{3}.* | .*[a-z]{3}")


def sample(line: ast.expr) -> str:
    """Return a line as it may come out: a seven for each figure, and for words of others."""
    parts = line.values if isinstance(line, ast.JoinedStr) else [line]
    return "".join(map(_part, parts))


def _part(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    return "'7'" if isinstance(part, ast.FormattedValue) and part.conversion == ord("r") else "7"


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Return all parts of the code in a file."""
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


def arguments_of(path: Path, callee: str, *places: int) -> Iterator[tuple[str, str]]:
    """Yield what stands at ``places`` in the calls of ``callee`` in a file, each with its line."""
    for call in nodes_of(path):
        if isinstance(call, ast.Call) and getattr(call.func, "id", None) == callee:
            for place in places:
                yield f"{path.name}:{call.lineno}", sample(call.args[place])


def sentences_of(path: Path) -> Iterator[tuple[str, str]]:
    """Yield every text of more than one word in a file, each with its line, but no docstrings."""
    passed_over = {id(one) for node in nodes_of(path) for one in _no_sentences(node)}
    for node in nodes_of(path):
        is_text = isinstance(node, (ast.Constant, ast.JoinedStr)) and id(node) not in passed_over
        if is_text and _SENTENCE.search(said := sample(node)):
            yield f"{path.name}:{node.lineno}", said


def _no_sentences(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Expr):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return node.values
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
        return node.args
    return []
