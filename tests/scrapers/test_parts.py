"""Selectors for parts of articles are proposed only where these come out wrong without."""

from __future__ import annotations

from scrapers.discovery.parts import Sample, read_samples
from scrapers.source import Selectors
from tests.newsserver import Story, article_page

TITLES = ("В Заречье открыли новый мост", "Школьники посадили сад", "Хор едет на конкурс")
VERSES = (
    (
        "Над рекою мост высок",
        "Золотой под ним песок",
        "Ходит солнце стороной",
        "Ветер дышит тишиной",
    ),
    ("Сад весною расцветёт", "Яблонь белый хоровод", "Дети ветви берегут", "Птицы песни им поют"),
    (
        "Хор собрался в дальний путь",
        "Чтоб на город свой взглянуть",
        "Песню старую споёт",
        "Приз домой он привезёт",
    ),
)
PROSE = (
    "Об этом рассказали в администрации города, где работы начались ещё прошлой весной. Номер {n}."
)


def samples(*pages: str) -> list[Sample]:
    return [
        Sample(page.encode(), f"https://gorod.example/news/{n}.html", wording=TITLES[n])
        for n, page in enumerate(pages)
    ]


def usual(n: int) -> str:
    return article_page(
        Story(f"{n}", TITLES[n], "\n".join(PROSE.format(n=10 * n + m) for m in range(3)))
    )


def poem(n: int) -> str:
    """Return a page whose text has no sentences, beside links with many."""
    lines = "<br>".join(VERSES[n] * 2)
    return (
        f"<title>{TITLES[n]}</title><h1>{TITLES[n]}</h1><div class='verses'>{lines}</div>"
        f"<div class='others'>{''.join(f'<a href=/{title}>{title}</a>' for title in TITLES)}</div>"
        "<div class='about'>О нас и о газете</div>"
    )


def test_what_comes_out_right_needs_no_selectors() -> None:
    reading = read_samples(samples(*map(usual, range(3))))
    assert reading.selectors == Selectors()
    assert reading.is_sound
    assert [item.title for item in reading.items] == list(TITLES)


def test_a_text_that_is_not_found_gets_the_box_that_differs_most_from_page_to_page() -> None:
    reading = read_samples(samples(*map(poem, range(3))))
    assert reading.selectors == Selectors(text="div.verses")
    assert reading.is_sound
    assert [item.text.split("\n")[0] for item in reading.items] == [lines[0] for lines in VERSES]


def test_the_name_of_the_site_is_no_headline() -> None:
    def page(n: int) -> str:
        return (
            usual(n)
            .replace(f"<h1>{TITLES[n]}</h1>", f"<h1>Вестник</h1><p class='zag'>{TITLES[n]}</p>")
            .replace(f"<title>{TITLES[n]}</title>", "<title>Вестник</title>")
        )

    reading = read_samples(samples(*map(page, range(3))))

    assert reading.selectors.title == "p.zag"
    assert [item.title for item in reading.items] == list(TITLES)


def test_pages_that_all_say_the_same_are_not_sound() -> None:
    page = "<h1>Сайт временно не работает</h1><p>Приходите завтра.</p>"
    reading = read_samples(samples(page, page, page))
    assert not reading.is_sound
    assert reading.selectors == Selectors()


def test_one_page_alone_says_nothing_about_the_others() -> None:
    assert read_samples(samples(poem(0))).selectors == Selectors()
