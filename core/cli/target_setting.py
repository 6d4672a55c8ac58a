"""What plans that are made from the store alone need to know of a target."""

from core.apply.worlds import Setting
from core.cli.opening import provider_named
from core.config import Settings, TargetSettings
from core.store.clock import now_ms


def target_setting(settings: Settings, target: TargetSettings) -> Setting:
    """The target with the rules of its configuration; what it can do is taken to be what its product can at best."""
    # Imported here: it brings the HTTP client with it, which the other commands need not wait for.
    from core.targets.offline import AT_BEST

    now = now_ms()
    probes = provider_named(settings, target.provider).probes.at(now)
    return Setting(target.provider, target.name, target.rules, AT_BEST[target.kind], probes, now)
