"""Invented front pages of news sites of many makes, each with the articles it links to."""

from __future__ import annotations

from collections.abc import Callable, Iterable

URL = "https://zarechye.example/"
HEADLINES = (
    "В Заречье открыли пешеходный мост через Каменку",
    "Школьники победили на областной олимпиаде по физике",
    "Библиотека на Садовой улице ждёт читателей в выходные",
    "Хор ветеранов едет на конкурс в соседнюю область",
    "На площади у вокзала посадили сорок молодых лип",
    "Фонтан в городском парке заработал после ремонта",
    "Фермеры привезли на ярмарку мёд и яблоки",
    "Новый автобус свяжет станцию с больничным городком",
    "Юные хоккеисты вернулись с турнира с кубком",
    "В доме культуры покажут спектакль о мельнике",
    "Зимний сад примет первых гостей уже в субботу",
    "Почтовое отделение на Речной улице открылось снова",
)
POPULAR = (
    "Кот Василий вернулся домой через семь лет",
    "Сколько стоит участок у реки этим летом",
    "Где в Заречье искать грибы после дождя",
    "Дворник собрал коллекцию из тысячи чайников",
    "Как бабушка научила весь двор играть в шахматы",
    "Почему старую водокачку не снесут никогда",
)
MENU = ("Главная", "Общество", "Культура", "Спорт", "Объявления", "Жизнь города и района", "О редакции и сайте")
COUNT = len(HEADLINES)

Front = tuple[str, list[str]]


def _menu(pattern: str = '<li><a href="/{path}/">{name}</a></li>') -> str:
    paths = ("", "obshchestvo", "kultura", "sport", "adv", "zhizn-goroda-i-rajona", "about")
    return "".join(pattern.format(path=p, name=n) for p, n in zip(paths, MENU, strict=True))


def _each(pattern: str, titles: Iterable[str] = HEADLINES, start: int = 4100) -> str:
    return "".join(
        pattern.format(n=n, title=title, day=n % 28 + 1, minute=n % 50 + 10)
        for n, title in enumerate(titles, start)
    )


def _addresses(pattern: str, count: int = COUNT, start: int = 4100) -> list[str]:
    return [URL + pattern.format(n=n) for n in range(start, start + count)]


def tables() -> Front:
    """A page of 2005: tables in tables, fonts, scripts with numbers, no class at all."""
    rows = _each(
        "<tr><td valign=top><font size=1>{day:02}.03.2005</font></td><td><a href=show.php?id={n}>"
        "<font size=2><b>{title}</b></font></a><br><font size=1>Подробности этой истории мы узнали первыми и"
        " спешим рассказать о них читателям.</font> <a href=show.php?id={n}&print=1>Версия для печати</a></td></tr>"
    )
    menu = _menu("<tr><td><a href=section.php?name={path}><font color=white>{name}</font></a></td></tr>")
    page = (
        f"<html><head><title>Вестник</title></head><body bgcolor=white><table width=100%><tr><td colspan=3><a href=index.php>"
        f"<img src=logo.gif></a></td></tr><tr><td width=150 bgcolor=navy><table>{menu}</table></td><td><table>{rows}</table>"
        "<a href=archive.php?page=2>Предыдущие новости за март</a></td><td width=150><table><tr><td><b>Погода</b><br>Днём +5"
        "</td></tr><tr><td><a href=http://counter.example/?id=12345><img src=counter.gif></a></td></tr></table></td></tr>"
        "<tr><td colspan=3><a href=mailto:a@b.example>Напишите нам письмо</a> <a href=rules.html>Правила сайта</a></td></tr></table>"
    )
    return page, _addresses("show.php?id={n}")


