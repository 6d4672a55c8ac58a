"""What plans that are made from the store alone need to know of a target: previews and explanations."""

from dataclasses import replace

from core.apply.worlds import Setting
from core.config.settings import Settings, TargetSettings
from core.store.clock import now_ms


def offline_setting(settings: Settings, target: TargetSettings) -> Setting:
    """The target with the rules of its configuration; what it can do is taken to be what its product can at best."""
    # Imported here: it brings the HTTP client with it, which most commands need not wait for.
    from core.targets.offline import at_best

    now = now_ms()
    (provider,) = (each for each in settings.providers if each.name == target.provider)
    best = replace(at_best(target.kind), directory=target.directory)
    if target.kind == "crowd":  # it holds whatever it is given
        best = replace(best, attributes=best.attributes | target.rules.users.attributes.keys())
    return Setting(target.provider, target.name, target.rules, best, provider.probes.at(now), now)
