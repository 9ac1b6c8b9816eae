"""The command that shows what posts look like: template."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated

import typer

from bot.also import Also, Mention
from bot.channel import Message
from bot.cli.options import ConfigFile, console, open_settings
from bot.post_template import BUILT_IN_PATH, TemplateError
from bot.preview import styled
from bot.render import USUAL, Style, render_post
from bot.styles import style_by, styles_of
from config import ConfigError, Settings
from scrapers import Item

_EXAMPLE = Item(
    source="Городские вести",
    url="https://gazeta.example/news/most",
    title="В Заречье открыли новый мост",
    text="Движение по мосту пустили утром в субботу. Первыми по нему прошли школьники.\n"
    "Раньше жители ездили в центр через паром, дорога занимала час. Теперь это десять минут.",
    published=datetime(2024, 3, 9, 6, 30, tzinfo=timezone.utc),
)
_ALSO = Also((Mention(0, "Радио Заречья", "https://radio.example/most"),), more=2)


def register(app: typer.Typer) -> None:
    """Add the commands of this module to ``app``."""
    app.command()(template)


def template(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A template; left out: that of the channel."),
    ] = None,
    channel: Annotated[
        str | None, typer.Option(metavar="CHAT", help="Left out: the first of the settings.")
    ] = None,
    html: Annotated[bool, typer.Option("--html", help="Print what Telegram is given.")] = False,
    built_in: Annotated[
        bool, typer.Option("--built-in", help="Print the built-in template, to begin with.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Show what a post looks like in a channel, or by a template that is still tried out."""
    if built_in:
        typer.echo(BUILT_IN_PATH.read_text(encoding="utf-8"), nl=False)
        return
    settings = open_settings(context, config, needed=False)
    style = _style(settings, channel, file)
    try:
        message = _example(style)
    except TemplateError as error:
        raise ConfigError([f"{file or 'the template'}: {error}"]) from None
    if html:
        typer.echo(message.html)
    else:
        console().print(styled(message.html))


def _example(style: Style) -> Message:
    return render_post(_EXAMPLE, source_name=_EXAMPLE.source, style=style, also=_ALSO)


def _style(settings: Settings, channel: str | None, file: Path | None) -> Style:
    chosen = [said for said in settings.channel if channel in (None, said.chat)][:1]
    if channel is not None and not chosen:
        raise ConfigError([f"--channel: there is no channel {channel!r} in the settings"])
    if file is None:
        styles = styles_of(settings.model_copy(update={"channel": tuple(chosen)}))
        return next(iter(styles.values()), USUAL)
    zone = chosen[0].timezone if chosen else timezone.utc
    try:
        return style_by(file, settings.sender.text_length, zone)
    except TemplateError as error:
        raise ConfigError([f"{file}: {error}"]) from None
