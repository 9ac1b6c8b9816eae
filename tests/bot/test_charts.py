"""The picture of /stats: drawn from any figures, in both languages, with no complaint."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timezone
from io import BytesIO
from zoneinfo import ZoneInfo

import matplotlib.image
import numpy as np
import pytest

from bot.audit import Audit
from bot.caption import LIMIT, caption
from bot.chart_look import drawable
from bot.charts import COLOURS, draw
from bot.figures import BINS, SCORED, Figures, SourceTally, Tally, stretches
from bot.language import LANGUAGES, speaking
from bot.model import REJECTIONS, Reason
from bot.render import plain_text, utf16_length

NOW = datetime(2024, 3, 9, 12, tzinfo=timezone.utc)
URALS = ZoneInfo("Asia/Yekaterinburg")
WIDTH, HEIGHT = 1080, 1500


def figures(days: int = 7, sources: int = 5, each: int = 40, corrected: int = 2) -> Figures:
    """Return figures in which there is something of everything, or nothing of ``each`` 0."""
    counts = {reason: each for reason in Reason if each}
    tallies = [
        Tally(one, counts, each, each and 38, corrected) for one in stretches(days, NOW, URALS)
    ]
    scores = {reason: [each] * BINS for reason in SCORED}
    named = [SourceTally(f"Вести области {n}", 40 + n, n % 40) for n in range(sources)]
    thresholds = (0.6, 0.45) if each else ()
    return Figures(tuple(tallies), scores, thresholds, tuple(named), 3 if each else 0, URALS)


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(matplotlib.image.imread(BytesIO(png), format="png"))[..., :3]


def share_of(png: bytes, colour: str) -> float:
    """Return how much of the picture has this colour."""
    wanted = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    return float((np.abs(pixels(png) - wanted).max(axis=2) < 0.02).mean())


@pytest.fixture(scope="module")
def png() -> bytes:
    """A picture with something of everything."""
    return draw(figures())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "its",
    [
        pytest.param(figures(days=7, sources=0, each=0, corrected=0), id="nothing"),
        pytest.param(figures(days=1), id="one day"),
        pytest.param(figures(days=90, sources=400), id="90 days of 400 sources"),
        pytest.param(figures(days=7, each=9_000_000), id="millions"),
    ],
)
def test_any_figures_make_a_picture_for_a_phone_with_nothing_cut_off(
    its: Figures, language: str
) -> None:
    # Whatever the font had no sign for would be a warning, and that a failure.
    with speaking(language):
        png = draw(its)
        assert pixels(png).shape == (HEIGHT, WIDTH, 3)
        assert edges_are_clear(png), "something is cut off"
        assert utf16_length(plain_text(caption(its))) < LIMIT


def test_every_reason_has_a_colour_of_its_own_and_is_seen(png: bytes) -> None:
    assert set(COLOURS) == set(Reason) - {Reason.SEEDED}
    assert len(set(COLOURS.values())) == len(COLOURS)
    for reason, colour in COLOURS.items():
        assert share_of(png, colour) > 0.001, reason


def test_of_nothing_nothing_is_coloured() -> None:
    png = draw(figures(each=0, sources=0, corrected=0))
    assert share_of(png, COLOURS[Reason.GOOD]) == 0
    assert share_of(png, COLOURS[Reason.BAD]) == 0


def edges_are_clear(png: bytes) -> bool:
    picture = pixels(png)
    edges = (picture[:, :3], picture[:, -3:], picture[:3], picture[-3:])
    return all(bool((edge > 0.98).all()) for edge in edges)


def test_names_from_anywhere_are_written_as_far_as_the_font_goes() -> None:
    assert drawable("Вести 北京 \ud83d\ude00 $5_x$") == "Вести $5_x$"
    names = ["$\\frac{1}{$", "Цена $5 и $6", "北京新闻", "👩‍🚀", "x" * 500, "_{^", "\u202eабв"]
    sources = tuple(SourceTally(name, 10, 5) for name in names)
    its = figures()
    draw(Figures(its.tallies, its.scores, its.thresholds, sources, 0, URALS))


def test_two_operators_may_ask_at_once() -> None:
    its = figures(days=2, sources=1)
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(draw, [its, its])
    assert first == second


def test_the_caption_tells_the_main_figures_in_russian() -> None:
    with speaking("ru"):
        lines = plain_text(caption(figures(days=7))).replace("\xa0", " ").splitlines()
    assert lines[0] == "3–9 мар. 2024 г."
    assert lines[1:4] == ["Новостей: 2 240", "Принято: 280", "На проверку: 280"]
    # Seven reasons without the one that is told apart.
    assert lines[4].startswith(f"Отклонено: {280 * (len(REJECTIONS) - 1):,}".replace(",", " "))
    assert lines[5] == "Публикаций: 280"
    assert lines[6] == (
        "Без возражений: 266 из 280; с вашей меткой: 280, хороших среди них: 95 % (91,8–97 %)"
    )
    assert lines[7] == "Хорошими названы 3 отклонённые новости"
    assert lines[8] == "Порог: 0,45 (раньше: 0,60)"
    assert lines[9].startswith("Не считая 280 новостей")


def test_a_caption_of_nothing_is_short() -> None:
    told = plain_text(caption(figures(each=0, sources=0, corrected=0)))
    assert told.splitlines()[1:] == ["Items: 0", "Accepted: 0", "Rejected: 0", "Posts: 0"]


def test_what_nobody_labelled_has_no_precision_in_words() -> None:
    its = figures(days=1)
    unread = [replace(tally, confirmed=0, corrected=0, untimely=1) for tally in its.tallies]
    lines = plain_text(caption(replace(its, tallies=tuple(unread)))).splitlines()
    assert "Without objection: 936 of 960; labelled by you: 0; told before or old: 24" in lines


def test_few_answers_to_the_audit_come_with_a_warning() -> None:
    audit = Audit(rejected=100, drawn=4, answered=3, good=1, known_good=5, known_bad=2)
    with speaking("ru"):
        told = plain_text(caption(replace(figures(), audit=audit))).replace("\xa0", " ")
    assert "3 ответа на 4 выбранные случайно; то есть от 6 до 79 новостей" in told
    assert "доля будет завышена" in told
