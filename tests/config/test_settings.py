from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from config import ConfigError, Settings, load_settings, needs_telegram, require_runnable
from config.shown import secrets_of, shown

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def load(folder: Path, text: str, sources: str | None = None) -> Settings:
    path = folder / "newsieve.toml"
    path.write_text(text, encoding="utf-8")
    if sources is not None:
        (folder / "sources.toml").write_text(sources, encoding="utf-8")
    return load_settings(path)


def problems_of(folder: Path, text: str, sources: str | None = None) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load(folder, text, sources)
    return caught.value.problems


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    settings = load(tmp_path, "")
    assert settings.telegram.base_url == "https://api.telegram.org"
    assert settings.schedule.every == timedelta(minutes=15)
    assert settings.schedule.first_run_age == timedelta(hours=6)
    assert settings.store_url == f"sqlite:///{tmp_path}/newsieve.db"
    assert settings.token is None


def test_every_mistake_is_told_at_once_with_its_key(tmp_path: Path) -> None:
    problems = problems_of(
        tmp_path,
        """
        [telegram]
        tokn = "x"
        operators = [1, "a"]
        [classifier]
        threshold = 3
        review_band = [0.6, 0.4]
        [schedule]
        every = "soon"
        [[channel]]
        chat = "@good"
        sources = ["nobody"]
        timezone = "Mars/Base"
        [[source]]
        url = "ftp://news.example"
        """,
    )
    keys = [problem.split(":")[0] for problem in problems]
    assert keys == [
        "telegram.operators[2]",
        "telegram.tokn",
        "classifier.threshold",
        "classifier.review_band",
        "schedule.every",
        "channel[1].timezone",
        "source[1].name",
        "source[1].url",
        "channel[1].sources",
    ]
    assert "did you mean 'token'?" in problems[1]


def test_a_wrong_value_of_a_secret_is_not_repeated(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, '[telegram]\ntoken = ["hunter2"]\nproxy = "ftp://u:hunter2@h"')
    assert len(problems) == 2
    assert "hunter2" not in " ".join(problems)


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ('fastest = "20m"', "fastest is longer than every"),
        ('every = "1h"\nslowest = "30m"', "slowest is shorter than every"),
    ],
)
def test_the_interval_of_sources_lies_between_its_limits(
    tmp_path: Path, limits: str, told: str
) -> None:
    assert problems_of(tmp_path, f"[schedule]\n{limits}") == (f"schedule: {told}",)
    load(tmp_path, '[schedule]\nevery = "1h"\nfastest = "1h"\nslowest = "1h"')


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSIEVE_SCHEDULE__EVERY", "1h30m")
    monkeypatch.setenv("NEWSIEVE_TELEGRAM__OPERATORS", "7, 8")
    settings = load(tmp_path, '[schedule]\nevery = "5m"\nmax_age = "2d"')
    assert settings.schedule.every == timedelta(minutes=90)
    assert settings.schedule.max_age == timedelta(days=2)
    assert settings.telegram.operators == (7, 8)


def test_a_slip_in_the_environment_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSIEVE_TELEGRM__TOKEN", TOKEN)
    monkeypatch.setenv("NEWSIEVE_STORE__URI", "sqlite:///x.db")
    problems = problems_of(tmp_path, "")
    assert problems[0] == "NEWSIEVE_TELEGRM__TOKEN: no such setting; did you mean 'telegram'?"
    assert problems[1] == "store.uri: no such setting; did you mean 'url'?"


def test_sources_come_from_both_files(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        '[[source]]\nname = "a"\nurl = "https://a.example"',
        '[[source]]\nname = "b"\nurl = "https://b.example"\ntags = ["local"]\nevery = "1h"',
    )
    assert [source.name for source in settings.source] == ["a", "b"]
    assert settings.source[1].every == timedelta(hours=1)


def test_settings_do_not_belong_into_the_sources_file(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, "", '[telegram]\ntoken = "x"')
    assert "only [[source]] belongs here" in problem


def test_two_channels_that_are_one_are_refused(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, '[[channel]]\nchat = "@News"\n[[channel]]\nchat = "@news"')
    assert problems == ("channel: two have the chat '@news'",)


@pytest.mark.parametrize("contact", ["https://vesti.example/bot", "red+bot@vesti.example"])
def test_sites_may_be_told_whom_to_write_to(tmp_path: Path, contact: str) -> None:
    settings = load(tmp_path, f'[http]\nuser_agent_contact = "{contact}"')
    assert settings.http.user_agent_contact == contact


