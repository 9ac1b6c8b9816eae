from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from scrapers import Blocked, FetchError, Item, LayoutChanged, ParseError, preview_address
from scrapers.feeds.telegram import read_preview
from tests.previews import NOON, card_page, emoji, nobody_page, photo, post, preview_page, words

URL = "https://t.me/s/rayon"
HEADLINE = "В парке открыли новый каток"


def read(*posts: str) -> list[Item]:
    return list(read_preview(preview_page(posts).encode(), URL).items)


def only(*parts: str) -> Item:
    [item] = read(post(7, *parts))
    return item


@pytest.mark.parametrize(
    "said",
    [
        *("@rayon", "t.me/rayon", "https://t.me/rayon", "http://telegram.me/rayon/"),
        *("https://t.me/s/rayon", "https://t.me/s/rayon?before=100", "https://t.me/rayon/42"),
        "https://rayon.t.me",
    ],
)
def test_every_address_of_a_channel_leads_to_its_preview(said: str) -> None:
    assert preview_address(said) == "https://t.me/s/rayon"


@pytest.mark.parametrize(
    "said", ["https://gorod.example/t.me/rayon", "https://at.me/x", "", "http://["]
)
def test_other_addresses_are_no_channels(said: str) -> None:
    assert preview_address(said) is None


@pytest.mark.parametrize(
    "said", ["https://t.me/+AbCd123", "https://t.me/joinchat/AbC", "https://t.me/c/12/3", "t.me/"]
)
def test_what_only_members_see_is_refused_without_asking(said: str) -> None:
    with pytest.raises(Blocked, match="not the address of a public channel"):
        preview_address(said)


def test_a_post_opens_with_its_title_and_keeps_its_lines() -> None:
    item = only(words(f"<b>{HEADLINE}</b><br/><br/>Вход свободный.<br>Прокат&nbsp;— 200 ₽."))
    assert item == Item(
        "t.me", "https://t.me/rayon/7", HEADLINE, "Вход свободный.\nПрокат — 200 ₽.", NOON
    )


def test_links_emoji_spoilers_and_quotes_are_read_as_they_are_seen() -> None:
    item = only(
        words(
            f"{emoji('⛸')}<b>{HEADLINE}</b><br/>Он &laquo;зальёт&raquo; всё "
            '<tg-emoji emoji-id="53"><i class="emoji"><b>👍</b></i></tg-emoji> лето, '
            '<a href="https://park.example" onclick="return 0">сказали в парке</a>.'
            "<blockquote>Ждём <tg-spoiler>всех</tg-spoiler>!</blockquote>"
            '<a href="?q=%23каток">#каток</a>'
        )
    )
    assert item.title == HEADLINE
    assert item.text == "Он «зальёт» всё 👍 лето, сказали в парке.\nЖдём всех!\n#каток"


def test_neither_what_is_answered_to_nor_whom_it_is_from_is_text() -> None:
    reply = (
        '<a class="tgme_widget_message_reply" href="https://t.me/rayon/5">'
        '<i class="tgme_widget_message_reply_thumb" style="background-image:url(\'/old.jpg\')"></i>'
        '<div class="tgme_widget_message_text js-message_reply_text">Каток закрывают</div></a>'
    )
    forwarded = (
        '<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from&nbsp;'
        '<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/park/1">Парк</a></div>'
    )
    linked = (
        '<a class="tgme_widget_message_link_preview" href="https://park.example">'
        '<div class="link_preview_title">Парк культуры</div></a>'
    )
    item = only(forwarded, reply, words(HEADLINE), linked)
    assert (item.title, item.text, item.image) == (HEADLINE, "", None)


def test_an_album_is_one_post_with_its_first_picture_and_its_text_once() -> None:
    album = (
        '<div class="tgme_widget_message_grouped_wrap"><div class="tgme_widget_message_grouped">'
        f"{photo('', album=True)}{photo('https://cdn.example/a.jpg', album=True)}"
        f"{photo('https://cdn.example/b.jpg', album=True)}</div></div>"
    )
    item = only(album, words(words(f"{HEADLINE}<br/>Фото с открытия.")))
    assert (item.title, item.text) == (HEADLINE, "Фото с открытия.")
    assert item.image == "https://cdn.example/a.jpg"


@pytest.mark.parametrize(
    ("part", "image"),
    [
        (photo("https://cdn.example/a.jpg"), "https://cdn.example/a.jpg"),
        (photo("//cdn.example/a.jpg"), "https://cdn.example/a.jpg"),
        (
            '<a href="https://t.me/rayon/7"><i class="tgme_widget_message_video_thumb" '
            "style=\"background-image:url('https://cdn.example/v.jpg')\"></i>"
            '<time class="message_video_duration">0:42</time></a>',
            "https://cdn.example/v.jpg",
        ),
        (
            '<a class="tgme_widget_message_link_preview"><i class="link_preview_right_image" '
            'style="background-image: url(&quot;https://cdn.example/l.jpg&quot;)"></i></a>',
            "https://cdn.example/l.jpg",
        ),
        ("", None),
    ],
    ids=["photo", "without scheme", "video", "linked page", "none"],
)
def test_the_picture_of_a_post_is_never_the_authors_or_an_emoji(
    part: str, image: str | None
) -> None:
    item = only(part, words(f"{emoji('⛸')} {HEADLINE}"))
    assert (item.image, item.published) == (image, NOON)


