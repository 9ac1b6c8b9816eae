"""Typed settings: the one place to add a knob.

They come from ``newsieve.toml``, from ``sources.toml`` beside it, and from the
environment (``NEWSIEVE_SECTION__KEY``), which wins.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.durations import Duration
from config.errors import ConfigError
from config.fields import (
    Band,
    Chat,
    Contact,
    PerMinute,
    PositiveDuration,
    Probability,
    ProxyAddress,
    Selector,
    SourceAddress,
    StoreUrl,
    Token,
    UserIds,
    WebAddress,
    Zone,
)
from config.hours import Hours
from config.paths import AnyPath, ExistingPath, FilePath, ReadablePath, meant_from
from config.problems import cross_problems, describe_problems
from config.sources import environment_problems, read_files


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TelegramSettings(_Section):
    """The bot's account and its operators."""

    token: Token | None = None
    token_file: ReadablePath | None = None
    base_url: WebAddress = "https://api.telegram.org"
    operators: UserIds = ()
    operator_chat: Chat | None = None
    scratch_chat: Chat | None = None
    language: Literal["en", "ru"] = "ru"
    proxy: ProxyAddress | None = None

    @model_validator(mode="after")
    def _one_token(self) -> TelegramSettings:
        if self.token is not None and self.token_file is not None:
            raise ValueError("token and token_file are both set: keep one")
        return self


class StoreSettings(_Section):
    """Where everything is remembered."""

    url: StoreUrl = Field(default=SecretStr("sqlite:///newsieve.db"), validate_default=True)


class ClassifierSettings(_Section):
    """Which model decides, and how strictly; what is left out comes from the model."""

    model: ExistingPath | None = None
    models: AnyPath = Field(default=Path("models"), validate_default=True)
    retrain_every: PositiveDuration | None = None
    custom: ReadablePath | None = None
    threshold: Probability | None = None
    review_band: Band | None = None


class ScheduleSettings(_Section):
    """How often sources are fetched and how old news may be.

    A source begins with ``every``; its interval then moves between ``fastest`` and ``slowest``
    (left out: a third of ``every``, eight times ``every``).
    """

    every: Duration = Field(default="15m", validate_default=True)
    fastest: Duration | None = None
    slowest: Duration | None = None
    first_run_age: Duration = Field(default="6h", validate_default=True)
    max_age: Duration = Field(default="3d", validate_default=True)

    @model_validator(mode="after")
    def _every_between(self) -> ScheduleSettings:
        if self.fastest is not None and self.fastest > self.every:
            raise ValueError("fastest is longer than every")
        if self.slowest is not None and self.slowest < self.every:
            raise ValueError("slowest is shorter than every")
        return self


class FilterSettings(_Section):
    """What an item must be before its score counts."""

    min_words: Annotated[int, Field(ge=0)] = 5
    cyrillic_share: Probability = 0.5


class ReviewSettings(_Section):
    """What operators are shown beside what is in doubt."""

    audit_share: Probability = 0.0


class SenderSettings(_Section):
    """How posts go out."""

    per_minute: PerMinute = 20
    quarantine: Duration = Field(default="90s", validate_default=True)
    expire: Duration = Field(default="24h", validate_default=True)
    text_length: Annotated[int, Field(ge=0, le=3500)] = 800


class HttpSettings(_Section):
    """How news sites are fetched."""

    allow_private_hosts: bool = False
    robots: bool = True
    user_agent_contact: Contact | None = None
    host_delay: Duration = Field(default="2s", validate_default=True)
    max_crawl_delay: Duration = Field(default="10s", validate_default=True)
    max_pause: Duration = Field(default="1h", validate_default=True)
    host_requests: Annotated[int, Field(ge=1, le=100)] = 1
    max_requests: Annotated[int, Field(ge=1, le=500)] = 16
    timeout: PositiveDuration = Field(default="20s", validate_default=True)
    max_bytes: Annotated[int, Field(ge=10_000)] = 10_000_000
    proxy: ProxyAddress | None = None


