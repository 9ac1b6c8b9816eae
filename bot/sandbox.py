"""Where the templates of posts run: they reach no files, and can neither hang nor fill the memory.

Jinja's own sandbox keeps a template from the machine, not from wasting it: two loops in one
another, or a number of a billion digits, would stop the event loop. Here a render has a budget,
what an operation makes is measured, and of the language only that is left which can be measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from jinja2 import StrictUndefined, Template, nodes, pass_context, pass_eval_context
from jinja2.filters import FILTERS, do_replace, sync_do_join
from jinja2.runtime import Context, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

MOST_TURNS = 5_000
"""So many turns of loops, and calls, a post may take."""

LONGEST = 32_768
"""Letters that a template may show, and letters or entries of whatever it makes on the way."""

_GREATEST = 2**63
_RANGE = 1_000
_FILTERS = """
    abs capitalize count d default e escape first float int join last length list lower map max min
    reject rejectattr replace round safe select selectattr sort string striptags sum title trim
    truncate unique upper urlencode wordcount
"""
_METHODS = """
    astimezone capitalize casefold count cycle date endswith find index isalpha isdecimal isdigit
    islower isoformat isoweekday isspace istitle isupper lower lstrip partition removeprefix
    removesuffix replace rpartition rsplit rstrip split splitlines startswith strftime strip
    swapcase time title upper utcoffset weekday