@pytest.mark.parametrize("contact", ["", "me", "https://a.example/ (me)", "a@b", "r@a.example\\n"])
def test_what_is_no_contact_is_not_told_to_sites(tmp_path: Path, contact: str) -> None:
    (problem,) = problems_of(tmp_path, f'[http]\nuser_agent_contact = "{contact}"')
    assert problem.startswith("http.user_agent_contact: ")


def test_a_password_in_the_query_of_the_store_is_refused(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, '[store]\nurl = "postgresql://h/db?user=u&password=geheim"')
    assert problem.startswith("store.url: write the password before the host")
    assert "geheim" not in problem


def test_a_name_alone_in_a_proxys_address_is_a_secret(tmp_path: Path) -> None:
    settings = load(tmp_path, '[http]\nproxy = "http://geheim@h:3128"')
    assert secrets_of(settings) == ["geheim"]
    assert "geheim" not in str(shown(settings))


def test_a_timeout_of_nothing_is_refused(tmp_path: Path) -> None:
    assert problems_of(tmp_path, '[http]\ntimeout = "0s"')[0].startswith("http.timeout: ")


def test_two_sources_of_one_name_are_refused(tmp_path: Path) -> None:
    block = '[[source]]\nname = "a"\nurl = "https://a.example"\n'
    assert problems_of(tmp_path, block * 2) == ("source: two are named 'a'",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[telegram\n", "newsieve.toml"),
        ("[source]\nname = 'a'", "two brackets"),
    ],
)
def test_a_file_that_is_no_settings_is_one_clear_line(tmp_path: Path, text: str, told: str) -> None:
    (problem,) = problems_of(tmp_path, text, "")
    assert told in problem
    assert "\n" not in problem


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "newsieve.toml"
    path.write_bytes('[telegram]\ntoken = "ключ"'.encode("cp1251"))
    with pytest.raises(ConfigError, match="not utf-8"):
        load_settings(path)


def test_the_token_can_be_kept_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token.txt").write_text(f"{TOKEN}\n")
    settings = load(tmp_path, '[telegram]\ntoken_file = "token.txt"')
    assert settings.token == TOKEN


def test_what_the_settings_name_must_be_there(tmp_path: Path) -> None:
    problems = problems_of(
        tmp_path,
        """
        [telegram]
        token_file = "nowhere.txt"
        operators = ["me"]
        [classifier]
        model = "models/none"
        [store]
        url = "mysql://u:geheim@h/news"
        [[source]]
        name = "a"
        url = "http://us:geheim@a.example"
        ca_file = "none.pem"
        link = "a[["
        """,
    )
    assert [problem.split(":")[0] for problem in problems] == [
        "telegram.token_file",
        "telegram.operators[1]",
        "store.url",
        "classifier.model",
        "source[1].url",
        "source[1].ca_file",
        "source[1].link",
    ]
    assert "geheim" not in " ".join(problems)


def test_relative_paths_are_meant_from_the_folder_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/model.json").write_text("{}")
    settings = load(tmp_path / "sub", '[classifier]\nmodel = "model.json"')
    assert settings.classifier.model == tmp_path / "sub/model.json"
    assert settings.preview.page == tmp_path / "sub/newsieve-preview.html"


@pytest.mark.parametrize("token", ["abc", "123456789", "123 456:AA", ""])
def test_what_is_no_token_is_told_without_repeating_it(tmp_path: Path, token: str) -> None:
    (problem,) = problems_of(tmp_path, f'[telegram]\ntoken = "{token}"')
    assert problem == "telegram.token: this is no bot token: it looks like 123456789:AA…"


def test_a_token_file_without_a_token_is_told(tmp_path: Path) -> None:
    (tmp_path / "token.txt").write_text("to do\n")
    settings = load(tmp_path, '[telegram]\ntoken_file = "token.txt"')
    with pytest.raises(ConfigError, match=r"telegram\.token_file: .* holds no bot token"):
        _ = settings.token


@pytest.mark.parametrize("ids", ["[1", "1]", "one", "-5", "0"])
def test_what_is_no_user_id_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ids: str
) -> None:
    monkeypatch.setenv("NEWSIEVE_TELEGRAM__OPERATORS", ids)
    (problem,) = problems_of(tmp_path, "")
    assert problem.startswith("telegram.operators[1]: ")


