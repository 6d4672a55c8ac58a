"""One value at the target from one attribute of the user: match, replace, case.

An admin's pattern runs on RE2 (`core.planning.patterns`), so that none can take exponential time. `check_rule` is the
one judge of a rule: configuration calls it when it reads `config.toml`, and what passes it there cannot fail here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from core.planning.patterns import compiled
from core.planning.rules import ANSWER, Case, UserAnswers, UserRules, ValueRule
from core.planning.values import SourceUser

_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})
_NOTHING: frozenset[str] = frozenset()
_CASES: dict[Case, Callable[[str], str]] = {"keep": str, "lower": str.lower, "upper": str.upper}


@dataclass(frozen=True, slots=True)
class MappedValue:
    """What a rule made of a user's attribute."""

    value: str | None
    """`None`: there is none, and the target's own value stays."""
    skip_user: bool = False
    """The rule does not match and says that the whole user is left out."""
    clear: bool = False
    """The rule does not match and says that the target's value is emptied."""


@dataclass(frozen=True, slots=True)
class MappedUser:
    """A user with the values that the rules give for the target."""

    user: SourceUser
    username: str | None
    display_name: str | None
    email: str | None
    attributes: Mapping[str, str] = field(default_factory=lambda: _NO_ATTRIBUTES, hash=False)
    """Further attributes by name, as they are to be; one that is to be left alone is not here."""
    cleared: frozenset[str] = frozenset()
    """What is to be emptied: `username`, `display_name`, `email`, `attributes.<name>`."""
    skipped_by: str | None = None
    """The rule (`users.username`, …), or the answer, that leaves this user out."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    search: Callable[[str], Any] | None
    """The pattern's search (RE2 has no types); `None`: the rule takes every value."""
    parts: tuple[str | int, ...]
    """The replacement: literal text, and numbers of capture groups."""


def check_rule(rule: ValueRule) -> None:
    """Check pattern and replacement of a rule.

    :raises ValueError: naming the pattern or replacement, the position in it (the first character is 1), and why.
    """
    _compiled(rule.match, rule.replace)


def replacement_parts(rule: ValueRule) -> tuple[str | int, ...]:
    """What a rule makes a value of: literal texts, and numbers of capture groups (0: all that its pattern matched).

    :raises ValueError: when the rule is not valid (see `check_rule`).
    """
    return _compiled(rule.match, rule.replace).parts


def map_user(user: SourceUser, rules: UserRules) -> MappedUser:
    """The user's values for the target under `[target.users]`.

    :raises ValueError: when a rule is not valid (see `check_rule`).
    """
    username = _of_user(user, rules.username)
    display_name = _of_user(user, rules.display_name)
    email = _of_user(user, rules.email)
    mapped = [("username", username), ("display_name", display_name), ("email", email)]
    further = [(name, _of_user(user, rule)) for name, rule in rules.attributes.items()] if rules.attributes else []
    mapped += [(f"attributes.{name}", made) for name, made in further]
    answers, ident = rules.answers, user.id
    return MappedUser(
        user,
        answers.names.get(ident, username.value),
        answers.display_names.get(ident, display_name.value),
        None if ident in answers.no_email else email.value,
        {name: made.value or "" for name, made in further if made.clear or made.value is not None} or _NO_ATTRIBUTES,
        frozenset([name for name, made in mapped if made.clear and not _is_given(answers, ident, name)]) or _NOTHING,
        ANSWER
        if ident in answers.left_out
        else next((f"users.{name}" for name, made in mapped if made.skip_user), None),
    )


def _is_given(answers: UserAnswers, ident: str, name: str) -> bool:
    given = {"username": answers.names, "display_name": answers.display_names, "email": answers.no_email}.get(name)
    return given is not None and ident in given


def map_value(rule: ValueRule, source: str | None) -> MappedValue:
    """Apply one rule to one attribute's value (`None`: the user has no such attribute).

    Outer whitespace is dropped before and after; what is blank then counts as absent.

    :raises ValueError: when the rule is not valid (see `check_rule`).
    """
    made = _compiled(rule.match, rule.replace)
    text = (source or "").strip()
    captured = _captured(made, text)
    if captured is None:
        return _unmatched(rule, text)
    value = "".join(part if isinstance(part, str) else captured[part] for part in made.parts)
    return MappedValue(_CASES[rule.case](value).strip() or None)


def _of_user(user: SourceUser, rule: ValueRule) -> MappedValue:
    source = user.user_name if rule.source == "userName" else user.attributes.get(rule.source)
    return map_value(rule, source)


def _unmatched(rule: ValueRule, text: str) -> MappedValue:
    if rule.no_match == "pass" or (rule.match is None and rule.no_match != "clear"):
        return MappedValue(_CASES[rule.case](text) or None)
    return MappedValue(None, skip_user=rule.no_match == "skip-user", clear=rule.no_match == "clear")


def _captured(made: _Compiled, text: str) -> tuple[str, ...] | None:
    """Whole match and capture groups (those that took no part are empty); `None` where there is no match."""
    if made.search is None:
        return (text,) if text else None
    if not text or not _is_unicode(text):
        return None
    found = made.search(text)
    return (found.group(), *found.groups(default="")) if found else None


def _is_unicode(text: str) -> bool:
    """False with a lone surrogate, which JSON can carry and UTF-8 (and so RE2) cannot."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=256)
def _compiled(match: str | None, replace: str) -> _Compiled:
    if match is None:
        return _Compiled(None, _parts(replace, 0))
    pattern = compiled(match)
    return _Compiled(pattern.search, _parts(replace, pattern.groups))


def _parts(replace: str, groups: int) -> tuple[str | int, ...]:
    """Split a replacement at `$1`, `${1}` and `$$`.

    :raises ValueError: on a lone `$`, or a capture group that the pattern does not have.
    """
    parts: list[str | int] = []
    rest = replace
    while rest:
        literal, dollar, rest = rest.partition("$")
        position = len(replace) - len(rest)
        parts.append(literal)
        if not dollar:
            break
        part, used = _reference(rest)
        if part is None:
            raise ValueError(
                f"replacement {replace!r}, character {position}: a $ needs a number ($1, ${{1}}) or another $ ($$)"
            )
        if isinstance(part, int) and part > groups:
            raise ValueError(
                f"replacement {replace!r}, character {position}: there is no capture group {part}; "
                f"the pattern has {groups}"
            )
        parts.append(part)
        rest = rest[used:]
    return tuple(part for part in parts if part != "")


def _reference(text: str) -> tuple[str | int | None, int]:
    """What stands after a `$`: `$`, or the number of a capture group, and how many characters it took."""
    if text.startswith("$"):
        return "$", 1
    braced = text.startswith("{")
    start = 1 if braced else 0
    end = start
    while end < len(text) and text[end] in "0123456789":
        end += 1
    if end == start or end - start > 3 or (braced and not text.startswith("}", end)):
        return None, 0
    return int(text[start:end]), end + 1 if braced else end