"""
# Jinja itself says what is wrong with calling what is not there.
_KNOWN = (Macro, Undefined)


class TooMuchError(ValueError):
    """A template does what is not allowed, or too much of it; the message says what."""


@dataclass(slots=True)
class _Budget:
    turns: int = MOST_TURNS
    letters: int = LONGEST

    def take_turn(self) -> None:
        self.turns -= 1
        if self.turns < 0:
            raise TooMuchError(f"more than {MOST_TURNS} turns of loops, and calls")

    def take_letters(self, count: int) -> None:
        self.letters -= count
        if self.letters < 0:
            raise TooMuchError(f"more than {LONGEST} letters")


# Of the render that is under way in this thread or task.
_budget: ContextVar[_Budget] = ContextVar("budget")


class Sandbox(ImmutableSandboxedEnvironment):
    """The language of templates: Jinja2 without what has no limit; texts are escaped."""

    intercepted_binops = frozenset(("+", "-", "*", "/", "//", "%", "**"))

    def __init__(self) -> None:
        super().__init__(
            autoescape=True, undefined=StrictUndefined, finalize=_shown, optimized=False
        )
        self.filters = {name: FILTERS[name] for name in _FILTERS.split()}
        self.filters |= {"join": _join, "replace": _replace}
        self.filters |= {"_held": _held, "_flat": _flat, "_counted": _counted}
        self.globals = {"range": _short_range}

    def limited(self, text: str) -> nodes.Template:
        """Return the tree of the template in ``text``, with its measures in it.

        Raises:
            TemplateSyntaxError: if it is none.
            TooMuchError: if it does what cannot be measured.
        """
        tree: nodes.Template = _Limiting().visit(self.parse(text))
        return tree

    def call(self, context: Context, callee: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Return what a call gives, if it is one of those that are known."""
        _budget.get().take_turn()
        name = getattr(callee, "__name__", type(callee).__name__)
        if not (isinstance(callee, _KNOWN) or callee is _short_range or name in _METHODS.split()):
            raise TooMuchError(f"{name}() cannot be called here")
        if isinstance(callee, Macro) and (callee.catch_varargs or callee.catch_kwargs):
            raise TooMuchError("a macro takes only what it names")
        if name == "replace":
            _measure_replacing(getattr(callee, "__self__", ""), *args)
        return _held(super().call(context, callee, *args, **kwargs))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Return ``left operator right``, if that is not too long or too great."""
        if operator == "**" or (operator == "%" and isinstance(left, str)):
            raise TooMuchError(f"{operator} cannot be used here")
        if operator == "*" and (isinstance(left, Sized) or isinstance(right, Sized)):
            _measure(_size(left) * _size(right))
        return _held(super().call_binop(context, operator, left, right))


def run(template: Template, variables: Mapping[str, Any]) -> str:
    """Return what ``template`` makes of ``variables``.

    Raises:
        TooMuchError: if it takes too many turns, or makes too much of something.
        Exception: whatever else it raises.
    """
    token = _budget.set(_Budget())
    try:
        return template.render(variables)
    finally:
        _budget.reset(token)


class _Limiting(NodeTransformer):
    """Puts a look at what may grow, and at each turn of a loop, into a template."""

    def get_visitor(self, node: nodes.Node) -> Callable[..., nodes.Node] | None:
        """Return what changes nodes of that type; None: nothing does."""
        visitors: dict[type[nodes.Node], Callable[..., nodes.Node]] = {
            nodes.For: self._loop,
            nodes.Filter: self._grown,
            nodes.Concat: self._grown,
            nodes.List: self._list,
            nodes.Tuple: self._tuple,
            nodes.Pair: self._pair,
            nodes.TemplateData: self._said,
        }
        return visitors.get(type(node))

    def _loop(self, node: nodes.For) -> nodes.Node:
        if node.recursive:
            raise TooMuchError("a loop cannot be recursive here")
        self.generic_visit(node)
        node.iter = _filtered(node.iter, "_counted")
        return node

    def _grown(self, node: nodes.Node) -> nodes.Node:
        return _filtered(self.generic_visit(node), "_held")

    def _list(self, node: nodes.List) -> nodes.Node:
        self.generic_visit(node)
        node.items = [_filtered(one, "_flat") for one in node.items]
        return node

    def _tuple(self, node: nodes.Tuple) -> nodes.Node:
        self.generic_visit(node)
        if node.ctx == "load":
            node.items = [_filtered(one, "_flat") for one in node.items]
        return node

    def _pair(self, node: nodes.Pair) -> nodes.Node:
        self.generic_visit(node)
        node.value = _filtered(node.value, "_flat")
        return node

    def _said(self, node: nodes.TemplateData) -> nodes.Node:
        # What it says itself is counted like all that is shown.
        said = nodes.Const(node.data, lineno=node.lineno)
        return nodes.MarkSafe(said, lineno=node.lineno)


def _filtered(node: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


@pass_context
def _shown(_context: Context, value: Any) -> Any:
    _budget.get().take_letters(len(value) if isinstance(value, str) else 1)
    return value


def _counted(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        _budget.get().take_turn()
        yield value


def _held(value: Any) -> Any:
    if isinstance(value, Sized):
        _measure(len(value))
    elif isinstance(value, int) and abs(value) > _GREATEST:
        raise TooMuchError("too great a number")
    return value


def _flat(value: Any) -> Any:
    # A list of lists of lists is short, and has no end when it is shown.
    if isinstance(value, Sized) and not isinstance(value, str):
        raise TooMuchError("a list cannot hold lists")
    return value


def _measure(count: float) -> None:
    if count > LONGEST:
        raise TooMuchError(f"something of more than {LONGEST} letters or entries")


def _size(value: Any) -> float:
    return len(value) if isinstance(value, Sized) else abs(value)


def _measure_replacing(text: Any, old: Any, new: Any, *_rest: Any) -> None:
    _measure(str(text).count(str(old)) * len(str(new)))


@pass_eval_context
def _replace(
    eval_ctx: nodes.EvalContext, text: Any, old: str, new: str, count: int | None = None
) -> str:
    _measure_replacing(text, old, new)
    return do_replace(eval_ctx, text, old, new, count)


@pass_eval_context
def _join(
    eval_ctx: nodes.EvalContext,
    values: Iterable[Any],
    between: str = "",
    attribute: str | None = None,
) -> str:
    values = list(values)
    _measure(len(values) * len(str(between)))
    return sync_do_join(eval_ctx, values, between, attribute)


def _short_range(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > _RANGE:
        raise TooMuchError(f"a range of more than {_RANGE} numbers")
    return found
