"""Which rule of the admins' answers a conflict: the most specific one, and none where two of them tie.

A rule answers conflicts of one kind whose evidence its globs match. None of them may authorise what an admin must
approve each time: what is protected, what brakes hold, the last administrators, deletions.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.planning.changes import Conflict
from core.planning.globs import matching_glob

SUBJECT = "subject"
"""In the place of a field of the evidence: what the conflict is about (`user:<id>`)."""
DECIDING = frozenset({"K", "L", "M", "N", "T", "X"})
"""Keys of the answers that rules may give."""
_ALONE = frozenset({("C10", "L"), ("C15", "L")})
"""Answers that give one person what was another's."""
_TELLING = ("username", "account", "group name", "group", "e-mail", "display name", "attribute", "name")
"""Fields of the evidence by whose values conflicts are alike, the most telling first."""
_EACH_TIME = frozenset({"C25", "C29", "C31", "C35"})


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """One rule."""

    number: int
    kind: str
    """Of the conflicts that it answers."""
    where: Mapping[str, str]
    """Field of the evidence, or `SUBJECT` → glob, compared without case; all must match. Empty: the whole kind."""
    key: str
    value: str | None = None
    """`None`: what the answer proposes."""

    @property
    def specificity(self) -> tuple[bool, int, int]:
        """The greater, the more specific: about one subject; fields; letters that are no wildcards."""
        letters = sum(len(glob) - glob.count("*") - glob.count("?") for glob in self.where.values())
        return SUBJECT in self.where, len(self.where), letters


@dataclass(frozen=True, slots=True)
class Tie:
    """Rules, equally specific, that would answer one conflict differently."""

    numbers: tuple[int, ...]


def why_not(kind: str, key: str) -> str | None:
    """Why no rule may give this answer; `None`: one may."""
    if key not in DECIDING:
        return f"Answer {key} is given each time anew: rules give {', '.join(sorted(DECIDING))}."
    if (kind, key) in _ALONE:
        return f"Answer {key} to {kind} gives one person the account of another: it is given each time anew."
    if kind in _EACH_TIME:
        return f"Conflicts of kind {kind} are about what an admin approves each time."
    return None


def matches(rule: DecisionRule, conflict: Conflict) -> bool:
    """Whether a rule is about a conflict."""
    if rule.kind != conflict.kind:
        return False
    seen = {**conflict.evidence, SUBJECT: conflict.subject}
    return all(matching_glob((glob,), seen.get(name, "")) is not None for name, glob in rule.where.items())


def widths(conflict: Conflict, key: str, value: str | None = None) -> tuple[DecisionRule, ...]:
    """The rules that would give this answer to a conflict, from the narrowest: about this object, about those with a
    value like its own, where it has one, and about the whole kind."""
    named = next((name for name in _TELLING if conflict.evidence.get(name)), None)
    alike = {} if named is None else {named: pattern(conflict.evidence[named])}
    wanted: tuple[Mapping[str, str], ...] = ({SUBJECT: conflict.subject}, alike, {})
    return tuple(DecisionRule(0, conflict.kind, where, key, value) for where in wanted if where or where is wanted[-1])


def pattern(value: str) -> str:
    """A glob for values like this one: of the same domain, or with the same beginning; else for the value alone."""
    at, start = value.rfind("@"), re.match(r"[^-_.+ ]+[-_.+ ]", value)
    if at >= 0:
        return f"*{_literal(value[at:])}"
    return f"{_literal(start[0])}*" if start else _literal(value)


def _literal(text: str) -> str:
    """The text as a glob that matches it; a star in it stands for any one character."""
    return text.replace("*", "?")


def deciding(rules: Iterable[DecisionRule], conflict: Conflict) -> DecisionRule | Tie | None:
    """The rule that answers a conflict; `None`: none does."""
    about = [rule for rule in rules if matches(rule, conflict)]
    if not about:
        return None
    most = max(rule.specificity for rule in about)
    first = sorted((rule for rule in about if rule.specificity == most), key=lambda rule: rule.number)
    if len({(rule.key, rule.value) for rule in first}) > 1:
        return Tie(tuple(rule.number for rule in first))
    return first[0]
