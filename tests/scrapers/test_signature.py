from __future__ import annotations

from scrapers.feeds.signature import without_signatures

BODY = "Новость {}\nПодробности {}"


def posts(ending: str, count: int) -> list[str]:
    return [BODY.format(n, n) + ending for n in range(count)]


def test_lines_that_close_most_texts_are_dropped() -> None:
    assert without_signatures(posts("\nПрислать новость\nВести района", 4)) == posts("", 4)


def test_a_text_that_ends_otherwise_is_left_alone() -> None:
    texts = [*posts("\nВести района", 4), "Мост открыт\nВести района были первыми"]
    assert without_signatures(texts)[-1] == texts[-1]


def test_few_texts_say_nothing_about_what_they_share() -> None:
    assert without_signatures(posts("\nВести района", 3)) == posts("\nВести района", 3)


def test_a_line_alone_is_a_text_and_no_signature() -> None:
    texts = ["Вести района"] * 5
    assert without_signatures(texts) == texts


def test_what_only_a_few_of_many_share_stays() -> None:
    texts = posts("\nВести района", 4) + posts("", 6)
    assert without_signatures(texts) == texts
