"""Templates of posts: what they may say, and what posts they make."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.also import Also, Mention
from bot.markup import links_in
from bot.model import Entry, Reason, RecordedItem
from bot.post_template import BUILT_IN, PostTemplate, TemplateError
from bot.render import (
    CAPTION_LIMIT,
    LIMIT,
    Style,
    plain_text,
    render_post,
    renderer,
    utf16_length,
)
from scrapers import Item
from scrapers.text.dates import parse_date
from tests.emulator import parse_html
from tests.emulator.markup import MarkupError
from tests.emulator.markup import utf16_length as telegrams_length
from tests.store.samples import NOW, verdict

ADDRESS = "https://gazeta.example/news/1?a=1&b=2"
LINKED = '<a href="{{ url }}">{{ title or source }}</a>'
NOON = datetime(2024, 3, 9, 12, 5, tzinfo=timezone.utc)


def item(**fields: object) -> Item:
    told: dict[str, object] = {
        "source": "gazeta",
        "url": ADDRESS,
        "title": "В Заречье открыли мост",
        "text": "Движение пустили утром.",
        "published": NOON,
    }
    return Item(**{**told, **fields})  # type: ignore[arg-type]


def entry(**fields: object) -> Entry:
    recorded = RecordedItem(1, item(**fields), NOW, False, ("Газета",))
    return Entry(recorded, verdict(Reason.GOOD), NOW, None, ())


def test_the_title_is_bold_and_carries_the_link() -> None:
    text, entities = parse_html(render_post(item(), source_name="Газета").html)
    title = (0, utf16_length("В Заречье открыли мост"))
    assert text.startswith("В Заречье открыли мост\n\n")
    assert {(e.type, e.url) for e in entities if (e.offset, e.length) == title} == {
        ("bold", None),
        ("text_link", ADDRESS),
    }


def test_without_a_title_the_source_carries_the_link() -> None:
    text, entities = parse_html(render_post(item(title=""), source_name="Газета").html)
    (linked,) = [e for e in entities if e.url]
    assert (linked.url, linked.length) == (ADDRESS, len("Газета"))
    assert text.startswith("Движение")


def test_the_time_is_told_in_russian_and_in_the_zone_of_the_channel() -> None:
    style = Style(zone=ZoneInfo("Asia/Vladivostok"))
    text, _ = parse_html(render_post(item(), source_name="Газета", style=style).html)
    assert text.endswith("\n\nГазета · 9 марта, 22:05")


def test_a_day_without_a_time_is_the_day_of_the_source_in_every_channel() -> None:
    item_ = item(published=parse_date("9 марта 2024", zone=ZoneInfo("Asia/Yekaterinburg")))
    for zone in ("Europe/Moscow", "Asia/Yekaterinburg", "Asia/Vladivostok"):
        style = Style(zone=ZoneInfo(zone))
        text, _ = parse_html(render_post(item_, source_name="Газета", style=style).html)
        assert text.endswith("\n\nГазета · 9 марта")


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("<b>{{ title }}</b>", "no link to its item"),
        ('<a href="{{ source }}">{{ title }}</a>', "no link to its item"),
        ("{% if published %}" + LINKED + "{% endif %}", "no link to its item"),
        ("{{ url }}", "no link to its item"),
        (LINKED + "{% if %}", "line 1: "),
        (LINKED + "\n{{ titel }}", "^line 2: UndefinedError: 'titel' is undefined"),
        (LINKED + "{{ title.__class__.__mro__ }}", "unsafe"),
        (LINKED + "{{ published.year }}", "has no attribute 'year'"),
        (LINKED + "{{ 1 / 0 }}", "ZeroDivisionError"),
        (LINKED + "<h1>{{ title }}</h1>", "Telegram knows no <h1>"),
        (LINKED + "<b>{{ title }}", "<b> is not closed"),
        (LINKED + "<b><i>{{ title }}</b></i>", "</b> closes what is not open"),
        (LINKED + "{% include '/etc/passwd' %}", "no loader"),
        ('<a href="{{ url }}"></a>{{ title }}', "no link to its item"),
        ('<a href="{{ url }}"> </a>{{ title }}', "no link to its item"),
        (f"<pre>{LINKED}</pre>", "no link to its item"),
        (LINKED + "&nbsp;", "does not know &nbsp;"),
        ('<a href="{{ url }}&laquo;">x</a>' + LINKED, "does not know &laquo;"),
    ],
)
def test_a_template_that_could_not_be_used_is_refused_at_once(template: str, told: str) -> None:
    with pytest.raises(TemplateError, match=told):
        PostTemplate(template)


@pytest.mark.parametrize(
    "part",
    [
        *(
            "<!-- x -->",
            "<!DOCTYPE html>",
            "<?x?>",
            "1 < 2",
            "<b",
            "</b >",
            "<b/>x</b>",
            "< b>x</b>",
        ),
        *("<span>x</span>", "<a href={{ url }}>x</a>", "<b x='>x</b>", '<p class="x">x</p>'),
    ],
)
def test_what_telegram_would_refuse_is_refused_at_once(part: str) -> None:
    with pytest.raises(MarkupError):
        parse_html(f"x{part}".replace("{{ url }}", ADDRESS))
    with pytest.raises(TemplateError):
        PostTemplate(LINKED + part)


PIECES = """<b> </b> <I> </I> <pre> </pre> <code_class=x-1> </code> </a> <span> </span> < > &lt; & я
    <a_href="https://a.example/?x=1&amp;y=2"> <a_href='https://b.example/'> <blockquote_expandable>
    </blockquote> <span_class="tg-spoiler"> &#8203; " = / b _"""
