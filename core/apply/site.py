"""One target at work: its settings, the connection to it, and the store in which it is kept."""

from dataclasses import dataclass

from core.config.settings import TargetSettings
from core.planning.answers import Answer
from core.planning.probes import NO_PROBE_RULES, ProbeRules
from core.planning.rules import TargetRules
from core.store import Store
from core.targets.protocol import Target


@dataclass(frozen=True, slots=True)
class Site:
    """What every step of a run needs."""

    store: Store
    settings: TargetSettings
    target: Target
    probes: ProbeRules = NO_PROBE_RULES
    """How tests of the provider's connection are recognised."""
    answers: tuple[Answer, ...] = ()
    """What admins answered, as far as `rules` have it (`core.apply.answered`)."""

    @property
    def name(self) -> str:
        """The target's name."""
        return self.settings.name

    @property
    def provider(self) -> str:
        """The name of the provider whose users and groups the target gets."""
        return self.settings.provider

    @property
    def rules(self) -> TargetRules:
        """What the admin configured, and answered."""
        return self.settings.rules
