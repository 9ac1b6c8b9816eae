"""Typed settings: the one place to add a knob.

They come from ``newsieve.toml``, from ``sources.toml`` beside it, and from the
environment (``NEWSIEVE_SECTION__KEY``), which wins.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from config.durations import Duration
from config.errors import ConfigError
from config.problems import cross_problems, describe_problems
from config.sources import environment_problems, read_files

PREVIEW = "preview"
"""The chat of a channel that is only shown on this machine."""


def _split_ids(value: object) -> object:
    """Let an environment variable say ``1,2`` or ``[1, 2]``."""
    if isinstance(value, str):
        return [part for part in value.strip("[] ").replace(",", " ").split() if part]
    return [value] if isinstance(value, int) else value


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{value!r} is not an address that begins with http:// or https://")
    return value


def _proxy_address(value: SecretStr) -> SecretStr:
    parts = urlsplit(value.get_secret_value())
    if parts.scheme not in {"http", "https", "socks5", "socks5h"} or not parts.hostname:
        raise ValueError("a proxy is written http://host:port or socks5://host:port")
    return value


def _zone(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError):
        raise ValueError(f"{value!r} is not a time zone like 'Europe/Moscow'") from None


def _chat(value: object) -> object:
    """Chats are numbers or @names; both are kept as text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _chat_name(value: str) -> str:
    named = value.startswith("@") and value[1:].replace("_", "").isalnum()
    if value != PREVIEW and not named and not value.lstrip("-").isdecimal():
        raise ValueError(f"{value!r} is not a chat: write '@name', a number, or '{PREVIEW}'")
    return value


def _ordered(value: tuple[float, float]) -> tuple[float, float]:
    if value[0] >= value[1]:
        raise ValueError("must be [low, high] with low below high")
    return value


