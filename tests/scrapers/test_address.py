from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers import canonical_url
from scrapers.address import absolute_url, host_of, mark


@pytest.mark.parametrize(
    "written",
    [
        "https://Gorod.Example/news/5",
        "HTTPS://gorod.example:443/news/5",
        "https://gorod.example/news/5#comments",
        "https://gorod.example/news/5?utm_source=vk&utm_medium=social",
        "https://gorod.example/news/5?yclid=1&fbclid=2&gclid=3&_openstat=4&ysclid=5",
        "  https://gorod.example/news/5\n",
        "http://gorod.example/news/5",
        "https://www.gorod.example/news/5",
        "https://m.gorod.example/news/5",
        "http://www.m.gorod.example./news/5/",
        "https://gorod.example//news///5",
        "https://gorod.example/news/5/index.php",
        "https://gorod.example/news/5/index.html?utm_source=vk",
        "https://gorod.example/news/x/../%35",
        "https://gorod.example/news/5;jsessionid=0A1B?PHPSESSID=7",
        "https://gorod.example/news/5?print=Y",
        "https://amp.gorod.example/news/5",
        "https://gorod.example/news/5/amp/",
        "https://gorod.example/amp/news/5",
        "https://gorod.example/news/5.amp",
        "https://gorod.example/news/5?amp=1",
        "https://gorod.example/news/5?amp",
        "https://gorod.example/news/5?outputType=amp",
    ],
)
def test_two_ways_to_write_an_address_are_one_identity(written: str) -> None:
    assert canonical_url(written) == "https://gorod.example/news/5"


@pytest.mark.parametrize(
    "other",
    [
        "https://gorod.example/news/6",
        "https://gorod.example/news/5?page=2",
        "https://gorod.example:8443/news/5",
        "https://gorod.example/News/5",
        "https://gorod.example/news/5?from=list",
        "https://gorod.example/news/5.html",
        "https://gorod.example/news/5?amp=12",
        "https://gorod.example/news/5?print=42",
        "https://gorod.example/news/5#!/7",
        "https://gorod.example/news/5#/7",
        "https://mobile.gorod.example/news/5",
        "https://sport.gorod.example/news/5",
        "https://gorod.example/amp",
        "https://gorod.example/news%2F5",
        "https://gorod.example/",
    ],
)
def test_what_may_be_another_article_stays_another_identity(other: str) -> None:
    assert canonical_url(other) != canonical_url("https://gorod.example/news/5")


def test_only_tracking_parameters_are_dropped() -> None:
    url = "http://gorod.example/n?id=7&utm_campaign=x&lang=ru"
    assert canonical_url(url) == "https://gorod.example/n?id=7&lang=ru"


def test_the_order_of_parameters_does_not_count_but_that_of_one_with_several_values() -> None:
    one, other = canonical_url("https://a.example/?b=2&a=1"), "https://a.example/?a=1&b=2"
    assert one == other
    assert canonical_url("https://a.example/?a=2&a=1") != canonical_url(
        "https://a.example/?a=1&a=2"
    )


@pytest.mark.parametrize(
    ("host", "same"),
    [("www.m.example", "m.example"), ("m.example", "m.example"), ("www.example", "www.example")],
)
def test_of_a_host_at_least_a_name_and_its_domain_are_left(host: str, same: str) -> None:
    assert canonical_url(f"http://{host}/") == f"https://{same}/"


def test_on_a_port_of_its_own_a_server_speaks_one_scheme() -> None:
    assert canonical_url("http://a.example:8080/x/") == "http://a.example:8080/x"


def test_a_whole_address_inside_a_path_keeps_its_slashes() -> None:
    archived = "https://archive.example/web/http://a.example/x"
    assert canonical_url(archived) == archived


def test_a_post_has_one_identity_in_the_channel_and_in_its_preview() -> None:
    assert canonical_url("https://t.me/s/gorod/5") == canonical_url("http://t.me/gorod/5")
    assert canonical_url("https://a.example/s/gorod") != canonical_url("https://a.example/gorod")


