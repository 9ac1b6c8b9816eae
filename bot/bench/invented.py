"""Invented news sites of three makes: as large and as untidy as real ones, the same every time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta, timezone
from random import Random

from scrapers import Selectors

SELECTORS = Selectors(link="a.headline", title="h1", text=".story p", published=".when")
"""Where the parts of any of these pages are."""

PLACEHOLDER = "7777777"
"""Stands in an article for its number, which a server may put in its place."""

_WHO = (
    *("Строители", "Школьники", "Жители села", "Работники библиотеки", "Дорожники", "Садоводы"),
    *("Музыканты оркестра", "Юные хоккеисты", "Учителя", "Волонтёры", "Пекари", "Лесники"),
)
_DID = (
    *("открыли", "отремонтировали", "украсили", "привели в порядок", "показали соседям"),
    *("построили заново", "подготовили к зиме", "расширили", "передали району", "вернули городу"),
)
_WHAT = (
    *("пешеходный мост через реку", "двор третьей школы", "старую водонапорную башню"),
    *("сквер у вокзала", "зал дома культуры", "сельскую пекарню", "лыжную трассу за посёлком"),
    *("ледовую площадку", "читальный зал", "автобусную остановку", "яблоневый сад", "пристань"),
)
_HOW = (
    *("на две недели раньше срока", "без единого выходного", "на деньги района и жителей"),
    *("вместе с соседями из Заречья", "к большому празднику", "впервые за двадцать лет"),
    *("несмотря на дожди и холода", "по проекту местного архитектора", "своими силами"),
)
_MORE = (
    "Работы начались ещё осенью, и с тех пор на площадке не останавливались ни на день.",
    "«Мы долго этого ждали, и вот всё получилось», — рассказали участники.",
    "В администрации района подтвердили, что осенью работу продолжат.",
    "Первыми всё увидели дети из соседнего двора.",
    "На это ушло около трёхсот тысяч рублей.",
)
_START = datetime(2024, 3, 1, 9, tzinfo=timezone(timedelta(hours=3)))
_MENU = ("Новости", "Общество", "Культура", "Спорт", "Экономика", "Погода", "Афиша", "О редакции")


def headline(random: Random) -> str:
    """Return an invented headline."""
    return " ".join(map(random.choice, (_WHO, _DID, _WHAT, _HOW)))


def article(number: int) -> bytes:
    """Return the page of an article, 30 to 60 kB; the make and the words follow ``number``."""
    random = Random(number)  # noqa: S311
    make = _MAKES[number % len(_MAKES)]
    paragraphs = [_paragraph(random) for _ in range(random.randint(4, 14))]
    return make(random, f"{headline(random)} {PLACEHOLDER}", paragraphs)


def front_page(site: int, addresses: Iterable[str]) -> bytes:
    """Return the page of a site that links to its articles."""
    random = Random(site)  # noqa: S311
    news = "".join(
        f'<li class="item"><span class="day">12.03.2024</span> <a class="headline" '
        f'href="{address}">{headline(random)}</a><p>{_paragraph(random)}</p></li>'
        for address in addresses
    )
    body = f'<div class="top">{_menu(random)}</div><ul class="news">{news}</ul>{_aside(random)}'
    return _page("Вести района", "", body, random).encode()


def _theme(random: Random, title: str, paragraphs: Sequence[str]) -> bytes:
    """A theme of a blog engine: JSON-LD, OpenGraph, widgets, comments."""
    moment = _moment(random).isoformat()
    data = {"@type": "NewsArticle", "headline": title, "datePublished": moment}
    head = (
        f'<meta property="og:title" content="{title}">'
        f'<meta property="article:published_time" content="{moment}">'
        f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'
    )
    body = (
        f'<header class="site-header">{_menu(random)}</header><main><article class="post">'
        f'<h1 class="entry-title">{title}</h1><div class="entry-meta"><time class="when" '
        f'datetime="{moment}">12 марта 2024</time></div><div class="entry-content story">'
        f"{_paragraphs(paragraphs)}</div></article>{_comments(random)}</main>{_aside(random)}"
    )
    return _page(f"{title} - Вести района", head, body, random).encode()


def _tables(random: Random, title: str, paragraphs: Sequence[str]) -> bytes:
    """Tables in tables and fonts, in windows-1251."""
    body = (
        f'<table width="100%"><tr><td width="200">{_menu(random)}</td><td><table><tr>'
        f'<td class="story"><h1><font size="4">{title}</font></h1><font class="when" size="1">'
        f"{_moment(random):%d.%m.%Y %H:%M}</font>{_paragraphs(paragraphs)}</td></tr></table></td>"
        f"<td>{_aside(random)}</td></tr></table>"
    )
    head = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'
    return _page(f"Вести :: {title}", head, body, random).encode("cp1251", "xmlcharrefreplace")


def _portal(random: Random, title: str, paragraphs: Sequence[str]) -> bytes:
    """A portal: blocks in blocks, sections, advertising within the text."""
    moment = _moment(random)
    middle = len(paragraphs) // 2
    halves = (_paragraphs(paragraphs[:middle]), _paragraphs(paragraphs[middle:]))
    body = (
        f'<div class="wrapper"><div class="header">{_menu(random)}</div><div class="content">'
        f'<div class="detail"><h1>{title}</h1><div class="info"><span class="when">'
        f'{moment:%d.%m.%Y %H:%M}</span></div><div class="detail-text story">{halves[0]}'
        f'<div class="adv">Реклама</div>{halves[1]}</div></div>{_comments(random)}</div>'
        f'<div class="sidebar">{_aside(random)}</div></div>'
    )
    head = f'<meta property="og:title" content="{title}">'
    return _page(f"{title} | Портал района", head, body, random).encode()


_MAKES: Sequence[Callable[[Random, str, Sequence[str]], bytes]] = (_theme, _tables, _portal)


def _page(title: str, head: str, body: str, random: Random) -> str:
    style = "".join(f".c{n}{{margin:{n % 9}px;color:#{n:03d}}}" for n in range(200))
    return (
        f"<!DOCTYPE html><html><head>{head}<title>{title}</title><style>{style}</style>"
        f"{_script(random)}</head><body>{body}<footer>Вести района, 2024. При перепечатке ссылка "
        f"обязательна. {_script(random)}</footer></body></html>"
    )


def _script(random: Random) -> str:
    numbers = ",".join(str(random.randint(0, 99_999)) for _ in range(800))
    return f"<script>var counter = [{numbers}]; if (1 < 2) {{ show(counter); }}</script>"


def _menu(random: Random) -> str:
    sections = "".join(
        f'<li><a href="/{number}/">{name}</a><ul>'
        + "".join(f'<li><a href="/{number}/{n}/">{name}: {n}</a></li>' for n in range(6))
        + "</ul></li>"
        for number, name in enumerate(_MENU)
    )
    return f'<ul class="menu">{sections}</ul><form><input name="q"></form>{_script(random)}'


def _aside(random: Random) -> str:
    links = "".join(
        f'<div class="card"><a href="/photo/{random.randint(1, 9999)}"><img src="/p/{n}.jpg" '
        f'alt=""></a><span>{random.randint(1, 999)}</span><a href="/photo/{n}">'
        f"{headline(random)}</a></div>"
        for n in range(30)
    )
    return f'<div class="popular"><h3>Читайте также</h3>{links}</div>'


def _comments(random: Random) -> str:
    said = "".join(
        f'<div class="comment" id="c{n}"><b>Гость {n}</b> <i>вчера</i><div>{_paragraph(random)}'
        "</div><a>Ответить</a></div>"
        for n in range(random.randint(0, 25))
    )
    return f'<div class="comments"><h3>Комментарии</h3>{said}</div>'


def _paragraphs(paragraphs: Iterable[str]) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _paragraph(random: Random) -> str:
    return f"{headline(random)}. {random.choice(_MORE)} {headline(random)}. {random.choice(_MORE)}"


def _moment(random: Random) -> datetime:
    return _START + timedelta(minutes=random.randint(0, 20_000))
