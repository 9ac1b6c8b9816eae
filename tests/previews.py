"""Pages of t.me, as it builds them: the preview of a channel, and the card shown instead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone

NOON = datetime(2024, 5, 1, 9, 0, tzinfo=timezone.utc)


def emoji(sign: str) -> str:
    """Return an emoji as a picture with the sign inside."""
    return (
        '<i class="emoji" style="background-image:url(\'//telegram.org/img/emoji/40/F09F.png\')">'
        f"<b>{sign}</b></i>"
    )


def words(markup: str) -> str:
    """Return the text of a post."""
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{markup}</div>'


def photo(address: str, *, album: bool = False) -> str:
    """Return a photo, alone or as one of an album."""
    more = " grouped_media_wrap blured js-message_photo" if album else ""
    shown = f"width:800px;background-image:url('{address}')" if address else ""
    return (
        f'<a class="tgme_widget_message_photo_wrap 51 12_4{more}" href="https://t.me/rayon/7?single"'
        f' style="{shown}"><div class="tgme_widget_message_photo"></div></a>'
    )


def post(
    number: int,
    *parts: str,
    at: datetime | str = NOON,
    channel: str = "rayon",
    kind: str = "",
    edited: bool = False,
) -> str:
    """Return a post with its parts, as a page shows it: author, bubble, views and time."""
    moment = at if isinstance(at, str) else at.isoformat()
    address = f"https://t.me/{channel}/{number}"
    return f"""
<div class="tgme_widget_message_wrap js-widget_message_wrap">
<div class="tgme_widget_message text_not_supported_wrap {kind} js-widget_message"
 data-post="{channel}/{number}" data-view="eyJjIjo">
<div class="tgme_widget_message_user"><a href="https://t.me/{channel}">
<i class="tgme_widget_message_user_photo bgcolor4" data-content="Р">
<img src="https://cdn4.telesco.example/file/avatar.jpg"></i></a></div>
<div class="tgme_widget_message_bubble">
<div class="tgme_widget_message_author accent_color"><a class="tgme_widget_message_owner_name"
 href="https://t.me/{channel}"><span dir="auto">Вести района</span></a></div>
{"".join(parts)}
<div class="tgme_widget_message_footer compact js-message_footer">
<div class="tgme_widget_message_info short js-message_info">
<span class="tgme_widget_message_views">4.02K</span><span class="copyonly"> views</span>
<span class="tgme_widget_message_meta">{"edited&nbsp;" if edited else ""}
<a class="tgme_widget_message_date" href="{address}"><time datetime="{moment}"
 class="time">12:00</time></a></span></div></div></div></div></div>"""


def preview_page(posts: Sequence[str], *, before: int | None = None, channel: str = "rayon") -> str:
    """Return the preview of a channel; ``before``: the number that older posts are asked by."""
    older = (
        f'<div class="tgme_widget_message_centered js-messages_more_wrap"><a href="/s/{channel}'
        f'?before={before}" class="tme_messages_more js-messages_more" data-before="{before}"></a>'
        "</div>"
        if before is not None
        else ""
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8">
<title>Вести района – Telegram</title>
<meta property="og:title" content="Вести района"></head>
<body class="widget_frame_base tgme_webpreview">
<header class="tgme_header"><div class="tgme_channel_info">
<div class="tgme_channel_info_header_title"><span dir="auto">Вести района</span></div>
<div class="tgme_channel_info_description">Новости каждый день</div></div></header>
<main class="tgme_main"><section class="tgme_channel_history js-message_history">
{older}{"".join(posts)}</section></main></body></html>"""


def card_page(title: str, extra: str) -> str:
    """Return what t.me shows of a channel without preview, of a group or a person."""
    return f"""<!DOCTYPE html><html><head><title>Telegram: Contact @rayon</title></head><body>
<div class="tgme_page"><div class="tgme_page_title" dir="auto"><span dir="auto">{title}</span></div>
<div class="tgme_page_extra">{extra}</div><div class="tgme_page_action">
<a class="tgme_action_button_new" href="tg://resolve?domain=rayon">View in Telegram</a></div>
</div></body></html>"""


def nobody_page(name: str) -> str:
    """Return what t.me shows of a name that nobody has; the status is 200."""
    return f"""<!DOCTYPE html><html><head><title>Telegram: Contact @{name}</title></head><body>
<div class="tgme_page"><div class="tgme_page_icon"><i class="tgme_icon_user"></i></div>
<div class="tgme_page_description">If you have <strong>Telegram</strong>, you can contact
<a class="tgme_username_link" href="tg://resolve?domain={name}">@{name}</a> right away.</div>
</div></body></html>"""
