"""What runs and failures say of their source."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import replace

import pytest

from scrapers import (
    Blocked,
    Challenged,
    Client,
    ClientOptions,
    FetchError,
    Item,
    Kind,
    LayoutChanged,
    ParseError,
    Run,
    ScrapeError,
    Source,
    Validators,
    fetch,
)
from scrapers.health import Condition, Diagnosis, Usual, diagnose
from tests.newsserver import NewsServer, Story, hang, login_page, page, status

URL = "https://gazeta.example/news/"
ARTICLE = "https://gazeta.example/news/42"
KNOWN = Usual(runs=20, shown=30.0, articles=40, titles=1.0, texts=1.0)


def article(number: int = 1, *, title: str = "Мост открыт", text: str = "С утра.") -> Item:
    return Item("Вести", f"https://gazeta.example/news/{number}", title, text)


def run(
    *fresh: Item, shown: int = 30, kind: Kind = Kind.LISTING, failures: Sequence[ScrapeError] = ()
) -> Run:
    return Run("Вести", fresh, Validators(), shown=shown, kind=kind, failures=tuple(failures))


def see(
    outcome: Run | ScrapeError,
    usual: Usual = KNOWN,
    *,
    dead: int = 0,
    before: Condition = Condition.FINE,
) -> Diagnosis:
    fresh = outcome.items if isinstance(outcome, Run) else ()
    if isinstance(outcome, Run) and dead:
        outcome = replace(outcome, dead=tuple(str(error) for error in outcome.failures[:dead]))
    return diagnose(outcome, usual, url=URL, fresh=fresh, dead=dead, before=before)


def no_text(*numbers: int) -> Run:
    return run(*(article(number, text="") for number in numbers))


# Failures.


def unresolved(number: int, address: str = URL) -> FetchError:
    error = FetchError(address, "no answer")
    error.__cause__ = OSError("connect")
    error.__cause__.__context__ = socket.gaierror(number, "name")
    return error


@pytest.mark.parametrize(
    ("error", "condition"),
    [
        (FetchError(URL, "silent for 20 s"), Condition.UNREACHABLE),
        (FetchError(URL, "answered 502 Bad Gateway", status=502), Condition.UNREACHABLE),
        (unresolved(socket.EAI_AGAIN), Condition.UNREACHABLE),
        (unresolved(socket.EAI_NONAME), Condition.GONE),
        (unresolved(socket.EAI_NONAME, "https://gazeta.example/robots.txt"), Condition.GONE),
        (FetchError(URL, "answered 404 Not Found", status=404), Condition.GONE),
        (FetchError(URL, "answered 410 Gone", status=410), Condition.GONE),
        (FetchError(URL, "answered 403 Forbidden", status=403), Condition.BLOCKED),
        (FetchError(URL, "answered 429", status=429, retry_after=60), Condition.BLOCKED),
        (Blocked(URL, "shows a check of the visitor"), Condition.BLOCKED),
        (LayoutChanged(URL, "nothing matches '.news a'"), Condition.LAYOUT_CHANGED),
        (ParseError(URL, "is no feed"), Condition.UNREADABLE),
        # The source answered, its articles did not.
        (ParseError(ARTICLE, "neither title nor text"), Condition.LAYOUT_CHANGED),
        (FetchError(ARTICLE, "answered 404", status=404), Condition.LAYOUT_CHANGED),
        (FetchError(ARTICLE, "answered 500", status=500), Condition.UNREACHABLE),
    ],
)
def test_each_failure_says_what_is_wrong(error: ScrapeError, condition: Condition) -> None:
    diagnosis = see(error)
    assert diagnosis.condition is condition
    assert error.reason in diagnosis.detail


def test_a_failure_teaches_nothing_of_what_is_usual() -> None:
    assert see(FetchError(URL, "answered 404", status=404)).usual == KNOWN


def test_a_source_at_the_same_address_written_otherwise_is_the_source() -> None:
    error = FetchError("http://www.gazeta.example/news", "answered 404", status=404)
    assert see(error).condition is Condition.GONE


# Good runs.


def test_new_articles_are_fine_and_none_are_nothing_new() -> None:
    assert see(run(article())).condition is Condition.FINE
    assert see(run()).condition is Condition.NOTHING_NEW
    unchanged = Run("Вести", (), Validators(), unchanged=True, kind=Kind.LISTING)
    assert see(unchanged).condition is Condition.NOTHING_NEW


def test_a_source_that_was_never_read_may_show_anything() -> None:
    first = see(run(article(text=""), shown=1), Usual())
    assert first.condition is Condition.FINE


def test_a_permanent_redirect_to_another_place_is_a_move() -> None:
    moved = replace(run(article()), moved_to="https://vesti.example/news/")
    diagnosis = see(moved)
    assert diagnosis.condition is Condition.MOVED
    assert "https://vesti.example/news/" in diagnosis.detail


@pytest.mark.parametrize("same", ["http://gazeta.example/news", "https://www.gazeta.example/news/"])
def test_another_spelling_of_the_same_place_is_no_move(same: str) -> None:
    assert see(replace(run(), moved_to=same)).condition is Condition.NOTHING_NEW


# How many articles are shown.


def test_far_fewer_links_than_usual_are_another_layout() -> None:
    diagnosis = see(run(shown=3))
    assert diagnosis.condition is Condition.LAYOUT_CHANGED
    assert diagnosis.detail == "shows 3 articles; usually at least 30"


@pytest.mark.parametrize("shown", [10, 30, 300])
def test_some_fewer_or_many_more_links_are_none(shown: int) -> None:
    assert see(run(shown=shown)).condition is Condition.NOTHING_NEW


def test_a_page_that_never_showed_much_may_show_less() -> None:
    assert see(run(shown=1), replace(KNOWN, shown=5.0)).condition is Condition.NOTHING_NEW


def test_one_run_is_no_habit() -> None:
    usual = see(run(article(), shown=30), Usual()).usual
    assert see(run(shown=3), usual).condition is Condition.NOTHING_NEW
    usual = see(run(shown=30), usual).usual
    assert see(run(shown=3), usual).condition is Condition.LAYOUT_CHANGED


def test_a_page_of_todays_news_is_short_every_midnight_and_no_alarm() -> None:
    usual = Usual()
    for _day in range(7):
        for quarter in range(96):
            diagnosis = see(run(article(), shown=1 + quarter // 6), usual)
            assert diagnosis.condition is Condition.FINE
            usual = diagnosis.usual


def test_feeds_may_be_short_but_not_empty() -> None:
    assert see(run(shown=2, kind=Kind.FEED)).condition is Condition.NOTHING_NEW
    assert see(run(shown=0, kind=Kind.FEED)).condition is Condition.LAYOUT_CHANGED


def test_a_news_sitemap_is_empty_after_holidays() -> None:
    assert see(run(shown=0, kind=Kind.SITEMAP)).condition is Condition.NOTHING_NEW


def test_a_site_that_shows_less_and_goes_on_bringing_news_is_believed_in_time() -> None:
    usual, conditions = KNOWN, []
    for number in range(60):
        diagnosis = see(run(article(number), shown=8), usual)
        usual = diagnosis.usual
        conditions.append(diagnosis.condition)
    assert conditions[:2] == [Condition.LAYOUT_CHANGED] * 2
    assert conditions[-1] is Condition.FINE


# What the articles give.


def test_articles_without_text_are_another_layout_until_one_has_text_again() -> None:
    first = see(no_text(1))
    assert first.condition is Condition.LAYOUT_CHANGED
    second = see(no_text(2), first.usual)
    assert second.condition is Condition.LAYOUT_CHANGED
    assert "last 2 articles" in second.detail
    nothing_new = see(run(), second.usual, before=second.condition)
    assert nothing_new.condition is Condition.LAYOUT_CHANGED
    assert see(run(article(3)), nothing_new.usual).condition is Condition.FINE


def test_one_article_without_text_is_forgotten_when_nothing_follows() -> None:
    one = see(no_text(1))
    assert see(run(), one.usual, before=one.condition).condition is Condition.NOTHING_NEW


def test_several_articles_without_text_are_not_forgotten() -> None:
    several = see(no_text(1, 2, 3))
    after = see(run(), several.usual, before=several.condition)
    assert (several.condition, after.condition) == (Condition.LAYOUT_CHANGED,) * 2


def test_articles_without_title_are_another_layout() -> None:
    assert see(run(article(title=""), article(2, title=""))).condition is Condition.LAYOUT_CHANGED


def test_one_photo_without_words_among_others_is_fine() -> None:
    assert see(run(article(1, text=""), article(2))).condition is Condition.FINE


def test_a_source_of_photos_never_had_words() -> None:
    usual = see(run(*(article(n, text="") for n in range(6))), Usual()).usual
    diagnosis = see(no_text(7, 8), see(run(), usual).usual)
    assert diagnosis.condition is Condition.FINE


def test_a_feed_that_drops_its_texts_is_another_layout() -> None:
    feed = run(article(1, text=""), article(2, text=""), kind=Kind.FEED)
    assert see(feed).condition is Condition.LAYOUT_CHANGED


def test_links_that_lead_nowhere_are_another_layout() -> None:
    missing = [FetchError(f"{URL}{n}", "answered 404", status=404) for n in range(2)]
    diagnosis = see(run(failures=missing), dead=2)
    assert diagnosis.condition is Condition.LAYOUT_CHANGED
    assert "lead nowhere" in diagnosis.detail


def test_pages_that_were_dead_before_say_nothing() -> None:
    missing = [FetchError(f"{URL}{n}", "answered 404", status=404) for n in range(2)]
    dead = replace(run(failures=missing), dead=("one", "two"))
    assert diagnose(dead, KNOWN, url=URL, dead=0).condition is Condition.NOTHING_NEW


def test_articles_behind_a_captcha_are_blocked_and_stay_so_when_nothing_new_comes() -> None:
    walls = [Blocked(f"{URL}{n}", "shows a check of the visitor") for n in range(2)]
    blocked = see(run(failures=walls), dead=2)
    assert blocked.condition is Condition.BLOCKED
    after = see(run(), blocked.usual, before=blocked.condition)
    assert after.condition is Condition.BLOCKED


@pytest.mark.parametrize(
    "error",
    [
        Challenged(ARTICLE, "shows a check of the visitor"),
        FetchError(ARTICLE, "answered 429", status=429),
    ],
)
def test_a_run_that_ends_at_a_captcha_or_is_asked_to_stop_is_blocked(error: FetchError) -> None:
    turned_away = see(run(failures=[error]))
    assert turned_away.condition is Condition.BLOCKED
    assert error.reason in turned_away.detail
    # It comes after as many articles as one may ask for.
    assert see(run(article(), failures=[error])).condition is Condition.FINE
    assert see(run(), turned_away.usual).condition is Condition.NOTHING_NEW


def test_articles_that_do_not_answer_are_unreachable_unless_they_are_one_or_two() -> None:
    errors = [FetchError(f"{URL}{n}", "answered 502", status=502) for n in range(3)]
    assert see(run(failures=errors)).condition is Condition.UNREACHABLE
    usual = KNOWN
    for _ in range(5):
        diagnosis = see(run(failures=errors[:2]), usual)
        assert diagnosis.condition is Condition.NOTHING_NEW
        usual = diagnosis.usual


def test_single_bad_entries_of_a_feed_say_nothing() -> None:
    bad = [ParseError(URL, "an entry without a link")] * 3
    assert see(run(kind=Kind.FEED, failures=bad)).condition is Condition.NOTHING_NEW


# On real sites.


async def visit(source: Source, usual: Usual, *, patience: float = 20) -> Diagnosis:
    async def all_of_them(addresses: Sequence[str]) -> Sequence[str]:
        return addresses

    options = ClientOptions(timeout=patience, host_delay=0, allow_private_hosts=True)
    async with Client(options) as client:
        try:
            outcome: Run | ScrapeError = await fetch(source, client, unseen=all_of_them)
        except ScrapeError as error:
            outcome = error
    fresh = outcome.items if isinstance(outcome, Run) else ()
    return diagnose(outcome, usual, url=source.url, fresh=fresh)


async def test_a_site_that_breaks_in_different_ways_is_told_apart() -> None:
    stories = [
        Story(f"news-{n}-2026", f"В городе открыли новый мост {n}", "Утром.") for n in (1, 2)
    ]
    found = {}
    async with NewsServer() as news:
        source = Source("Вести", news.publish_listing("/news", stories), Kind.LISTING)
        found["good"] = (await visit(source, Usual())).condition
        for name, answer in {
            "no links": page("<html><body><h1>Городские вести</h1><p>Скоро.</p></body></html>"),
            "login": login_page(),
            "404": status(404),
            "403": status(403),
            "503": status(503),
            "silent": hang(),
        }.items():
            news.serve("/news", answer)
            patience = 0.3 if name == "silent" else 20
            found[name] = (await visit(source, KNOWN, patience=patience)).condition
    found["no server"] = (await visit(source, KNOWN)).condition
    assert found == {
        "good": Condition.FINE,
        "no links": Condition.LAYOUT_CHANGED,
        "login": Condition.BLOCKED,
        "404": Condition.GONE,
        "403": Condition.BLOCKED,
        "503": Condition.UNREACHABLE,
        "silent": Condition.UNREACHABLE,
        "no server": Condition.UNREACHABLE,
    }
