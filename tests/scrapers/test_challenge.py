from __future__ import annotations

import pytest

from scrapers.web.challenge import find_challenge

URL = "https://gorod.example/news"


def page(title: str, body: str = "") -> bytes:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("body", "guard"),
    [
        (page("Just a moment...", "<script>window._cf_chl_opt={cType:'managed'}</script>"), "Clou"),
        (page("Attention!", "<div id='cf-error-details'><h1>Sorry</h1></div>"), "Cloudflare"),
        (page("", "<script src='/.well-known/ddos-guard/js-challenge/index.js'>"), "DDoS-Guard"),
        (page("", "<div data-ddg-origin='true'></div>"), "DDoS-Guard"),
        (page("Ой!", "<form action='/checkcaptcha?key=1'>"), "Yandex SmartCaptcha"),
        (page("", "<script src='/__qrator/qauth.js'></script>"), "Qrator"),
        (page("", "<div id='id_captcha_frame_div'></div>"), "Servicepipe"),
        (page("Проверка", "<form><div class='g-recaptcha'></div></form>"), "a captcha"),
        (page("", "<script>a=toNumbers('f6');document.cookie='t='+a</script>"), "a cookie set"),
    ],
)
def test_a_check_of_the_visitor_is_told_with_who_checks(body: bytes, guard: str) -> None:
    reason = find_challenge(body, URL)
    assert reason is not None and guard in reason


@pytest.mark.parametrize(
    "title",
    [
        "Just a moment...",
        "Один момент…",
        "DDOS-GUARD",
        "Проверка браузера перед переходом на сайт",
        "Вы не робот?",
        "Access denied",
        "Доступ ограничен",
    ],
)
def test_a_check_by_nobody_known_is_told_by_its_title(title: str) -> None:
    told = f"shows a check of the visitor instead of the page: '{title}'"
    assert find_challenge(page(title), URL) == told
    assert find_challenge(page(title).decode().encode("cp1251", "ignore"), URL) == told


def test_an_address_tells_a_check_too() -> None:
    assert find_challenge(b"", "https://gorod.example/showcaptcha?retpath=1") is not None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        page("Городские вести", "<p>Мост открыт.</p>"),
        page("Доступная среда в городе", "<p>Пандусы построены.</p>"),
        # What guards leave in the pages they let through.
        page("Вести", "<script>window.__CF$cv$params={}</script><p>Мост открыт.</p>"),
        page("Вести", "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"),
        # A front page with a form in it.
        page("Вести", "<a href='/1'>Мост</a>" * 20 + "<div class='g-recaptcha'></div>"),
        page("Just a moment", "<p>Мост</p>" * 20_000),
    ],
)
def test_a_page_of_the_site_is_no_check(body: bytes) -> None:
    assert find_challenge(body, URL) is None
