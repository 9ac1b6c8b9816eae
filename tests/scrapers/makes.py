"""Invented pages of news sites of many makes, all with the same article on them."""

from __future__ import annotations

TITLE = "В Заречье открыли пешеходный мост через Каменку"
LEAD = "Мост строили два года, и теперь дорога от вокзала до школы занимает семь минут."
BODY = (
    "Ленту на новом мосту перерезали в субботу утром. Первыми по нему прошли ученики"
    " третьей школы, которым раньше приходилось ездить в объезд через станцию.",
    "«Мы ждали этого девять лет», — рассказала учительница местной школы.",
    "Настил сделали из лиственницы, перила покрасили в зелёный цвет. Освещение"
    " включается само, как только начинает смеркаться, и гаснет с рассветом.",
    "Осенью рядом с мостом посадят аллею из рябин и поставят скамейки.",
)
TEXT = "\n".join(BODY)
WITH_LEAD = f"{LEAD}\n{TEXT}"
SITE = "Вестник Заречья"

OTHERS = (
    "В парке заработал фонтан после долгого ремонта",
    "Школьники победили на областной олимпиаде по физике",
    "Библиотека на Садовой улице ждёт читателей в выходные",
    "Хор ветеранов едет на конкурс в соседнюю область",
    "На площади посадили сорок молодых лип",
)
MENU = "".join(
    f'<li><a href="/{number}/">{name}</a></li>'
    for number, name in enumerate(
        ("Главная", "Новости", "Общество", "Культура", "Спорт", "Объявления", "Контакты")
    )
)
PARAGRAPHS = "".join(f"<p>{paragraph}</p>\n" for paragraph in BODY)


def others(pattern: str) -> str:
    """Return other news, each as ``pattern`` has it."""
    return "".join(pattern.format(title=title, number=n) for n, title in enumerate(OTHERS, 501))


def wordpress() -> str:
    """Return a page with sharing, tags, an author's box, comments and a sidebar of a theme."""
    return f"""<html lang="ru-RU"><head><title>{TITLE} - {SITE}</title>
<meta property="og:title" content="{TITLE} - {SITE}"><meta property="og:site_name" content="{SITE}">
<meta property="article:published_time" content="2023-03-04T22:15:00+00:00">
<meta property="article:modified_time" content="2023-03-09T08:00:00+00:00"></head>
<body class="single single-post postid-77 has-sidebar comments-open">
<header id="masthead"><div class="site-title"><a href="/">{SITE}</a></div><ul class="menu">{MENU}</ul></header>
<div id="primary"><article id="post-77" class="post-77 post type-post status-publish tag-most hentry">
<header class="entry-header"><h1 class="entry-title">{TITLE}</h1>
<div class="entry-meta"><span class="posted-on">Опубликовано <time datetime="2023-03-05T01:15:00+03:00">05.03.2023</time>
</span><span class="byline">автор: <a href="/author/1">Редакция</a></span> <span class="views">418</span></div></header>
<div class="entry-content"><figure class="wp-caption"><img src="/m.jpg">
<figcaption class="wp-caption-text">Мост в день открытия. Фото: администрация</figcaption></figure>
{PARAGRAPHS.replace("</p>", "</p><p><strong>Читайте также:</strong> <a href='/501'>" + OTHERS[0] + "</a></p>", 1)}
<div class="sharedaddy"><h3>Поделиться ссылкой:</h3><ul><li><a href="#">ВКонтакте</a></li></ul></div>
<div class="jp-relatedposts"><h3>Похожее</h3>{others("<p><a href='/{number}'>{title}</a></p>")}</div></div>
<footer class="entry-footer"><span class="tags-links">Метки: <a href="/tag/1">мост</a>, <a href="/tag/2">Заречье</a></span></footer>
</article><nav class="post-navigation"><a href="/501">Предыдущая запись: {OTHERS[1]}</a></nav>
<div id="comments"><h2 class="comments-title">2 комментария</h2><ol class="comment-list"><li class="comment">
<p>Наконец-то! Ходила сегодня с внуками, очень красиво, спасибо строителям за работу. А перила всё же надо повыше.</p></li>
<li class="comment"><p>А когда отремонтируют дорогу к станции? Обещали ещё в прошлом году, но воз и ныне там.</p></li></ol></div>
</div><aside id="secondary" class="widget-area"><section class="widget"><h2>Свежие записи</h2><ul>
{others("<li><a href='/{number}'>{title}</a></li>")}</ul></section></aside>
<footer id="colophon">© {SITE}, 2023. При полном или частичном использовании материалов ссылка обязательна.</footer></body></html>"""