def wordpress() -> Front:
    """A theme: posts with a picture, a headline, tags, author, "read more"; widgets beside."""
    posts = _each(
        '<article id="post-{n}" class="post-{n} post type-post status-publish format-standard category-society tag-most hentry">'
        '<a class="post-thumbnail" href="/2024/03/zarechye-novost-nomer-{n}/"><img src="/i/{n}.jpg"></a>'
        '<header class="entry-header"><h2 class="entry-title"><a href="/2024/03/zarechye-novost-nomer-{n}/" rel="bookmark">{title}</a></h2>'
        '<div class="entry-meta"><a href="/author/redaktsiya-gazety-vestnik/">Редакция газеты Вестник</a> <time>{day} марта 2024</time>'
        '<a href="/category/zhizn-goroda-zarechye/">Жизнь города Заречье</a></div></header>'
        '<p>Короткий рассказ о том, что случилось. <a class="more-link" href="/2024/03/zarechye-novost-nomer-{n}/">Читать далее</a></p></article>'
    )
    widget = _each("<li><a href='/2023/01/popular-post-nomer-{n}/'>{title}</a></li>", POPULAR, 900)
    comments = _each("<li>Гость к записи <a href='/2022/01/old-post-nomer-{n}/#comment-5'>{title}</a></li>", POPULAR, 700)
    page = (
        f'<html lang="ru-RU"><head><title>Вестник</title></head><body class="home blog has-sidebar"><header id="masthead">'
        f'<div class="site-title"><a href="/">Вестник</a></div><ul class="main-menu">{_menu()}</ul></header><div id="primary"><main>{posts}'
        '<div class="nav-links"><a href="/page/2/">Следующая страница записей сайта</a></div></main></div>'
        f'<aside id="secondary" class="widget-area"><section class="widget"><h2 class="widget-title">Популярное</h2><ul>{widget}</ul></section>'
        f'<section class="widget"><h2 class="widget-title">Свежие комментарии</h2><ul class="recent-comments">{comments}</ul></section></aside>'
        '<footer id="colophon"><a href="/politika-obrabotki-personalnyh-dannyh/">Политика обработки персональных данных</a></footer></body></html>'
    )
    return page, _addresses("2024/03/zarechye-novost-nomer-{n}/")


def bitrix() -> Front:
    """A list of news of Bitrix: date, headline, teaser; a left menu of long names; banners."""
    items = _each(
        '<div class="news-item" id="bx_3218110189_{n}"><span class="news-date-time">{day:02}.03.2024</span> '
        '<a href="/news/detail/{n}/"><b>{title}</b></a><br>Подробности этой истории читайте на нашем сайте.<div style="clear:both"></div></div>'
    )
    page = (
        f'<html><head><title>Новости</title></head><body><div id="panel"></div><ul class="top-menu">{_menu()}</ul>'
        '<div class="left-column"><ul class="left-menu"><li><a href="/city/history-of-the-city/">История нашего города</a></li>'
        '<li><a href="/city/deputies-of-the-council/">Депутаты городского совета округа</a></li></ul>'
        '<div class="banner"><a href="/bitrix/rk.php?id=1234&goto=https%3A%2F%2Fokna.example">Купите окна со скидкой сегодня</a></div></div>'
        f'<div class="workarea"><div class="news-list">{items}<font class="text">Новости 1 - 12 из 340<br><a href="/news/?PAGEN_1=2">След.</a></font>'
        '</div></div><div class="footer">© Вестник</div></body></html>'
    )
    return page, _addresses("news/detail/{n}/")


def cards() -> Front:
    """Cards that link thrice: the picture, the headline, the teaser; and to section and comments."""
    made = _each(
        '<div class="b-card"><a class="b-card__pic" href="/news/{n}.html"><img src="/{n}.jpg"></a>'
        '<a class="b-card__rubric" href="/rubric/obshchestvo-goroda">Общество и город сегодня</a>'
        '<h3 class="b-card__title"><a href="/news/{n}.html">{title}</a></h3>'
        '<a class="b-card__text" href="/news/{n}.html?from=main">Об этом рассказали жители города, а корреспондент всё проверил на месте.</a>'
        '<a class="b-card__comments" href="/news/{n}.html#comments">12 комментариев читателей</a></div>'
    )
    page = f'<html><body><div class="b-menu"><ul>{_menu()}</ul></div><div class="b-feed">{made}</div></body></html>'
    return page, _addresses("news/{n}.html")


