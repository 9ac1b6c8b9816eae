"""Pages that check the visitor, shown in place of what was asked for."""

from __future__ import annotations

import re

from scrapers.text.encoding import decode

LARGEST = 150_000
"""A check is a few kilobytes around a script; a page that is larger is none, whatever it says."""

_MOST_LINKS = 12

_LINK = re.compile(rb"<a\b[^>]{0,500}?href", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,300})", re.IGNORECASE)

# What stands in the markup of a check and in no other small page.
_MARKS = (
    ("Cloudflare", rb"_cf_chl_opt|cf-browser-verification|cf_captcha_kind|id=.cf-error-details"),
    ("DDoS-Guard", rb"/ddos-guard/(?:js-challenge|ddg-captcha-page)|ddg-captcha|data-ddg-origin"),
    ("Yandex SmartCaptcha", rb"/showcaptcha|/checkcaptcha|CheckboxCaptcha|AdvancedCaptcha"),
    ("Qrator", rb"/__qrator/|qauth_utm"),
    ("Servicepipe", rb"id_captcha_frame_div|sp_rotated_captcha"),
    ("Variti", rb"/variti/|x-variti-ccr"),
    ("KillBot", rb"kill-?bot\.(?:ru|net)"),
    ("Imperva", rb"Incapsula incident ID"),
    ("DataDome", rb"captcha-delivery\.com"),
    ("Sucuri", rb"sucuri_cloudproxy"),
    ("a cookie set by a script", rb"toNumbers\([^)]{0,99}\)[^;]{0,99};?.{0,999}document\.cookie="),
    ("a captcha", rb"(?:class=.|\s)(?:g-recaptcha|h-captcha|smart-captcha|cf-turnstile)\b"),
)
_KNOWN = tuple((name, re.compile(mark, re.IGNORECASE | re.DOTALL)) for name, mark in _MARKS)

_TITLES = re.compile(
    r"\s*(?:just a moment|один момент|attention required|ddos-guard|one moment, please"
    r"|checking your browser|проверка (?:вашего )?браузера|are you (?:a )?(?:human|robot)"
    r"|(?:вы|я) не робот|подтвердите,? что|verif(?:y|ying) (?:that )?you|human verification"
    r"|проверка безопасности|security check|access (?:denied|to this page has been denied)"
    r"|доступ (?:ограничен|запрещ[её]н|заблокирован)|captcha|капча|qrator|robot or human"
    r"|ой!?\s*$|antibot|анти-?бот)",
    re.IGNORECASE,
)


def find_challenge(body: bytes, url: str) -> str | None:
    """Return why ``body`` is a check of the visitor and not the page asked for, or None.

    To be asked of answers that are errors or hold nothing else: a small page of a site may
    show a captcha beside what it is for.

    Args:
        body: the answer, in any encoding.
        url: where it came from in the end.
    """
    if "/showcaptcha" in url:
        return _reason("Yandex SmartCaptcha")
    if len(body) > LARGEST or len(_LINK.findall(body)) > _MOST_LINKS:
        return None
    for name, mark in _KNOWN:
        if mark.search(body):
            return _reason(name)
    title = _TITLE.search(decode(body))
    if title is None or not _TITLES.match(title[1]):
        return None
    return f"shows a check of the visitor instead of the page: {' '.join(title[1].split())!r}"


def _reason(name: str) -> str:
    return f"shows a check of the visitor instead of the page ({name})"