def bitrix() -> str:
    """Return a page of news.detail: bare text with <br>, microdata of the list beside it."""
    text = "<br />\n<br />\n".join(BODY)
    cards = others(
        '<div class="news-item" itemscope><span class="news-date-time">06.03.2023</span>'
        '<a href="/news/{number}/">{title}</a><p>Подробности этой истории читайте на нашем сайте, она того стоит.</p></div>'
    )
    return f"""<html><head><title>{TITLE}</title></head><body><div id="panel"></div>
<div class="header"><div class="today">Сегодня: среда, 15 мая 2024 г.</div><ul class="top-menu">{MENU}</ul></div>
<div class="bx-breadcrumb"><a href="/">Главная</a> / <a href="/news/">Новости</a> / <span>{TITLE}</span></div>
<div class="left-column"><h3>Лента новостей</h3>{cards}</div>
<div class="workarea"><h1 id="pagetitle">{TITLE}</h1><div class="news-detail">
<img class="detail_picture" src="/upload/m.jpg"><span class="news-date-time">05.03.2023</span>
<div class="news-detail-text">{text}</div><div style="clear:both"></div>
<div class="news-detail-share">Поделиться: <a href="#">VK</a></div></div>
<p><a href="/news/">Возврат к списку</a></p></div>
<div class="footer">© 2005-2024 {SITE}. Все права защищены. Использование материалов только с согласия редакции.</div>
</body></html>"""


def datalife() -> str:
    """Return a page of DLE: the short stories of other news around the full one."""
    short = others(
        '<div class="shortstory"><h2><a href="/{number}-x.html">{title}</a></h2>'
        "<div>Сегодня стало известно, что это событие состоялось. Об этом рассказали жители города.</div></div>"
    )
    return f"""<html><head><title>{TITLE} » {SITE} - новости города</title>
<meta property="og:title" content="{TITLE}"></head><body><div id="menu"><ul>{MENU}</ul></div>
<div id="dle-content"><div class="fullstory"><h2 class="title">{TITLE}</h2>
<div class="info">5-03-2023, 10:15 | <a href="/obshestvo/">Общество</a> | Просмотров: 1 203</div>
<div class="full-text"><div id="news-id-77"><!--dle_image_begin--><img src="/uploads/m.jpg" alt=""><!--dle_image_end--><br>
{"<br><br>".join(BODY)}</div></div>
<div class="fullstory-quote">Если вы обнаружили ошибку в тексте, выделите её и нажмите Ctrl+Enter</div>
<div class="rel"><b>Другие новости по теме:</b><ul>{others("<li><a href='/{number}-x.html'>{title}</a></li>")}</ul></div></div>
{short}
<div id="dle-comments-list"><div class="comment-text">Ходил вчера, всё понравилось, но освещение почему-то пока не работает, надеюсь починят.</div></div>
<div class="berrors"><b>Информация</b><br>Посетители, находящиеся в группе Гости, не могут оставлять комментарии к данной публикации.</div>
</div></body></html>"""


def tables() -> str:
    """Return a page of 2005: tables in tables, fonts, no heading at all."""
    left = others("<tr><td><font size=1>03.06.2024</font><br><a href='news.php?id={number}'>{title}</a></td></tr>")
    text = "".join(f"&nbsp;&nbsp;&nbsp;{paragraph}<br>" for paragraph in BODY)
    return f"""<html><head><title>{SITE} :: {TITLE}</title></head><body bgcolor=white><table width=100%>
<tr><td colspan=3><img src=logo.gif><font color=red>04 июня 2024 года, вторник</font></td></tr>
<tr><td valign=top width=150><table>{left}</table></td>
<td valign=top><table width=100%><tr><td><font size=2>05.03.2023</font></td></tr>
<tr><td><font size=4><b>{TITLE}</b></font></td></tr>
<tr><td><img src=m.jpg align=left>{text}<div align=right><i>Пётр ЗАРЕЧНЫЙ</i></div></td></tr>
<tr><td><a href=print.php?id=77>Версия для печати</a> | <a href=news.php>Все новости</a></td></tr></table></td>
<td valign=top><b>Погода</b><br>Днём +5, ветер слабый, к вечеру возможен небольшой дождь, ночью туман.</td></tr>
<tr><td colspan=3>Копирование материалов разрешено только со ссылкой на сайт. <a href=counter.cgi>Счётчик</a></td></tr></table>"""


def react() -> str:
    """Return a page whose text is in its linked data only."""
    body = TEXT.replace("\n", "\\n")
    return f"""<html><head><title>{TITLE} | {SITE}</title><meta property="og:title" content="{TITLE}">
<script type="application/ld+json">{{"@context":"https://schema.org","@graph":[{{"@type":"WebSite","name":"{SITE}"}},
{{"@type":"NewsArticle","headline":"{TITLE}","datePublished":"2023-03-05T10:15:00+03:00","articleBody":"{body}",
"image":{{"@type":"ImageObject","url":"/m.jpg"}}}}]}}</script></head>
<body><noscript>Для работы сайта включите JavaScript в настройках браузера, пожалуйста.</noscript><div id="root"></div>
<script src="/bundle.js"></script></body></html>"""


