from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import ConfigError, load_settings
from config.blocks import add_source, remove_source, source_block

NEW = {"name": "Вести", "url": "https://vesti.example/", "tags": ["city"], "images": True}

# As users write them: comments, odd spaces, what looks like a header in a text.
SOURCES = '''# Our sources.

# The first one.
[[source]]
name = "Первый"   # ours
url = "https://one.example/"
tags = [
  "city",
]

# The second one.
[[ source ]]
url = "https://two.example/"
name = """
Второй
[[source]]
name = "не имя"
"""

[[source]]
name = "Третий"
url = "https://three.example/"
# the end
'''


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "newsieve.toml").write_text("[schedule]\n", encoding="utf-8")
    return tmp_path / "newsieve.toml"


def beside(file: Path, text: str | None = None) -> Path:
    path = file.with_name("sources.toml")
    if text is not None:
        path.write_bytes(text.encode())
    return path


def names(file: Path) -> list[str]:
    return [said.name for said in load_settings(file).source]


def test_a_source_is_added_behind_all_that_stands_there(file: Path) -> None:
    path = beside(file, SOURCES)

    assert add_source(file, NEW) == path

    assert path.read_bytes().decode() == f"{SOURCES}\n{source_block(NEW)}"
    assert names(file)[-1] == "Вести"


def test_the_file_is_made_where_there_is_none(file: Path) -> None:
    add_source(file, NEW)
    assert beside(file).read_text("utf-8") == source_block(NEW)


@pytest.mark.parametrize("before", ["# нет строки в конце", "\ufeff# с меткой\n", "# окна\r\n"])
def test_what_stood_there_stays_byte_for_byte(file: Path, before: str) -> None:
    path = beside(file, before)

    add_source(file, NEW)

    after = path.read_bytes().decode()
    assert after.startswith(before)
    assert ("\r\n" in after) == ("\r\n" in before)
    assert after.count("\n") == after.count("\r\n") or "\r\n" not in after
    assert names(file) == ["Вести"]


@pytest.mark.parametrize(
    ("before", "problem"),
    [
        ('source = [{name = "a", url = "https://a.example/"}]\n', "sources.toml"),
        ("[[source]\n", "sources.toml"),
        ("[source]\nname = 'a'\n", "two brackets"),
    ],
)
def test_a_file_that_does_not_take_it_is_told_and_left_alone(
    file: Path, before: str, problem: str
) -> None:
    path = beside(file, before)

    with pytest.raises(ConfigError, match=problem):
        add_source(file, NEW)

    assert path.read_text("utf-8") == before
    assert sorted(path.name for path in file.parent.iterdir()) == ["newsieve.toml", "sources.toml"]


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        (
            "Первый",
            SOURCES[SOURCES.index("[[source]]") : SOURCES.index("# The second")],
        ),
        ("Третий", '\n[[source]]\nname = "Третий"\nurl = "https://three.example/"\n'),
        (
            'Второй\n[[source]]\nname = "не имя"\n',
            SOURCES[SOURCES.index("[[ source ]]") : SOURCES.index('[[source]]\nname = "Третий"')],
        ),
    ],
)
def test_a_source_is_taken_out_and_all_else_stays(file: Path, name: str, gone: str) -> None:
    path = beside(file, SOURCES)

    assert remove_source(file, name) == path

    left = path.read_bytes().decode()
    assert left.replace("\n", "") == SOURCES.replace(gone, "", 1).replace("\n", "")
    assert name not in names(file)
    assert len(names(file)) == 2


def test_a_source_in_the_settings_themselves_is_taken_out_there(file: Path) -> None:
    file.write_text(f"[schedule]\n\n{source_block(NEW)}\n[filter]\nmin_words = 3\n", "utf-8")

    assert remove_source(file, "Вести") == file

    assert file.read_text("utf-8") == "[schedule]\n\n[filter]\nmin_words = 3\n"


def test_a_source_written_otherwise_is_for_the_user_to_change(file: Path) -> None:
    text = 'source = [{name = "a", url = "https://a.example/"}]\n'
    path = beside(file, text)

    with pytest.raises(ConfigError, match="change it there"):
        remove_source(file, "a")

    assert path.read_text("utf-8") == text


def test_nobody_of_that_name(file: Path) -> None:
    with pytest.raises(ConfigError, match="none is named 'Вести'"):
        remove_source(file, "Вести")


def test_rights_and_links_of_the_file_stay(file: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere.toml"
    real.write_text("# here\n", "utf-8")
    real.chmod(0o640)
    beside(file).symlink_to(real)

    add_source(file, NEW)

    assert beside(file).is_symlink()
    assert "Вести" in real.read_text("utf-8")
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_file_that_cannot_be_read_is_one_clear_line(file: Path) -> None:
    beside(file).mkdir()
    with pytest.raises(ConfigError, match=r"sources\.toml: Is a directory"):
        add_source(file, NEW)


lines = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=lines, link=lines, comment=st.text(st.characters(codec="ascii", categories=["L"])))
def test_whatever_is_added_is_read_as_it_was_and_can_be_taken_out_again(
    file: Path, name: str, link: str, comment: str
) -> None:
    before = f"# {comment}\n\n[[source]]\nname = 'other'\nurl = 'https://other.example/'\n"
    path = beside(file, before)

    add_source(file, {"name": name, "url": "https://a.example/", "link": link})
    if name == "other":
        return
    remove_source(file, name)

    assert path.read_bytes().decode() == before
