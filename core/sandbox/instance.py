"""What every simulated product instance keeps, whatever it keeps beside. Whoever touches it holds `lock`."""

import threading
from collections import Counter
from typing import Generic, TypeVar

from core.sandbox.effects import Effect, EffectKind
from core.sandbox.embedded_crowd import EmbeddedCrowd
from core.sandbox.version import Version

SettingsT = TypeVar("SettingsT")


class Served(Generic[SettingsT]):
    """Version, settings, and the records of what was asked and done."""

    def __init__(self, version: Version, context: str, settings: SettingsT) -> None:
        self.lock = threading.RLock()
        self.version = version
        self.context = context
        """The context path: empty, or like `/jira`."""
        self.settings = settings
        self.effects: list[Effect] = []
        self.requests: Counter[tuple[str, str]] = Counter()
        """How many requests each (method, route) got."""

    def record(self, kind: EffectKind, subject: str, detail: str = "") -> None:
        """Add an effect."""
        self.effects.append(Effect(kind, subject, detail))


class Instance(Served[SettingsT]):
    """A product with users of its own: besides what all keep, its users and groups, and their credentials."""

    def __init__(self, version: Version, context: str, settings: SettingsT, crowd: EmbeddedCrowd) -> None:
        super().__init__(version, context, settings)
        self.crowd = crowd
        self.passwords: dict[str, str] = {}
        """User key → password."""
        self.tokens: dict[str, str] = {}
        """Personal access token → user key of its owner."""