def hashed() -> str:
    """Return a page of a single-page application: names of classes that say nothing."""
    blocks = "".join(f'<div class="c-a8f2 e3"><div class="q1"><p>{p}</p></div></div>' for p in BODY)
    middle = '<div class="c-77aa"><a href="/501"><div>Читайте также</div><span>' + OTHERS[2] + "</span></a></div>"
    blocks = blocks.replace('<div class="c-a8f2 e3">', middle + '<div class="c-a8f2 e3">').replace(middle, "", 2)
    return f"""<html><head><title>{TITLE}</title><meta property="og:title" content="{TITLE}">
<meta property="og:type" content="article"></head><body><div id="__next"><div class="k9">{MENU}</div>
<main><div class="z0"><div class="z1"><a href="/obshestvo">Общество</a><span>5 марта 2023, 10:15</span></div>
<h1 class="z2">{TITLE}</h1><p class="z3">{LEAD}</p><div class="z4"><img src="/m.jpg"><div class="z5">Новый мост</div></div>
{blocks}<div class="z9"><div>Поделиться</div><button>VK</button></div></div>
<div class="y0"><h2>Лента новостей</h2>{others('<a class="y1" href="/{number}"><span>09:30</span><div>{title}</div></a>')}</div>
</main></div><div class="m0">Мы используем файлы cookie, чтобы сделать сайт удобнее. <button>Хорошо</button></div></body></html>"""


def tilda() -> str:
    """Return a page of a page builder: a box in a box for each paragraph."""
    blocks = "".join(
        f'<div id="rec{n}" class="r t-rec"><div class="t106"><div class="t-container"><div field="text" class="t-text t-text_md">{p}'
        "</div></div></div></div>"
        for n, p in enumerate(BODY, 31)
    )
    return f"""<html><head><title>{TITLE}</title></head><body class="t-body"><div id="allrecords" class="t-records">
<div class="t-rec t-menu"><ul>{MENU}</ul></div>
<div id="rec30" class="r t-rec"><div class="t-cover"><div class="t-uptitle">5 марта 2023</div><h1 class="t-title">{TITLE}</h1></div></div>
{blocks}
<div id="rec50" class="r t-rec"><div class="t-form"><div class="t-title">Подпишитесь на рассылку</div><form><input name="e">
<button>Подписаться</button><div class="t-text">Нажимая на кнопку, вы соглашаетесь с политикой обработки персональных данных.</div></form></div></div>
</div></body></html>"""


def regional() -> str:
    """Return a page full of calls: to subscribe, to report a mistake, to send news, to read on."""
    middle = (
        "<p><b>По теме:</b> <a href='/502'>" + OTHERS[1] + "</a></p>"
        '<div class="ad-label">Реклама. ООО «Ромашка». erid: 2Vtzqx</div>'
    )
    return f"""<html><head><title>{TITLE} | {SITE} | Новости</title></head><body><div class="top">Курс валют: 75,30 | Погода +5</div>
<ul class="nav">{MENU}</ul><div class="container"><div class="row"><div class="col-8 material"><div class="material__info">
<span>10:15, 05 марта 2023</span> <span>Общество</span> <span>12+</span></div><h1>{TITLE}</h1>
<div class="material__lead">{LEAD}</div><div class="material__photo"><img src="/m.jpg"><p>Фото: пресс-служба округа</p></div>
<div class="material__text">{PARAGRAPHS.replace("</p>", "</p>" + middle, 1)}
<p><i>Подписывайтесь на наш <a href="https://t.me/x">Telegram-канал</a>, чтобы первыми узнавать новости.</i></p>
<p>Нашли опечатку в тексте? Выделите её и нажмите Ctrl+Enter.</p></div>
<p>Автор: Пётр Заречный</p><div class="material__tags">Теги: <a href="/t/1">мост</a> <a href="/t/2">Каменка</a></div>
<div>Стали очевидцем интересного события? Присылайте фото и видео в редакцию: 8 (000) 000-00-00.</div>
<h3>Новости по теме</h3><div class="more">{others("<div><a href='/{number}'>{title}</a><span>4 марта</span></div>")}</div>
<h3>Комментарии (2)</h3><div><b>Гость</b> 06.03.2023<br>Очень нужный мост, наконец-то дождались, спасибо всем, кто его строил эти годы.</div></div>
<div class="col-4"><h3>Самое читаемое</h3>{others("<p><a href='/{number}'>{title}</a></p>")}</div></div></div>
<footer>Сетевое издание «{SITE}». Зарегистрировано Роскомнадзором. Учредитель: администрация. Главный редактор: Иванов.</footer></body></html>"""