WebAddress = Annotated[str, AfterValidator(_web_address)]
ProxyAddress = Annotated[SecretStr, AfterValidator(_proxy_address)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Chat = Annotated[str, BeforeValidator(_chat), AfterValidator(_chat_name)]
Probability = Annotated[float, Field(ge=0, le=1)]
Band = Annotated[tuple[Probability, Probability], AfterValidator(_ordered)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TelegramSettings(_Section):
    """The bot's account and its operators."""

    token: SecretStr | None = None
    token_file: Path | None = None
    base_url: WebAddress = "https://api.telegram.org"
    operators: Annotated[tuple[int, ...], NoDecode, BeforeValidator(_split_ids)] = ()
    operator_chat: Chat | None = None
    scratch_chat: Chat | None = None
    proxy: ProxyAddress | None = None

    @model_validator(mode="after")
    def _one_token(self) -> TelegramSettings:
        if self.token is not None and self.token_file is not None:
            raise ValueError("token and token_file are both set: keep one")
        return self


class StoreSettings(_Section):
    """Where everything is remembered."""

    url: Annotated[SecretStr, Field(min_length=1)] = SecretStr("sqlite:///newsieve.db")


class ClassifierSettings(_Section):
    """Which model decides, and how strictly; what is left out comes from the model."""

    model: Path | None = None
    threshold: Probability | None = None
    review_band: Band | None = None


class ScheduleSettings(_Section):
    """How often sources are fetched and how old news may be."""

    every: Duration = Field(default="15m", validate_default=True)
    first_run_age: Duration = Field(default="1d", validate_default=True)
    max_age: Duration = Field(default="3d", validate_default=True)


class FilterSettings(_Section):
    """What an item must be before its score counts."""

    min_words: Annotated[int, Field(ge=0)] = 5
    cyrillic_share: Probability = 0.5


class SenderSettings(_Section):
    """How posts go out."""

    per_minute: Annotated[float, Field(gt=0, le=60)] = 20
    quarantine: Duration = Field(default="90s", validate_default=True)
    text_length: Annotated[int, Field(ge=0, le=3500)] = 800


class HttpSettings(_Section):
    """How news sites are fetched."""

    allow_private_hosts: bool = False
    host_delay: Duration = Field(default="2s", validate_default=True)
    timeout: Duration = Field(default="20s", validate_default=True)
    max_bytes: Annotated[int, Field(ge=10_000)] = 10_000_000
    proxy: ProxyAddress | None = None


class PreviewSettings(_Section):
    """The page of a channel whose chat is ``preview``."""

    page: Path = Path("newsieve-preview.html")


class ChannelSettings(_Section):
    """One output chat. ``sources`` holds names or tags; left out means all."""

    chat: Chat
    sources: tuple[str, ...] | None = None
    timezone: Zone = ZoneInfo("UTC")


class SourceSettings(_Section):
    """One place to fetch from. Selectors left out mean automatic extraction."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    url: WebAddress
    kind: Literal["feed", "listing"] | None = None
    tags: tuple[str, ...] = ()
    every: Duration | None = None
    timezone: Zone | None = None
    ca_file: Path | None = None
    images: bool = False
    link: str | None = None
    title: str | None = None
    text: str | None = None
    published: str | None = None
    image: str | None = None


class Settings(BaseSettings):
    """Everything newsieve can be told.

    Attributes:
        folder: where ``newsieve.toml`` is; relative paths are meant from there.
    """

    model_config = SettingsConfigDict(
        env_prefix="NEWSIEVE_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    telegram: TelegramSettings = TelegramSettings()
    store: StoreSettings = StoreSettings()
    classifier: ClassifierSettings = ClassifierSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    filter: FilterSettings = FilterSettings()
    sender: SenderSettings = SenderSettings()
    http: HttpSettings = HttpSettings()
    preview: PreviewSettings = PreviewSettings()
    channel: tuple[ChannelSettings, ...] = ()
    source: tuple[SourceSettings, ...] = ()
    folder: Path = Field(default_factory=Path.cwd, exclude=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over what the files say."""
        return env_settings, init_settings

    def path(self, path: Path) -> Path:
        """Return ``path`` as meant from the folder of the settings file."""
        return self.folder / path.expanduser()

    @property
    def token(self) -> str | None:
        """The bot's token, wherever it was given.

        Raises:
            ConfigError: if the token's file cannot be read or is empty.
        """
        if self.telegram.token is not None:
            return self.telegram.token.get_secret_value().strip() or None
        if self.telegram.token_file is None:
            return None
        return _read_secret("telegram.token_file", self.path(self.telegram.token_file))

    @property
    def store_url(self) -> str:
        """The store's address; a relative SQLite file is meant from the settings' folder."""
        url = self.store.url.get_secret_value()
        scheme, found, name = url.partition(":///")
        if scheme != "sqlite" or not found or not name:
            return url
        return f"sqlite:///{self.path(Path(name))}"


def _read_secret(key: str, path: Path) -> str:
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not text"
        raise ConfigError([f"{key}: cannot read {path}: {why}"]) from None
    if not secret:
        raise ConfigError([f"{key}: {path} is empty"])
    return secret


def load_settings(path: Path | None) -> Settings:
    """Return the settings of ``path``, of ``sources.toml`` beside it and of the environment.

    Without a path, the environment and the defaults alone.

    Raises:
        ConfigError: with every mistake found, each opening with its key.
    """
    said: dict[str, Any] = read_files(path) if path else {}
    folder = path.resolve().parent if path else Path.cwd()
    problems = environment_problems(Settings)
    try:
        settings = Settings(**{**said, "folder": folder})
    except ValidationError as error:
        problems += describe_problems(error, Settings) + cross_problems(said)
        raise ConfigError(problems) from None
    problems += cross_problems(settings.model_dump())
    if problems:
        raise ConfigError(problems)
    return settings


def require_runnable(settings: Settings) -> None:
    """Check that there is something to fetch and somewhere to post.

    Raises:
        ConfigError: naming each key that `run` and `once` cannot do without.
    """
    problems = []
    if not settings.source:
        problems.append("source: none is configured; add a [[source]] to sources.toml")
    if not settings.channel:
        problems.append("channel: none is configured; add a [[channel]] to newsieve.toml")
    if settings.token is None and needs_telegram(settings):
        problems.append("telegram.token: missing; get one from @BotFather in Telegram")
    if problems:
        raise ConfigError(problems)


def needs_telegram(settings: Settings) -> bool:
    """Whether any channel is a chat in Telegram."""
    return any(channel.chat != PREVIEW for channel in settings.channel)