def test_a_review_band_needs_somebody_to_ask(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"classifier\.review_band: needs"):
        require_runnable(
            load(
                tmp_path,
                "[classifier]\nreview_band = [0.4, 0.6]\n"
                '[[channel]]\nchat = "preview"\n[[source]]\nname = "a"\nurl = "https://a.example"',
            )
        )


def test_a_premoderated_channel_needs_somebody_to_ask(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"channel\.premoderate: needs"):
        require_runnable(
            load(
                tmp_path,
                '[[channel]]\nchat = "preview"\npremoderate = true\n'
                '[[source]]\nname = "a"\nurl = "https://a.example"',
            )
        )


def test_operators_are_asked_in_the_first_ones_chat_unless_told_otherwise(tmp_path: Path) -> None:
    assert load(tmp_path, "[telegram]\noperators = [7, 8]").operator_chat == "7"
    settings = load(tmp_path, '[telegram]\noperators = [7]\noperator_chat = "@desk"')
    assert settings.operator_chat == "@desk"
    assert load(tmp_path, "").operator_chat is None


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        f"""
        [telegram]
        token = "{TOKEN}"
        proxy = "socks5://user:proxypass@h:1080"
        [store]
        url = "postgresql://user:dbpass@h/news"
        """,
    )
    told = f"{settings!r} {settings} {shown(settings)}"
    for secret in (TOKEN, "proxypass", "dbpass"):
        assert secret not in told
    assert "postgresql://user:" in str(shown(settings))
    assert set(secrets_of(settings)) == {TOKEN, "proxypass", "dbpass"}


def test_what_run_needs_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        require_runnable(load(tmp_path, '[[channel]]\nchat = "@good"'))
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "source",
        "telegram.token",
    ]


def test_the_preview_channel_needs_no_token(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        '[[channel]]\nchat = "preview"\n[[source]]\nname = "a"\nurl = "https://a.example"',
    )
    assert not needs_telegram(settings)
    require_runnable(settings)


def test_a_numeric_chat_is_kept_as_text(tmp_path: Path) -> None:
    settings = load(tmp_path, "[telegram]\noperator_chat = -1001234567890")
    assert settings.telegram.operator_chat == "-1001234567890"


@pytest.mark.parametrize("chat", ["good", "@", "t.me/x", "-", ""])
def test_what_is_no_chat_is_refused(tmp_path: Path, chat: str) -> None:
    (problem,) = problems_of(tmp_path, f'[[channel]]\nchat = "{chat}"')
    assert problem.startswith("channel[1].chat: ")


@pytest.mark.parametrize(
    "url", ["sqlite:////var/lib/news.db", "postgresql://h/news", "sqlite:///sub/news.db"]
)
def test_only_a_relative_database_is_meant_from_the_settings_folder(
    tmp_path: Path, url: str
) -> None:
    settings = load(tmp_path, f'[store]\nurl = "{url}"')
    expected = f"sqlite:///{tmp_path}/sub/news.db" if "sub" in url else url
    assert settings.store_url == expected


def test_models_lie_beside_the_settings_and_are_retrained_when_asked(tmp_path: Path) -> None:
    settings = load(tmp_path, "")
    assert settings.classifier.models == tmp_path / "models"
    assert settings.classifier.retrain_every is None
    weekly = load(tmp_path, '[classifier]\nretrain_every = "7d"')
    assert weekly.classifier.retrain_every == timedelta(days=7)
    (problem,) = problems_of(tmp_path, '[classifier]\nretrain_every = "0s"')
    assert problem.startswith("classifier.retrain_every")


@pytest.mark.parametrize("said", ["@rayon_24", "t.me/rayon_24", "https://t.me/rayon_24"])
def test_a_channel_of_telegram_may_be_called_by_its_name(tmp_path: Path, said: str) -> None:
    settings = load(tmp_path, f'[[source]]\nname = "Район"\nurl = "{said}"\n')
    assert settings.source[0].url == "https://t.me/rayon_24"


def test_operators_are_spoken_to_in_russian_unless_english_is_asked_for(tmp_path: Path) -> None:
    assert load(tmp_path, "").telegram.language == "ru"
    assert load(tmp_path, '[telegram]\nlanguage = "en"').telegram.language == "en"


def test_a_language_that_newsieve_does_not_speak_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, '[telegram]\nlanguage = "de"')
    (problem,) = refused.value.problems
    assert problem.startswith("telegram.language: ")
    assert "'en' or 'ru'" in problem