def endless() -> str:
    """Return a page that goes on with the next article below the first."""
    second = "".join(f"<p>{p}</p>" for p in (
        "Фонтан в парке молчал с прошлой осени, пока меняли трубы и насосы. Теперь он снова бьёт.",
        "Включать его будут каждый день с десяти утра до десяти вечера, а по праздникам с подсветкой, рассказали в мэрии.",
        "Заодно в парке заменили скамейки и поставили новые урны, а дорожки посыпали мелким гравием.",
        "Осенью здесь появится каток, на котором смогут кататься сразу двести человек, и прокат коньков.",
    ))
    return f"""<html><head><title>{TITLE}</title><meta property="og:title" content="{TITLE}"></head><body><ul>{MENU}</ul><main>
<article class="story"><h1>{TITLE}</h1><time datetime="2023-03-05T10:15:00+03:00">5 марта</time><p class="intro">{LEAD}</p>{PARAGRAPHS}</article>
<article class="story"><h1>{OTHERS[0]}</h1><time datetime="2023-03-04T09:00:00+03:00">4 марта</time>{second}</article>
</main></body></html>"""


def joomla() -> str:
    """Return a page with an intro and the rest in two boxes, and details in a list."""
    return f"""<html><head><title>{TITLE}</title></head><body><div class="moduletable"><h3>Меню</h3><ul>{MENU}</ul></div>
<div class="item-page" itemscope itemtype="https://schema.org/Article"><div class="page-header"><h2 itemprop="headline">{TITLE}</h2></div>
<dl class="article-info muted"><dt>Подробности</dt><dd class="category-name">Категория: <a href="/n">Новости</a></dd>
<dd class="published">Опубликовано: <time datetime="2023-03-05T10:15:00+03:00" itemprop="datePublished">05 марта 2023</time></dd>
<dd class="modified">Обновлено: 09 марта 2023</dd><dd class="hits">Просмотров: 311</dd></dl>
<div class="itemIntroText"><p>{LEAD}</p></div><div class="itemFullText" itemprop="articleBody">{PARAGRAPHS}</div>
<ul class="pager"><li><a href="/500">Назад</a></li><li><a href="/502">Вперёд</a></li></ul></div>
<div class="moduletable"><h3>Последние новости</h3><ul>{others("<li><a href='/{number}'>{title}</a></li>")}</ul></div></body></html>"""


def instant_view() -> str:
    """Return a plain page as instant views have it: an article, an address, paragraphs."""
    return f"""<html><head><meta charset="utf-8"><meta property="og:title" content="{TITLE}">
<meta property="article:published_time" content="2023-03-05T10:15:00+0300"><title>{TITLE}</title></head><body>
<article><h1>{TITLE}</h1><address><time datetime="2023-03-05T10:15:00+03:00">5 Mar 2023, 10:15</time> by <a rel="author">Вестник</a></address>
<figure><img src="/m.jpg"><figcaption>Мост</figcaption></figure>{PARAGRAPHS}</article></body></html>"""


def columnist() -> str:
    """Return a page whose boxes are all named for the author."""
    return f"""<html><head><title>{TITLE}</title></head><body><ul>{MENU}</ul><div class="author-column"><div class="author-column__author">Пётр Заречный</div>
<h1 class="author-column__title">{TITLE}</h1><div class="author-column__date">5 марта 2023</div>
<div class="author-column__text">{PARAGRAPHS}</div></div></body></html>"""


def split_by_advertising() -> str:
    """Return a page whose text is cut in pieces by boxes of other things with many links."""
    halves = [f'<div class="text-piece"><p>{a}</p><p>{b}</p></div>' for a, b in (BODY[:2], BODY[2:])]
    block = '<div class="inline-stuff">' + others("<a href='/{number}'>{title}</a> ") * 2 + "</div>"
    return f"""<html><head><title>{TITLE}</title></head><body><ul>{MENU}</ul><div class="page"><h1>{TITLE}</h1>
<div>05.03.2023 10:15</div>{block.join(halves)}{block}</div></body></html>"""


MAKES = {
    wordpress: TEXT,
    bitrix: TEXT,
    datalife: TEXT,
    tables: f"{TEXT}\nПётр ЗАРЕЧНЫЙ",
    react: TEXT,
    hashed: WITH_LEAD,
    tilda: TEXT,
    regional: WITH_LEAD,
    endless: WITH_LEAD,
    joomla: WITH_LEAD,
    instant_view: TEXT,
    columnist: TEXT,
    split_by_advertising: TEXT,
}