MARKUP = st.lists(st.sampled_from(PIECES.split()), max_size=12).map(
    lambda pieces: "".join(pieces).replace("_", " ")
)


@settings(max_examples=150, deadline=None)
@given(MARKUP)
def test_what_is_not_refused_telegram_takes_with_its_links(markup: str) -> None:
    try:
        links = links_in(markup)
    except ValueError:
        return
    _, entities = parse_html(markup)
    # A link of nothing but spaces is none for readers.
    assert links <= {one.url for one in entities if one.type == "text_link"}


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("{% for a in range(99) %}{% for b in range(99) %}{% endfor %}{% endfor %}", "turns"),
        ("{% for a in title recursive %}{{ loop(title) }}{% endfor %}", "recursive"),
        ("{% macro a(n) %}{{ a(n-1) + a(n-1) if n }}{% endmacro %}{{ a(15) }}", "turns"),
        ("{{ range(2000) | length }}", "range of more"),
        ("{{ ('a' * 40000) | length }}", "more than 32768 letters"),
        ("{{ 10 ** 5 }}", "cannot be used"),
        ("{{ '%09d' % 1 }}", "cannot be used"),
        ("{{ '{:9}'.format(1) }}", "cannot be called"),
        ("{{ title.ljust(9) }}", "cannot be called"),
        ("{{ title | center(9) }}", "No filter named 'center'"),
        ("{{ title | replace('', 'x' * 3000) }}", "letters or entries"),
        ("{{ title.replace('', 'x' * 3000) }}", "letters or entries"),
        ("{{ range(999) | join('x' * 99) }}", "letters or entries"),
        ("{% set x = 'ab' %}" + "{% set x = x ~ x %}" * 16, "letters or entries"),
        ("{% set x = [1, 2] %}" + "{% set x = x + x %}" * 16, "letters or entries"),
        ("{% set x = [1, 2] %}{% set x = [x, x] %}", "cannot hold lists"),
        ("{% set x = 'ab' %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 16, "more than 32768"),
        ("{% for a in range(99) %}" + "x" * 999 + "{% endfor %}", "more than 32768 letters"),
    ],
)
def test_a_template_that_could_keep_newsieve_busy_is_refused(part: str, told: str) -> None:
    with pytest.raises(TemplateError, match=told):
        PostTemplate(LINKED + part)