def test_an_address_of_nothing_but_marks_takes_no_time() -> None:
    for part in ("/amp", "/index.php", ".amp", "//", "%", ";jsessionid=", "&amp", "www."):
        long = f"https://gorod.example/x{part * (60_000 // len(part))}"
        assert canonical_url(canonical_url(long)) == canonical_url(long)


def test_cyrillic_and_escaped_addresses_are_one_identity() -> None:
    written = canonical_url("http://Город.рф/новости?q=да")
    escaped = (
        "http://xn--c1adwdde.xn--p1ai/%d0%bd%d0%be%d0%b2%d0%be%d1%81%d1%82%d0%b8?q=%D0%B4%D0%B0"
    )
    assert written.startswith("https://xn--")
    assert written.split("/", 3)[3] == canonical_url(escaped).split("/", 3)[3]


@pytest.mark.parametrize("url", ["", "http://[::1", "http://a:port/", "\ud800"])
def test_the_identity_of_no_address_is_what_was_written(url: str) -> None:
    assert canonical_url(url) == url


@pytest.mark.parametrize("url", ["http://a.example/a b?x=%20#q", "//a.example/x", "mailto:x@y.z"])
def test_an_identity_is_its_own_identity(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)


def test_a_marked_address_keeps_its_identity() -> None:
    one, other = mark("https://a.example/rss#top", "1"), mark("https://a.example/rss", "2")
    assert canonical_url(one) == one != canonical_url(other)


def test_only_web_addresses_come_out_of_links() -> None:
    page = "https://gorod.example/news/index.html"
    assert absolute_url(page, "../a.html") == "https://gorod.example/a.html"
    assert absolute_url(page, "//cdn.example/p.jpg") == "https://cdn.example/p.jpg"
    for link in (
        "javascript:void(0)",
        "mailto:red@gorod.example",
        "tel:+7",
        "http://[",
        "file:///x",
    ):
        assert absolute_url(page, link) is None


def test_a_host_is_shown_as_people_read_it() -> None:
    assert host_of("https://xn--e1afmkfd.xn--p1ai/x") == "пример.рф"


_PIECES = st.one_of(
    st.sampled_from(list("/?#&=:;@.%! 5")),
    st.sampled_from(["http://", "https://", "HTTP://", "//", "..", "#!/", ":80", ":443", "[::1]"]),
    st.sampled_from(["www.", "m.", "amp.", "xn--", "gorod.example", "Город.рф", "t.me/s/", "news"]),
    st.sampled_from(["amp", ".amp", ".html", "index.php", "print=1", "utm_x=1", ";jsessionid=1"]),
    st.sampled_from(["%41", "%2e", "%2F", "%25", "%d0%B0", "%zz", "#item-0123456789abcdef"]),
)
_ADDRESSES = st.one_of(
    st.text(),
    st.lists(_PIECES | st.text(max_size=3), max_size=12).map("".join),
    st.lists(_PIECES, max_size=12).map(lambda pieces: "http://gorod.example/" + "".join(pieces)),
)


@settings(deadline=None)
@given(_ADDRESSES)
def test_any_identity_is_its_own_identity(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)


@settings(deadline=None)
@given(_ADDRESSES)
def test_the_identity_of_a_web_address_is_a_web_address(link: str) -> None:
    address = absolute_url("https://gorod.example/news/", link)
    if address is not None:
        assert absolute_url("mailto:red@gorod.example", canonical_url(address)) is not None


@settings(deadline=None)
@given(_ADDRESSES, _ADDRESSES)
def test_no_link_is_too_odd_to_be_read(base: str, link: str) -> None:
    found = absolute_url(base, link)
    assert found is None or found.startswith(("http://", "https://"))
    assert isinstance(host_of(link), str)