def test_moments_are_aware_and_in_the_zone_of_the_source() -> None:
    zone = ZoneInfo("Asia/Yekaterinburg")
    page = preview_page([post(7, words(HEADLINE))]).encode()
    [item] = read_preview(page, URL, zone=zone).items
    assert item.published == NOON
    assert item.published is not None
    assert item.published.isoformat() == "2024-05-01T14:00:00+05:00"


@pytest.mark.parametrize("at", ["", "неделя", "9999-99-99T00:00:00+00:00"])
def test_a_moment_that_is_none_is_left_out(at: str) -> None:
    [item] = read(post(7, words(HEADLINE), at=at))
    assert item.published is None


def test_service_messages_are_no_posts_and_pictures_alone_no_items() -> None:
    poll = (
        '<div class="tgme_widget_message_poll"><div class="tgme_widget_message_poll_question">Когда'
        ' открыть каток?</div><div class="tgme_widget_message_poll_option_text">Зимой</div></div>'
    )
    unseen = '<div class="message_media_not_supported_label">Please open Telegram</div>'
    page = preview_page(
        [
            post(1, words("Channel created"), kind="service_message"),
            post(2, photo("https://cdn.example/a.jpg")),
            post(3, poll),
            post(4, unseen),
            post(5, words(f"{HEADLINE}.<br/>Приходите!"), edited=True),
        ]
    )
    preview = read_preview(page.encode(), URL)
    assert [(item.url, item.title) for item in preview.items] == [
        ("https://t.me/rayon/5", f"{HEADLINE}.")
    ]
    assert preview.shown == 4


def test_the_newest_post_comes_first_and_older_ones_are_a_page_away() -> None:
    posts = [post(n, words(HEADLINE), at=NOON + timedelta(hours=n)) for n in (11, 12)]
    preview = read_preview(preview_page(posts, before=11).encode(), f"{URL}?before=13")
    assert [item.url[-2:] for item in preview.items] == ["12", "11"]
    assert preview.older == f"{URL}?before=11"
    assert read_preview(preview_page(posts).encode(), URL).older is None


def test_what_stands_under_every_post_is_no_news() -> None:
    ending = "<br/><br/>Прислать новость: @rayon_bot<br/>📲 <a href='/'>Вести района</a>"
    items = read(
        *(post(n, words(f"Новость номер {n} дня<br/>Случилось {n}{ending}")) for n in range(5))
    )
    assert [item.text for item in items] == [f"Случилось {n}" for n in (4, 3, 2, 1, 0)]


def test_an_empty_channel_is_no_failure() -> None:
    preview = read_preview(preview_page([]).encode(), URL)
    assert (preview.items, preview.shown, preview.older) == ((), 0, None)


def test_a_channel_without_preview_is_told_from_groups_and_people() -> None:
    card = card_page("Вести района", "2 340 subscribers").encode()
    with pytest.raises(Blocked, match="the channel shows no preview"):
        read_preview(card, "https://t.me/rayon")
    for extra in ("2 340 members, 18 online", "@somebody"):
        with pytest.raises(Blocked, match="no channel, but a group, a person or a bot"):
            read_preview(card_page("Соседи", extra).encode(), "https://t.me/rayon")


def test_a_name_that_nobody_has_is_not_found() -> None:
    with pytest.raises(FetchError, match="no public channel") as caught:
        read_preview(nobody_page("rayon").encode(), "https://t.me/rayon")
    assert caught.value.status == 404


def test_another_page_is_a_changed_layout() -> None:
    with pytest.raises(LayoutChanged, match="not the preview of a Telegram channel"):
        read_preview(b"<html><body><p>Telegram</p></body></html>", URL)


@pytest.mark.parametrize("body", [b"", b"\x89PNG\r\n\x1a\n\0\0"])
def test_what_is_no_page_is_told(body: bytes) -> None:
    with pytest.raises(ParseError):
        read_preview(body, URL)


def test_a_hostile_page_costs_its_posts_only() -> None:
    page = preview_page(
        [
            post(1, "<div>" * 5000 + words(HEADLINE)),
            post(2, words(HEADLINE), channel="../x"),
            post(10**30, words(HEADLINE)),
            post(3, photo("javascript:alert(1)"), words(HEADLINE)),
        ],
        before=10**40,
    )
    items = read_preview(page.encode(), URL).items
    assert {item.url for item in items} <= {"https://t.me/rayon/1", "https://t.me/rayon/3"}
    assert all(item.image is None for item in items)


def test_now_is_a_moment_like_any_other() -> None:
    now = datetime.now(timezone.utc).replace(microsecond=0)
    assert read(post(7, words(HEADLINE), at=now))[0].published == now
