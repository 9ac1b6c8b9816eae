from __future__ import annotations

import pytest

from scrapers.text.encoding import decode, is_binary
from tests.scrapers.growth import assert_grows_with_length

LENGTHS = (1_000_000, 2_000_000)

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


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic"])
def test_words_of_another_encoding_in_utf8_are_read(encoding: str) -> None:
    headline = "Каток заработает завтра"
    mixed = f"<p>{NEWS}<p>".encode() + headline.encode(encoding)
    assert decode(mixed) == f"<p>{NEWS}<p>{headline}"


def test_a_template_in_utf8_around_a_text_that_is_not_is_read_too() -> None:
    template = "<h1>Новости города</h1><p>Главная страница</p>"
    assert decode(template.encode() + NEWS[:120].encode("cp1251")) == template + NEWS[:120]


def test_a_mark_of_utf8_is_no_more_than_a_hint() -> None:
    assert decode(b"\xef\xbb\xbf" + NEWS.encode("cp1251")) == NEWS


@pytest.mark.parametrize("length", range(40, 60))
def test_a_character_that_is_cut_off_at_the_end_is_none(length: int) -> None:
    body = f"<title>{'новости ' * 5}".encode()[:length]
    assert decode(body) == body.decode("utf-8", "ignore")


@pytest.mark.parametrize("mistaken", ["latin-1", "cp1252", "cp1251"])
def test_what_was_encoded_twice_is_put_right(mistaken: str) -> None:
    text = NEWS.replace("И", "и")  # of which a byte is none in windows-1251
    doubled = "".join(
        bytes([byte]).decode(mistaken, "ignore") or chr(byte) for byte in text.encode()
    )
    assert decode(f"<p>{doubled}</p>".encode()) == f"<p>{text}</p>"


@pytest.mark.parametrize(
    "text",
    [
        "РОССИЯ — СССР: РС «РОСТСЕЛЬМАШ» США, РФ, СНГ, РЖД, СМИ; Р¤ С… С» С« Р°",
        "Ðýr og Ñandú: Ðe Ñoño, Ñuñoa, Ðorá, Ñame, Ðal, Ñor, Ðis, Ñus, Ðem, Ñik",
    ],
)
def test_what_only_looks_a_little_like_it_is_left_alone(text: str) -> None:
    assert decode(text.encode()) == text


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-u", "utf-8", "iso8859-5"])
def test_the_letters_of_the_neighbours_are_read(encoding: str) -> None:
    ukrainian = "У місті відкрили новий міст: їхати ним можна вже сьогодні, розповіли у раді."
    belarusian = "У горадзе адкрылі новы мост: ехаць па ім можна ўжо сёння, паведамілі ў радзе."
    assert decode(ukrainian.encode(encoding)) == ukrainian
    if encoding != "koi8-u":  # which has no letter of its own for the short u
        assert decode(belarusian.encode(encoding)) == belarusian


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "utf-8"])
def test_few_cyrillic_letters_far_down_a_page_of_scripts_are_enough(encoding: str) -> None:
    page = f"<script>{'var a = 1; ' * 40_000}</script><p>Открыт новый мост через реку</p>"
    assert decode(page.encode(encoding)) == page


def test_utf16_is_seen_without_mark_or_label() -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        page = f"\r\n<html><p>{NEWS}"
        assert decode(page.encode(encoding)) == page
        assert not is_binary(page.encode(encoding))


def test_a_stray_zero_does_not_make_a_text_binary() -> None:
    assert not is_binary(f"<p>{NEWS}\0</p>".encode())


def test_a_long_page_is_decoded_in_no_time() -> None:
    bodies = {length: (NEWS * (length // len(NEWS) + 1)).encode("cp1251") for length in LENGTHS}
    assert_grows_with_length(lambda length: decode(bodies.get(length, b"")), LENGTHS[0])
