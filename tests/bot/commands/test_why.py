"""/why: words that a person can read, and what holds up the post."""

from __future__ import annotations

from bot.commands.pushes import push_lines
from bot.language import speaking
from bot.store import Store
from classifier.explain import Explanation, Push
from tests.emulator import User
from tests.store.samples import NOW, queued


def explanation(**pushes: float) -> Explanation:
    return Explanation(0.5, 0.0, tuple(Push(word, value) for word, value in pushes.items()), True)


def test_punctuation_is_one_figure_and_no_words() -> None:
    pushes = {"мост": -0.18, "беда": 0.5, ".": 0.2, ",": 0.16, "«": -0.1, "_": 0.02}
    with speaking("ru"):
        lines = push_lines(explanation(**pushes), "Беда: мост.")
    assert lines[:3] == [
        "В сторону плохой: беда +0,50",
        "В сторону хорошей: мост -0,18",
        "Знаки препинания: +0,28",
    ]


def test_a_number_is_told_as_it_is_written_if_only_one_can_be_meant() -> None:
    pushes = {"00": 0.17, "0000": 0.2, "000": 0.1}
    (told, _figures) = push_lines(explanation(**pushes), "В 2026 году 14 домов, 100 и 200 семей")
    assert told == "Towards bad: 2026 +0.20, 14 +0.17, 000 +0.10"


async def test_why_tells_what_holds_up_the_post(bot: None, store: Store, operator: User) -> None:
    post = await queued(store)
    why = "Need administrator rights in the channel chat"
    await store.posts.postpone(post.id, not_before=NOW.replace(year=2100), error=why)
    operator.language = "ru"
    told = (await operator.ask("/why 1")).text
    assert told.count("бот не администратор этого канала") == 1
