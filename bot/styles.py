"""How the posts of each channel look, by the settings."""

from __future__ import annotations

from bot.post_template import BUILT_IN, PostTemplate, TemplateError
from bot.render import Style
from config import ConfigError, Settings


def styles_of(settings: Settings) -> dict[str, Style]:
    """Return for each chat how its posts look.

    Raises:
        ConfigError: with a line for each template that cannot be used.
    """
    styles: dict[str, Style] = {}
    problems: list[str] = []
    for number, said in enumerate(settings.channel, 1):
        try:
            template = PostTemplate.load(said.template) if said.template else BUILT_IN
        except TemplateError as error:
            problems.append(f"channel[{number}].template: {error}")
        else:
            styles[said.chat] = Style(template, settings.sender.text_length, said.timezone)
    if problems:
        raise ConfigError(problems)
    return styles