def test_what_a_post_needs_of_the_language_is_there() -> None:
    template = PostTemplate(
        "{% macro named(one) %}<i>{{ one.source }}</i>{% endmacro %}"
        + "{% set about %}{{ source | upper }}{% endset %}"
        + LINKED
        + "{{ [about, lead[:8], lead.split('.') | first | truncate(12)] | select | join(' · ') }} "
        + "{{ published.strftime('%d.%m') if published }} {{ title.replace('о', 'О') }} "
        + "{{ also | map(attribute='source') | join(', ') }}"
        + "{% for one in also if one.source in ['Радио'] %} {{ loop.index * 2 }}{% endfor %}"
        + "{{ named(also[0]) if also }}{{ ' ' ~ (7 % 4) }}"
    )
    html = render_post(item(), source_name="Газета", style=Style(template), also=ALSO).html
    assert parse_html(html)[0] == (
        "В Заречье открыли мостГАЗЕТА · Движение · Движение... 09.03 В Заречье Открыли мОст "
        "Радио & <b>, vesti.exampleРадио & <b> 3"
    )


def test_a_template_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="No such file"):
        PostTemplate.load(tmp_path / "post.html.j2")
    (tmp_path / "post.html.j2").write_bytes(b"\xff\xfe")
    with pytest.raises(TemplateError, match="UTF-8"):
        PostTemplate.load(tmp_path / "post.html.j2")


def test_a_template_of_ones_own_escapes_what_items_say() -> None:
    style = Style(PostTemplate(LINKED + "\n{{ lead }}"))
    text, entities = parse_html(
        render_post(item(title="<b>1 & 2</b>", text="</a>"), source_name="", style=style).html
    )
    assert text == "<b>1 & 2</b>\n</a>"
    assert [e.type for e in entities] == ["text_link"]


def test_what_a_template_adds_takes_its_room_from_the_text() -> None:
    style = Style(PostTemplate(LINKED + "\n{{ lead }}\n" + "я" * 4000), text_length=LIMIT)
    html = render_post(item(text="слово " * 500), source_name="", style=style).html
    assert LIMIT - 10 <= utf16_length(plain_text(html)) <= LIMIT


FAILS_AT_TIMES = LINKED + "{{ 1 / (title | length - 3) }}"


def test_where_a_template_fails_the_built_in_one_is_used_and_it_is_told_once() -> None:
    troubles: list[str] = []
    render = renderer(Style(PostTemplate(FAILS_AT_TIMES)), in_trouble=troubles.append)
    usual = renderer(Style(BUILT_IN))
    assert render(entry(title="Мир")) == usual(entry(title="Мир"))
    assert render(entry(title="Дом")) == usual(entry(title="Дом"))
    assert troubles == ["line 1: ZeroDivisionError: division by zero"]
    assert render(entry(title="Мост")) != usual(entry(title="Мост"))


def test_where_only_the_title_carries_the_link_an_item_without_one_has_the_built_in_form() -> None:
    style = Style(PostTemplate('★ <a href="{{ url }}">{{ title }}</a>'))
    assert renderer(style)(entry()).html.startswith("★")
    assert renderer(style)(entry(title="")) == renderer()(entry(title=""))


def test_a_template_that_leaves_no_room_gives_way_to_the_built_in_one() -> None:
    style = Style(PostTemplate(LINKED + "{{ title * 300 }}"))
    assert renderer(style)(entry()) == renderer()(entry())


ALSO = Also(
    (
        Mention(2, "Радио & <b>", "https://radio.example/5?a=1&b=2"),
        Mention(3, "", "https://vesti.example/7"),
        Mention(4, "Эхо", "javascript:alert(1)"),
    ),
    more=2,
)


