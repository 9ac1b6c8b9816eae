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
    styles: dict[str, Style] = {}
    problems: list[str] = []
    for number, said in enumerate(settings.channel, 1):
        try:
            styles[said.chat] = style_by(said.template, settings.sender.text_length, said.timezone)
        except TemplateError as error:
            problems.append(f"channel[{number}].template: {error}")
    if problems:
        raise ConfigError(problems)
    return styles


def style_by(path: Path | None, text_length: int, zone: tzinfo) -> Style:
    """Return how posts look by the template in a file; None: by the built-in one.

    Raises:
        TemplateError: if it cannot be used, or leaves no room for a long title.
    """
    style = Style(PostTemplate.load(path) if path else BUILT_IN, text_length, zone)
    render_post(_LARGEST, source_name="М" * NAME_LENGTH, style=style)
    return style
