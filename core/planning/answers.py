"""What admins answered to conflicts: each answer is a rule about one subject, and stands beside the configured ones.

Nothing is decided by an answer that does not fit: a plan that finds the conflict in spite of it says so, and the
answer ends. Which answers stand is the store's to know (`core.store.answers`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from types import MappingProxyType

from core.planning.names import group_key
from core.planning.rules import GroupAnswers, TargetRules, UserAnswers
from core.planning.values import World


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that stands."""

    number: int
    kind: str
    """Of the conflict: `C10`."""
    subject: str
    """Of the conflict: `user:<id>`, `group:<id>`, `target-group:<key>`."""
    key: str
    """`Resolution.key`."""
    value: str | None = None
    """What the answer needs (`Resolution.needs`): a name; of an account to link, its immutable id."""
    needs: str | None = None


@dataclass(slots=True)
class _Kinds:
    """Answers by what they do."""

    of_user: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    of_group: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    of_key: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


_DOING: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("C01", "N"): ("N", "apart"),
    ("C02", "N"): ("N", "apart"),
    ("C03", "N"): ("N", "apart"),
    ("C04", "N"): ("apart",),
    ("C06", "L"): ("L", "renewed"),
    ("C06", "N"): ("N", "renewed", "apart"),
    ("C10", "L"): ("L", "taken-over"),
    ("C10", "N"): ("N", "apart"),
    ("C11", "I"): ("shared-email", "apart"),
    ("C11", "K"): ("no-email",),
    ("C11", "N"): ("no-email", "apart"),
    ("C15", "N"): ("N", "reused", "apart"),
    ("C37", "K"): ("L", "kept"),
    ("C37", "L"): ("L", "renewed"),
    ("C37", "N"): ("N", "apart"),
    ("C41", "K"): ("left",),
    ("C41", "R"): ("once-more",),
    ("C41", "X"): ("left",),
}
"""Kind of conflict about a user and answer → what that does, where it is not what the answer does elsewhere. Who saw an
account that is there and wants another is not asked whether the two are one person's (`apart`)."""
_FOR_EVER = 1 << 62
_ONCE = frozenset({"A", "L", "R", "T"})
_MADE_ONCE = frozenset({"C04", "C06", "C24"})
"""Conflicts whose answer N makes something, and is over then; of the others it is a name that stays given."""


def is_once(kind: str, key: str) -> bool:
    """Whether an answer is over once it was carried out."""
    return key in _ONCE or (key == "N" and kind in _MADE_ONCE)


def with_answers(rules: TargetRules, answers: Iterable[Answer]) -> TargetRules:
    """The rules of a target with what was answered at it; of several answers about one thing the latest counts."""
    found = _Kinds()
    for answer in sorted(answers, key=lambda answer: answer.number):
        what, _, ident = answer.subject.partition(":")
        if what == "user":
            _about_user(found, answer, ident)
        else:
            _about_group(found, answer, ident, is_source=what == "group")
    users = UserAnswers(
        linked=_frozen(found.of_user["L"]),
        names=_frozen(found.of_user["N"]),
        display_names=_frozen(found.of_user["display-name"]),
        left_out=frozenset(found.of_user["X"]),
        successors=_frozen(found.of_user["T"]),
        renewed=frozenset(found.of_user["renewed"]),
        reused=_frozen(found.of_user["reused"]),
        kept=frozenset(found.of_user["kept"]),
        apart=frozenset(found.of_user["apart"]),
        taken_over=_frozen(found.of_user["taken-over"]),
        left_to_others=MappingProxyType({user: _moment(day) for user, day in found.of_user["left"].items()}),
        once_more=frozenset(found.of_user["once-more"]),
        no_email=frozenset(found.of_user["no-email"]),
        shared_email=frozenset(found.of_user["shared-email"]),
        approved=frozenset(found.of_user["A"]),
    )
    groups = GroupAnswers(
        names=_frozen(found.of_group["N"]),
        left_out=frozenset(found.of_group["X"]),
        merged=frozenset(found.of_key["M"]),
        created=frozenset(found.of_key["N"]),
        released=frozenset(found.of_key["released"]),
        approved=frozenset(found.of_key["A"]),
    )
    on_the_fly = replace(rules.groups.on_the_fly, answers=groups)
    return replace(
        rules,
        users=replace(rules.users, answers=users),
        groups=replace(rules.groups, answers=groups, on_the_fly=on_the_fly),
    )


def without_replaced(world: World, answers: UserAnswers) -> World:
    """The world without the links of those who get another account, as an admin answered, in the place of a vanished
    one, and without the links to accounts that go to somebody else; they are newcomers."""
    world = _without_taken_over(world, answers)
    if not answers.renewed or not world.target_complete:
        return world
    there = {account.id for account in world.accounts}
    replaceable = {user for user in answers.renewed if answers.linked.get(user, "") in {"", *there}}
    links = (link for link in world.links if link.user_id not in replaceable or link.account_id in there)
    return replace(world, links=tuple(links))


def _without_taken_over(world: World, answers: UserAnswers) -> World:
    """Only where the one who gets the account is in this world, and has none: else nobody would have it."""
    if not answers.taken_over:
        return world
    linked = {link.user_id for link in world.links}
    takers = {user.id for user in world.users} - linked
    going = {account for user, account in answers.taken_over.items() if user in takers}
    return replace(world, links=tuple(link for link in world.links if link.account_id not in going))


def _about_user(found: _Kinds, answer: Answer, ident: str) -> None:
    usual = "N" if answer.key in ("N", "K") else answer.key
    if answer.needs == "display-name":
        usual = "display-name"
    for deed in _DOING.get((answer.kind, answer.key), (usual,)):
        found.of_user[deed][ident] = answer.value or ""


def _about_group(found: _Kinds, answer: Answer, ident: str, *, is_source: bool) -> None:
    key = group_key(answer.value or ident)
    if answer.key in ("N", "K") and is_source:
        found.of_group["N"][ident] = answer.value or ""
    elif answer.key == "X" and is_source:
        found.of_group["X"][ident] = ""
    elif answer.key == "A" and answer.kind == "C25":
        found.of_key["released"].add(key)
    elif answer.key in ("A", "M", "N"):
        found.of_key[answer.key].add(key)


def _moment(day: str) -> int:
    """The end of a day (`2027-01-31`, UTC) in milliseconds; of no day: never."""
    if not day:
        return _FOR_EVER
    end = datetime.combine(date.fromisoformat(day), time.max, UTC)
    return int(end.timestamp() * 1000)


def _frozen(values: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(values))
