"""How the parts of a chart look: their colours, letters, heads and legends."""

from __future__ import annotations

from typing import Any

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ticker import FuncFormatter, MaxNLocator

from bot.language import gettext as _
from bot.written import number, share

DARK, PALE = "#1d2733", "#6b7785"
TEXT, SMALL = 19, 16  # points
_FONT = FontProperties(family="DejaVu Sans")


def style(axes: Any) -> None:
    """Draw only what helps to read: a grid, and no box around it."""
    axes.set_axisbelow(True)
    axes.grid(axis="y", color="#e3e7eb", lw=1)
    axes.tick_params(length=0, colors=PALE, labelsize=SMALL)
    axes.tick_params(axis="x", pad=8)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#c3cad1")


def head(axes: Any, text: str) -> None:
    """Write what a part shows above it."""
    axes.set_title(text, loc="left", color=DARK, fontproperties=font(TEXT, bold=True), pad=10)


def title(picture: Any, text: str, size: int) -> None:
    """Write what the whole picture shows above it."""
    picture.suptitle(text, x=0.02, ha="left", color=DARK, fontproperties=font(size, bold=True))


def counts(axes: Any) -> None:
    """Let the vertical axis tell whole numbers."""
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: number(int(value))))


def legend(axes: Any) -> None:
    """Tell below a part what its colours mean."""
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.14),
        ncols=3,
        frameon=False,
        prop=font(SMALL),
        handlelength=1.0,
        columnspacing=1.4,
    )


def nothing(axes: Any) -> None:
    """Say in the middle of a part that there is nothing to show."""
    axes.set_yticks([])
    told = _("nothing yet")
    axes.text(
        0.5, 0.5, told, transform=axes.transAxes, ha="center", va="center",
        color=PALE, fontproperties=font(TEXT),
    )  # fmt: skip


def percent(value: float, _place: object) -> str:
    """Return a percentage as it is written at an axis."""
    return share(value / 100)


def font(size: int, *, bold: bool = False) -> FontProperties:
    """Return the letters of so many points."""
    return FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")


def dot(points: int) -> float:
    """Return how large the points of so many are."""
    return 8 if points <= 31 else 4


def write(axes: Any, x: float, y: float, text: str, side: str) -> None:
    """Write beside or into a bar; ``side`` is that of ``x`` on which the text begins."""
    axes.text(
        x,
        y,
        text,
        ha=side,
        va="center_baseline",
        color=DARK,
        fontproperties=font(SMALL),
        parse_math=False,
    )


def drawable(text: str) -> str:
    """Return ``text`` without what the font has no signs for, as pictures of faces."""
    known = get_font(findfont(_FONT)).get_charmap()
    return " ".join("".join(char for char in text if ord(char) in known).split())
