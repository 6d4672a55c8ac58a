"""Which rule of the admins' answers a conflict: the most specific one, and none where two of them tie.

A rule answers conflicts of one kind whose evidence its globs match. None of them may authorise what an admin must
approve each time: what is protected, what brakes hold, the last administrators, deletions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.planning.changes import Conflict
from core.planning.globs import matching_glob

SUBJECT = "subject"
"""In the place of a field of the evidence: what the conflict is about (`user:<id>`)."""
DECIDING = frozenset({"K", "L", "M", "N", "T", "X"})
"""Keys of the answers that rules may give."""
_ALONE = frozenset({("C10", "L")})
"""Answers that take something from somebody else."""
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
        return f"Answer {key} to {kind} takes an account from somebody else: it is given each time anew."
    if kind in _EACH_TIME:
        return f"Conflicts of kind {kind} are about what an admin approves each time."
    return None


def matches(rule: DecisionRule, conflict: Conflict) -> bool:
    """Whether a rule is about a conflict."""
    if rule.kind != conflict.kind:
        return False
    seen = {**conflict.evidence, SUBJECT: conflict.subject}
    return all(matching_glob((glob,), seen.get(name, "")) is not None for name, glob in rule.where.items())


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
