"""Settings: the one typed place where newsieve is told what to do."""

from config.errors import ConfigError
from config.fields import PREVIEW
from config.runnable import needs_telegram, require_runnable
from config.settings import (
    ChannelSettings,
    Settings,
    SourceSettings,
    load_settings,
)

__all__ = [
    "PREVIEW",
    "ChannelSettings",
    "ConfigError",
    "Settings",
    "SourceSettings",
    "load_settings",
    "needs_telegram",
    "require_runnable",
]
