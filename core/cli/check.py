"""`manciple check`: the configuration, the store, the listener, every provider and every target, with remedies."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from core.cli.checks import Check, config_checks, listener_checks, provider_checks, store_checks
from core.cli.exits import DONE, FAILED, UNREACHABLE, USAGE, CommandFailed
from core.cli.graph_checks import graph_checks
from core.cli.options import AsJson, ConfigPath, example
from core.cli.output import say, say_json
from core.cli.target_checks import target_checks
from core.config import ConfigError, ConfigMissing, Settings, load_settings, locate
from core.planning.wording import counted

_CODES = {
    "configuration": USAGE,
    "listener": USAGE,
    "provider": UNREACHABLE,
    "target": UNREACHABLE,
    "store": FAILED,
}
"""By what failed, unless the fault is in the configuration."""
_MOST_BASIC_FIRST = (USAGE, UNREACHABLE, FAILED)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "check",
        short_help="Try the configuration and all it names.",
        epilog=example("manciple check", "manciple check entra", "manciple check --json"),
    )(check)


def check(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="One provider or target alone.")] = None,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> int:
    """Try the configuration and everything that it names; changes nothing.

    Each failure comes with its remedy. Warnings do not fail: they are what works but should not stay.
    """
    path = locate(config)
    found = _examined(path, name)
    if as_json:
        say_json({"items": [_document(each) for each in found], "ok": not any(each.is_failure for each in found)})
    else:
        _say(found)
    failed = [each for each in found if each.is_failure]
    if not failed:
        return DONE
    codes = {USAGE if each.is_here else _CODES[each.part] for each in failed}
    code = min(codes, key=_MOST_BASIC_FIRST.index)
    raise CommandFailed(f"{counted(len(failed), 'check')} of {len(found)} failed in {path}", code)


def _examined(path: Path, name: str | None) -> list[Check]:
    try:
        settings = load_settings(path)
    except ConfigMissing:
        raise
    except ConfigError as error:
        return [Check("configuration", "", problem.key, "failed", str(problem)) for problem in error.problems]
    store, state = store_checks(settings)
    if name is not None:
        settings = _only(settings, name)
        return [
            *provider_checks(settings, state),
            *asyncio.run(graph_checks(settings.providers)),
            *_target_checks(settings),
        ]
    return [
        *config_checks(settings),
        *store,
        *listener_checks(settings, state),
        *provider_checks(settings, state),
        *asyncio.run(graph_checks(settings.providers)),
        *_target_checks(settings),
    ]


def _only(settings: Settings, name: str) -> Settings:
    """The settings with one provider, or one target, alone."""
    providers = tuple(each for each in settings.providers if each.name == name)
    targets = tuple(each for each in settings.targets if each.name == name)
    if not providers and not targets:
        names = [each.name for each in settings.providers] + [each.name for each in settings.targets]
        known = ", ".join(names) or "none"
        raise CommandFailed(f"there is no provider or target {name!r}; there is: {known}", USAGE)
    return replace(settings, providers=providers, targets=targets)


def _target_checks(settings: Settings) -> Sequence[Check]:
    return asyncio.run(target_checks(settings.targets)) if settings.targets else ()


def _say(found: Sequence[Check]) -> None:
    for number, (title, checks) in enumerate(groupby(found, key=lambda each: each.title)):
        if number:
            say()
        say(title)
        for each in checks:
            subject = f"{each.subject}: " if each.subject and each.part == "target" else ""
            say(f"  {each.state:<9}{subject}{each.detail}")
            if each.remedy and each.state != "ok":
                say(f"           {each.remedy}")


def _document(check: Check) -> dict[str, object]:
    return {
        "part": check.part,
        "name": check.name,
        "subject": check.subject,
        "state": check.state,
        "detail": check.detail,
        "remedy": check.remedy,
    }