class PreviewSettings(_Section):
    """The page of a channel whose chat is ``preview``."""

    page: AnyPath = Field(default=Path("newsieve-preview.html"), validate_default=True)


class ChannelSettings(_Section):
    """One output chat. ``sources`` holds names or tags; left out means all.

    ``feed`` is a file that shows the channel as RSS. To a channel that is to ``premoderate``
    nothing goes before an operator calls it good. ``also``: posts name who else tells the story.
    """

    chat: Chat
    sources: tuple[str, ...] | None = None
    timezone: Zone = ZoneInfo("UTC")
    template: ReadablePath | None = None
    per_minute: PerMinute | None = None
    silent: Hours | None = None
    feed: FilePath | None = None
    premoderate: bool = False
    also: bool = True


class SourceSettings(_Section):
    """One place to fetch from. Selectors left out mean automatic extraction."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    url: SourceAddress
    kind: Literal["feed", "listing", "sitemap", "telegram"] | None = None
    tags: tuple[str, ...] = ()
    every: Duration | None = None
    timezone: Zone | None = None
    ca_file: ExistingPath | None = None
    images: bool = False
    link: Selector | None = None
    title: Selector | None = None
    text: Selector | None = None
    published: Selector | None = None
    image: Selector | None = None


class Settings(BaseSettings):
    """Everything newsieve can be told; all paths in it are whole."""

    model_config = SettingsConfigDict(
        env_prefix="NEWSIEVE_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    telegram: TelegramSettings = Field(default_factory=TelegramSettings)
    store: StoreSettings = Field(default_factory=StoreSettings)
    classifier: ClassifierSettings = Field(default_factory=ClassifierSettings)
    schedule: ScheduleSettings = Field(default_factory=ScheduleSettings)
    filter: FilterSettings = Field(default_factory=FilterSettings)
    review: ReviewSettings = Field(default_factory=ReviewSettings)
    sender: SenderSettings = Field(default_factory=SenderSettings)
    http: HttpSettings = Field(default_factory=HttpSettings)
    preview: PreviewSettings = Field(default_factory=PreviewSettings)
    channel: tuple[ChannelSettings, ...] = ()
    source: tuple[SourceSettings, ...] = ()

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

    @property
    def token(self) -> str | None:
        """The bot's token, wherever it was given.

        Raises:
            ConfigError: if the token's file holds none.
        """
        said = self.telegram
        if said.token_file is not None:
            return _read_token(said.token_file)
        return said.token.get_secret_value() if said.token is not None else None

    @property
    def store_url(self) -> str:
        """The store's address."""
        return self.store.url.get_secret_value()

    @property
    def operator_chat(self) -> str | None:
        """Where operators are shown things: as configured, or else the first operator's chat."""
        first = next(iter(self.telegram.operators), None)
        return self.telegram.operator_chat or (str(first) if first is not None else None)


def _read_token(path: Path) -> str:
    try:
        told = TelegramSettings(token=SecretStr(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, ValidationError):
        raise ConfigError([f"telegram.token_file: {path} holds no bot token"]) from None
    return told.token.get_secret_value() if told.token else ""


def load_settings(path: Path | None) -> Settings:
    """Return the settings of ``path``, of ``sources.toml`` beside it and of the environment.

    Without a path, the environment and the defaults alone.

    Raises:
        ConfigError: with every mistake found, each opening with its key.
    """
    said: dict[str, Any] = read_files(path) if path else {}
    problems = environment_problems(Settings)
    try:
        with meant_from(path.resolve().parent if path else Path.cwd()):
            settings = Settings(**said)
    except ValidationError as error:
        problems += describe_problems(error, Settings) + cross_problems(said)
        raise ConfigError(problems) from None
    problems += cross_problems(settings.model_dump())
    if problems:
        raise ConfigError(problems)
    return settings
