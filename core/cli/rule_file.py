"""Rules that answer conflicts as TOML: what `rules export` prints and `rules import` reads."""

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.cli.exits import USAGE, CommandFailed
from core.cli.opening import target_named
from core.cli.times import iso
from core.config import Settings
from core.planning.deciding import DecisionRule, why_not
from core.store.decision_rules import Kept


def refuse(rule: DecisionRule) -> None:
    """Refuse what no rule may decide.

    :raises CommandFailed: with the reason.
    """
    if reason := why_not(rule.kind, rule.key):
        raise CommandFailed(reason, USAGE)


def read_tables(path: Path) -> list[Any]:
    """The tables `[[rule]]` of a file.

    :raises CommandFailed: when it cannot be read, or is no such file.
    """
    try:
        with path.open("rb") as file:
            found = tomllib.load(file).get("rule", [])
    except OSError as error:
        raise CommandFailed(f"{path} cannot be read: {error.strerror}", USAGE) from None
    except tomllib.TOMLDecodeError as error:
        raise CommandFailed(f"{path} is no TOML: {error}", USAGE) from None
    if not isinstance(found, list):
        raise CommandFailed(f"{path}: rules are written as [[rule]]", USAGE)
    return found


def read_rule(settings: Settings, found: Any, place: int) -> tuple[str, DecisionRule, str, int | None]:
    """Target, rule, reason and end of the table at this place.

    :raises CommandFailed: when it is not whole, or names a target that there is not.
    """
    texts = ("target", "kind", "answer", "reason")
    where = found.get("where", {}) if isinstance(found, dict) else None
    value = found.get("value") if isinstance(found, dict) else None
    if (
        not isinstance(where, dict)
        or not all(isinstance(found.get(name), str) for name in texts)
        or not all(isinstance(glob, str) for glob in where.values())
        or not isinstance(value, str | None)
    ):
        raise CommandFailed(f"rule {place} of the file: it needs {', '.join(texts)}; where is a table of texts", USAGE)
    target_named(settings, found["target"])
    rule = DecisionRule(0, found["kind"], where, found["answer"], value)
    refuse(rule)
    return found["target"], rule, found["reason"], _end(found.get("expires"), place)


def _end(expires: object, place: int) -> int | None:
    """Milliseconds since 1970-01-01 UTC of a moment such as `2027-01-31T12:00:00Z`, as TOML or as text."""
    if expires is None:
        return None
    try:
        moment = expires if isinstance(expires, datetime) else datetime.fromisoformat(str(expires))
    except ValueError:
        raise CommandFailed(
            f"rule {place} of the file: expires is no moment such as 2027-01-31T12:00:00Z", USAGE
        ) from None
    return int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1000)


def is_known(target: str, rule: DecisionRule, known: Sequence[tuple[str, DecisionRule]]) -> bool:
    """Whether such a rule stands at a target already."""
    said = (rule.kind, dict(rule.where), rule.key, rule.value)
    return any((each.kind, dict(each.where), each.key, each.value) == said and at == target for at, each in known)


def rule_table(kept: Kept) -> dict[str, object]:
    """The table of a rule."""
    said: dict[str, object] = {"target": kept.target, "kind": kept.kind, "where": dict(kept.where), "answer": kept.key}
    if kept.value is not None:
        said["value"] = kept.value
    said |= {"reason": kept.reason}
    return said if kept.expires_at is None else said | {"expires": iso(kept.expires_at)}
