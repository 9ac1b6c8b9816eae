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
    for said in settings.channel:
        template = BUILT_IN
        try:
            template = PostTemplate.load(said.template) if said.template else BUILT_IN
        except TemplateError as error:
            unusable[said.chat] = str(error)
        styles[said.chat] = Style(template, settings.sender.text_length, said.timezone)
    return styles, unusable