def popular_alike() -> Front:
    """Two blocks of one make: news, and what was read most; only the headings tell them apart."""
    item = '<li class="list__item"><a class="list__link" href="/news/{n}">{title}</a></li>'
    page = (
        f'<html><body><div class="header"><nav><ul>{_menu()}</ul></nav></div><div class="columns"><div class="block">'
        f'<div class="block__title">Новости</div><ul class="list">{_each(item)}</ul></div><div class="block"><div class="block__title">'
        f'Самое читаемое</div><ul class="list">{_each(item, POPULAR, 200)}</ul></div><div class="block"><div class="block__title">'
        f'Новости партнёров</div><ul class="list">{_each(item, POPULAR, 300)}</ul></div></div></body></html>'
    )
    return page, _addresses("news/{n}")


def relative() -> Front:
    """Relative links of a page in a folder, each article linked twice with and without tracking."""
    items = _each(
        '<dt>{day} марта, 10:{minute}</dt><dd><a href="novosti/{n}.shtml">{title}</a> <a href="./novosti/{n}.shtml?utm_source=main">далее…</a></dd>'
    )
    page = f'<html><body><div class="menu">{_menu("<a href=./{path}/>{name}</a> ")}</div><dl class="novosti">{items}</dl></body></html>'
    return page, _addresses("novosti/{n}.shtml")


def base_href() -> Front:
    """Links relative to a base that is not the page's address."""
    items = _each('<div class="item"><span>{day:02}.03</span><a href="{n}-gorod-zhivet-novostyami">{title}</a></div>')
    page = (
        f'<html><head><base href="{URL}lenta/"></head><body><ul class="menu">{_menu()}</ul><div class="lenta">{items}</div></body></html>'
    )
    return page, _addresses("lenta/{n}-gorod-zhivet-novostyami")


def endless() -> Front:
    """The rest comes from a JSON address as one scrolls; names of classes made by a machine."""
    items = _each(
        '<a class="css-1x{n}k9 e1a" href="/a/{n}"><div class="css-77aa"><span class="q1">10:{minute}</span><h2 class="css-9z">{title}</h2></div></a>'
    )
    page = (
        f'<html><body><div id="__next"><div class="k9">{_menu()}</div><main><div class="css-a8f2">{items}</div>'
        '<div data-infinite="true" data-url="/api/v1/news?offset=20&limit=20"><button data-url="/api/v1/news?offset=20">Показать ещё новости</button>'
        '</div></main></div><script id="__NEXT_DATA__" type="application/json">{"props":{"next":"/api/v1/news/4111"}}</script></body></html>'
    )
    return page, _addresses("a/{n}")


def buttons() -> Front:
    """Headlines that are no links: only the buttons below them lead anywhere."""
    items = _each(
        '<div class="tile"><h4>{title}</h4><p>{day} марта</p><button class="btn" onclick="location.href=\'/story/{n}\'">Открыть</button></div>'
    )
    page = (
        f'<html><body><ul class="navbar">{_menu()}</ul><div class="tiles">{items}</div>'
        '<div class="subscribe"><h4>Подпишитесь на нашу рассылку новостей</h4><button onclick="location.href=\'/mail/2024\'">Подписаться</button></div></body></html>'
    )
    return page, _addresses("story/{n}")


def more_links() -> Front:
    """Headlines beside links that all say the same."""
    items = _each(
        '<div class="row"><div class="cell"><b>{title}</b><div>{day} марта 2024</div><a href="/n/{n}/">Подробнее</a></div></div>'
    )
    return f"<html><body><div class=top>{_menu()}</div>{items}</body></html>", _addresses("n/{n}/")


