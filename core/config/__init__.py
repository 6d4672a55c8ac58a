"""`config.toml` ⇄ typed settings.

`locate` finds the file, `load_settings` reads it whole or raises `ConfigError` with all that is wrong in it,
`edited` and `save` change it, `write_first` makes the first one.
"""

from core.config.editing import EditPath, TomlValue, difference, edited, save
from core.config.first import FirstAnswers, FirstTarget, first_config, write_first
from core.config.graph_settings import GraphSettings
from core.config.locating import locate, place_for_new
from core.config.problems import ConfigChanged, ConfigError, ConfigMissing, Problem
from core.config.reading import load_settings, read_settings
from core.config.settings import (
    AutoApply,
    ConsoleSettings,
    IpNetwork,
    ListenerSettings,
    LogSettings,
    ProviderKind,
    ProviderMethod,
    ProviderSettings,
    ScheduleSettings,
    Settings,
    StoreSettings,
    TargetKind,
    TargetSettings,
)
from core.config.source import Source, read_source

__all__ = [
    "AutoApply",
    "ConfigChanged",
    "ConfigError",
    "ConfigMissing",
    "ConsoleSettings",
    "EditPath",
    "FirstAnswers",
    "FirstTarget",
    "GraphSettings",
    "IpNetwork",
    "ListenerSettings",
    "LogSettings",
    "Problem",
    "ProviderKind",
    "ProviderMethod",
    "ProviderSettings",
    "ScheduleSettings",
    "Settings",
    "Source",
    "StoreSettings",
    "TargetKind",
    "TargetSettings",
    "TomlValue",
    "difference",
    "edited",
    "first_config",
    "load_settings",
    "locate",
    "place_for_new",
    "read_settings",
    "read_source",
    "save",
    "write_first",
]