def test_other_sources_are_linked_by_their_names_and_the_rest_counted() -> None:
    text, entities = parse_html(render_post(item(), source_name="Газета", also=ALSO).html)
    assert text.endswith("\n\nОб этом также пишут: Радио & <b>, vesti.example и ещё 2")
    assert [e.url for e in entities if e.url] == [ADDRESS, *(one.url for one in ALSO.named[:2])]


@pytest.mark.parametrize(
    ("said", "looks"),
    [
        ("", False),
        ("{% for one in also %}{{ one.source }}{% endfor %}", True),
        ("{% if more %}…{% endif %}", True),
        ("{% set also = 1 %}{{ also }}", False),
    ],
)
def test_a_template_tells_whether_it_looks_at_other_sources(said: str, looks: bool) -> None:
    assert PostTemplate(LINKED + said).shows_also is looks


def test_other_sources_take_their_room_from_the_text_and_give_way_where_there_is_none() -> None:
    made = '{{ lead }}{% for one in also %}{{ "я" * SIZE }}{% endfor %}'
    styles = [Style(PostTemplate(LINKED + made.replace("SIZE", size))) for size in ("900", "2000")]
    one = Also(ALSO.named[:1])
    told = item(text="слово " * 500, image="https://gazeta.example/1.png")
    short, none = (render_post(told, source_name="", style=style, also=one) for style in styles)
    assert short.caption is not None
    assert 1000 < utf16_length(plain_text(short.caption)) <= CAPTION_LIMIT
    assert short.caption.count("я") == 900
    assert none.caption == render_post(told, source_name="", style=styles[1]).caption
    assert none.html.count("я") == 2000


TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from("<>&\"' \n.!?…»\U0001f600\u200d\u202eя")),
    max_size=300,
).flatmap(lambda text: st.integers(1, 40).map(lambda times: text * times))


@settings(max_examples=150, deadline=None)
@given(
    TEXTS,
    TEXTS,
    TEXTS,
    st.integers(0, 5000),
    st.sampled_from([None, NOON]),
    st.lists(TEXTS, max_size=5),
)
def test_any_item_makes_a_post_that_telegram_takes(
    title: str,
    text: str,
    source: str,
    length: int,
    published: datetime | None,
    others: list[str],
) -> None:
    named = [Mention(n, name, f"https://{n}.example/") for n, name in enumerate(others)]
    message = render_post(
        item(title=title, text=text, published=published, image="https://gazeta.example/1.png"),
        source_name=source,
        style=Style(text_length=length),
        also=Also(tuple(named), more=len(text)),
    )
    for html, limit in ((message.html, LIMIT), (message.caption or "", CAPTION_LIMIT)):
        shown, entities = parse_html(html)
        assert 1 <= telegrams_length(shown) <= limit
        links = [e.url for e in entities if e.url]
        assert links in ([ADDRESS, *(one.url for one in named)], [ADDRESS])
        assert shown == plain_text(html)
        assert "\n\n\n" not in shown


# What they add is 0, 900 and 1026 UTF-16 units; one that adds 900 may leave no room for a title.
ADDING = {n: PostTemplate(LINKED + "\n{{ lead }}\n" + "\U0001f600" * n) for n in (0, 450, 513)}


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS, TEXTS, st.integers(0, 5000), st.sampled_from([BUILT_IN, *ADDING.values()]))
def test_below_a_picture_any_item_is_told_in_the_room_of_a_caption_or_not_at_all(
    title: str, text: str, source: str, length: int, template: PostTemplate
) -> None:
    pictured = item(title=title, text=text, image="https://gazeta.example/most.jpg")
    style = Style(template, text_length=length)
    caption = render_post(pictured, source_name=source, style=style).caption
    if caption is None:
        assert template in (ADDING[450], ADDING[513])
        return
    assert template is not ADDING[513]
    shown, entities = parse_html(caption)
    assert 1 <= telegrams_length(shown) <= CAPTION_LIMIT
    assert ADDRESS in [e.url for e in entities]
