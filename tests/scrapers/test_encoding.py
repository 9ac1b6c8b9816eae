from __future__ import annotations

import pytest

from scrapers.encoding import decode, is_binary

NEWS = (
    "В Заречном открыли новую библиотеку. Жители посёлка ждали её восемь лет: прежнее здание "
    "закрыли из-за протечек. В читальном зале — пятьдесят мест, есть детская комната."
)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-r", "cp866", "iso8859-5"])
@pytest.mark.parametrize("label", [None, "utf-8", "windows-1251", "koi8-r", "iso-8859-1", "bogus"])
def test_the_bytes_decide_whatever_the_header_claims(encoding: str, label: str | None) -> None:
    text = NEWS.encode(encoding, "ignore").decode(encoding)
    header = f"text/html; charset={label}" if label else None
    assert decode(text.encode(encoding), header) == text


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-r"])
@pytest.mark.parametrize("label", ["utf-8", "windows-1251", "koi8-r"])
def test_the_bytes_decide_whatever_the_page_claims(encoding: str, label: str) -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={label}"><p>{NEWS}'
    assert decode(page.encode(encoding, "ignore")).endswith("детская комната.")


def test_a_headline_in_capitals_is_not_taken_for_another_encoding() -> None:
    title = "ГЛАВА РАЙОНА ВРУЧИЛ НАГРАДЫ УЧИТЕЛЯМ"
    assert decode(title.encode("cp1251")) == title


def test_a_short_title_follows_its_label() -> None:
    assert decode("Итоги дня".encode("koi8-r"), "text/xml; charset=koi8-r") == "Итоги дня"


def test_the_charset_of_a_script_is_not_that_of_the_page() -> None:
    page = f'<script charset="koi8-r" src="/a.js"></script><p>{NEWS[:30]}'
    assert NEWS[:30] in decode(page.encode("cp1251"))


def test_a_broken_character_does_not_change_the_encoding() -> None:
    damaged = NEWS.encode()[:-1] + b"\xd0" + NEWS.encode()
    assert decode(damaged).count("\ufffd") == 1


@pytest.mark.parametrize(
    ("text", "encoding", "label"),
    [
        ("Un café très agréable, déjà fermé à l'été", "cp1252", "iso-8859-1"),
        ("Schöne Grüße aus München", "cp1252", "windows-1252"),
        ("日本語のニュース", "shift_jis", "shift_jis"),
    ],
)
def test_a_text_that_is_not_cyrillic_follows_its_label(
    text: str, encoding: str, label: str
) -> None:
    assert decode(text.encode(encoding), f"text/html; charset={label}") == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_settles_it(encoding: str) -> None:
    assert decode(NEWS.encode(encoding), "text/html; charset=koi8-r") == NEWS


def test_utf16_without_a_mark_is_read_by_its_label() -> None:
    page = f"<p>{NEWS}"
    for encoding in ("utf-16-le", "utf-16-be"):
        assert decode(page.encode(encoding), "text/html; charset=utf-16") == page


@pytest.mark.parametrize(
    "body", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"%PDF-1.4 text", b"PK\x03\x04"]
)
def test_pictures_and_documents_are_binary(body: bytes) -> None:
    assert is_binary(body)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-r", "utf-16", "utf-16-le"])
def test_text_is_not_binary(encoding: str) -> None:
    assert not is_binary(f"<p>{NEWS}".encode(encoding, "ignore"))
