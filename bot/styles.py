"""How the posts of each channel look, by the settings."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path

from bot.post_template import BUILT_IN, PostTemplate, TemplateError
from bot.render import NAME_LENGTH, TITLE_LENGTH, Style, render_post
from config import ConfigError, Settings
from scrapers import Item

_LARGEST = Item("gazeta", "https://gazeta.example/news/1", "М" * TITLE_LENGTH, "")
"""Of what no template may do without, no item has more than this one."""


def styles_of(settings: Settings) -> dict[str, Style]:
    """Return for each chat how its posts look.

    Raises:
        ConfigError: with a line for each template that cannot be used.
    """
    styles, unusable = usable_styles(settings)
    if unusable:
        numbered = enumerate(settings.channel, 1)
        told = [(number, unusable.get(said.chat)) for number, said in numbered]
        raise ConfigError([f"channel[{number}].template: {why}" for number, why in told if why])
    return styles


def usable_styles(settings: Settings) -> tuple[dict[str, Style], dict[str, str]]:
    """Return for each chat how its posts look, and by chat why a template cannot be used.

    There they look as usual.
    """
    styles: dict[str, Style] = {}
    unusable: dict[str, str] = {}
    length = settings.sender.text_length
    for said in settings.channel:
        try:
            styles[said.chat] = style_by(said.template, length, said.timezone)
        except TemplateError as error:
            unusable[said.chat] = str(error)
            styles[said.chat] = style_by(None, length, said.timezone)
    return styles, unusable


def style_by(path: Path | None, text_length: int, zone: tzinfo) -> Style:
    """Return how posts look by the template in a file; None: by the built-in one.

    Raises:
        TemplateError: if it cannot be used, or leaves no room for a long title.
    """
    style = Style(PostTemplate.load(path) if path else BUILT_IN, text_length, zone)
    render_post(_LARGEST, source_name="М" * NAME_LENGTH, style=style)
    return style