def english_menu() -> Front:
    """A menu of whole English sentences, in boxes without a telling name."""
    menu = "".join(
        f'<div class="x1"><a href="/{path}">{name}</a></div>'
        for path, name in (
            ("about-our-company-history", "About our company and its long history"),
            ("contact-us-and-our-team", "Contact us and meet our team"),
            ("terms-of-use-of-this-site", "Terms of use of this site"),
            ("privacy-policy-and-cookies", "Privacy policy and cookies we use"),
            ("advertising-with-us-prices", "Advertising with us and our prices"),
        )
    )
    items = _each(
        '<div class="x2"><a href="/news/2024/03/{day:02}/{n}/"><span class="x3">{title}</span></a><i>10:{minute}</i></div>'
    )
    page = f'<html><body><div class="x0">{menu}</div><div class="x9">{items}</div><div class="x0">{menu}</div></body></html>'
    expected = [f"{URL}news/2024/03/{n % 28 + 1:02}/{n}/" for n in range(4100, 4100 + COUNT)]
    return page, expected


def sections() -> Front:
    """A leading story, and blocks of several sections, each with addresses of its own."""
    blocks, expected = [], [f"{URL}glavnoe/4099.html"]
    for place, section in enumerate(("obshchestvo", "kultura", "sport")):
        start = 4100 + 4 * place
        item = f'<li><span class="time">10:{{minute}}</span> <a href="/{section}/{{n}}.html">{{title}}</a></li>'
        titles = HEADLINES[4 * place : 4 * place + 4]
        blocks.append(
            f'<section class="rubric-block"><h2><a href="/{section}/">{section.title()} и другие новости</a></h2><ul class="headlines">'
            f"{_each(item, titles, start)}</ul></section>"
        )
        expected += _addresses(section + "/{n}.html", 4, start)
    page = (
        f'<html><body><nav>{_menu()}</nav><div class="lead-story"><h1><a href="/glavnoe/4099.html">Река Каменка вернулась в свои берега после'
        f' паводка</a></h1></div>{"".join(blocks)}<div class="partners"><a href="https://other.example/news/77777">Новости соседей: читайте на их сайте</a>'
        "</div></body></html>"
    )
    return page, expected


def words_only() -> Front:
    """Addresses without numbers, some of one or two words only."""
    slugs = (
        *("most-cherez-kamenku", "olimpiada-po-fizike", "biblioteka-zhdet-chitatelej", "hor-na-konkurse"),
        *("sorok-lip-u-vokzala", "fontan", "yarmarka-myoda", "novyj-avtobus-do-stantsii", "kubok-yunyh-hokkeistov"),
        *("spektakl-o-melnike", "zimnij-sad", "pochta-na-rechnoj"),
    )
    items = "".join(
        f'<div class="story"><h3 class="story-name"><a href="/{slug}/">{title}</a></h3><span class="story-date">{n} марта</span></div>'
        for n, (slug, title) in enumerate(zip(slugs, HEADLINES, strict=True), 1)
    )
    page = f'<html><body><div class="menu-block">{_menu()}</div><div class="stories">{items}</div></body></html>'
    return page, [f"{URL}{slug}/" for slug in slugs]


def form_around() -> Front:
    """A form around the whole page, and everything inside a box named for its menu."""
    items = _each('<div class="rec"><a href="/Article.aspx?id={n}">{title}</a><span>{day:02}.03.2024</span></div>')
    page = (
        f'<html><body><form action="/Default.aspx"><div class="menu-layout"><div class="menu">{_menu()}</div>'
        f'<div class="records">{items}</div></div></form></body></html>'
    )
    return page, _addresses("Article.aspx?id={n}")


FRONTS: tuple[Callable[[], Front], ...] = (
    *(tables, wordpress, bitrix, cards, popular_alike, relative, base_href, endless, buttons),
    *(more_links, english_menu, sections, words_only, form_around),
)
