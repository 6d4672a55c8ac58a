"""Why a user has the account that it has: every rule that was asked, in the order of the questions, and its answer.

Each answer comes from the function that decides in a plan, so that what is explained is what is done. `coming` is what
the next plan would do, from a plan of the same small world.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from core.planning.answers import without_replaced
from core.planning.changes import Change, ChangeKind, Conflict, Plan
from core.planning.defaults import Defaults, plan_defaults
from core.planning.feeding import Feeding
from core.planning.globs import matching_glob
from core.planning.groups import plan_groups
from core.planning.lookup import Lookup, lookup
from core.planning.names import normalised
from core.planning.nesting import effective_groups
from core.planning.plan import plan
from core.planning.rules import TargetRules
from core.planning.users import UserPlan, plan_users
from core.planning.values import Account, SourceUser, World

Verdict = Literal["yes", "no", "n/a"]


@dataclass(frozen=True, slots=True)
class Step:
    """One rule, and what it says here."""

    rule: str
    """The configuration key, `users.scope`; `record` for what the IdP says; the code of a conflict, `C16`."""
    verdict: Verdict
    """`yes`: it applies. `no`: it does not, or stands in the way. `n/a`: it was not asked."""
    text: str
    """One or two sentences."""
    moment: int | None = None
    """What the sentence is about in time, milliseconds since 1970-01-01 UTC: since when, or until when."""
    exchange: int | None = None
    """The inbound exchange behind it."""


NOTHING = Step("plan", "n/a", "Nothing: all is as the rules want it, as far as was last seen.")
"""What is said of the next plan where it does nothing."""


@dataclass(frozen=True, slots=True)
class Basis:
    """A world with all that was decided in it."""

    world: World
    rules: TargetRules
    lookup: Lookup
    users: UserPlan
    """Before what the product, an admin or protection stands in the way of."""
    feeding: Feeding
    defaults: Defaults
    plan: Plan
    effective: dict[str, frozenset[str]]
    """User's id → ids of the IdP groups it is in, nested ones too where they count."""

    def account_of(self, user_id: str) -> Account | None:
        """The account that a user is linked to, or would be by the next plan."""
        link = self.lookup.links.get(user_id)
        if link is not None:
            return self.lookup.accounts.get(link.account_id)
        return next((holder.account for holder in self.users.holders if holder.user.id == user_id), None)

    def groups_of(self, user: SourceUser) -> dict[str, str]:
        """Names of the IdP groups that a user is in, nested ones too where they count, by id."""
        ids = sorted(self.effective.get(user.id, ()))
        return {id_: normalised(self.lookup.groups[id_].display_name) for id_ in ids if id_ in self.lookup.groups}


def basis(world: World, rules: TargetRules) -> Basis:
    """Decide everything in a world; where leads were not read, as if nobody led anything.

    :raises ValueError: when a mapping rule is not valid.
    """
    world = without_replaced(replace(world, leads=world.leads or ()), rules.users.answers)
    tables = lookup(world)
    feeding = plan_groups(tables, rules.groups)
    return Basis(
        world,
        rules,
        tables,
        plan_users(tables, rules),
        feeding,
        plan_defaults(tables, rules.groups, feeding.changes),
        plan(world, rules),
        dict(effective_groups(tables, rules.groups.nested)),
    )


def coming(found: Basis, changes: Iterable[Change], subjects: frozenset[str], names: frozenset[str]) -> Iterator[Step]:
    """What the next plan would do of these `changes`, what holds it, and which conflicts and notes there are about
    `subjects` and `names`."""
    held = {key: hold for hold in found.plan.holds for key in hold.keys}
    for change in changes:
        yield Step(change.because.rule, "yes", f"{doing(change)}: {change.because.text}", None, change.because.exchange)
        if change.key in held:
            yield Step(held[change.key].brake, "no", f"It would wait for an admin: {held[change.key].text}")
    for conflict in found.plan.conflicts:
        if conflict.subject in subjects:
            yield _in_the_way(conflict)
    yield from (Step("plan", "n/a", note) for note in found.plan.notes if not names.isdisjoint(_listed(note)))


def coming_for_user(found: Basis, user_id: str) -> tuple[Step, ...]:
    """What the next plan would do about a user's account and its memberships."""
    user, account = found.lookup.users[user_id], found.account_of(user_id)
    names = frozenset({user.user_name} | ({account.name} if account else set()))
    changes = [change for change in found.plan.changes if change.user_id == user_id]
    steps = tuple(coming(found, changes, frozenset({f"user:{user_id}"}), names))
    if found.world.capabilities.leads is None and any(change.kind in _LEAVING for change in changes):
        return (_LEADS, *steps)
    return steps or (NOTHING,)


def verdict(answer: bool) -> Verdict:
    """The answer as a step has it."""
    return "yes" if answer else "no"


def doing(change: Change) -> str:
    """A change in words, with what it sets: `update-account ada (email 'a@x' to 'b@x')`."""
    whom = " ".join(filter(None, (change.kind, change.account, change.group, change.lead)))
    differing = [
        f"{name.removeprefix('attributes.').replace('_', ' ')} {_shown(change.before.get(name))} to {_shown(value)}"
        for name, value in change.after.items()
        if name not in ("member", "managed", "active", "lead", "source_name")
        and change.before
        and value is not None
        and value != change.before.get(name)
    ]
    return f"{whom} ({', '.join(differing)})" if differing else whom


def protection(rule: str, globs: tuple[str, ...], names: Iterable[str]) -> Step:
    """Whether any of these names is protected."""
    for name in names:
        if glob := matching_glob(globs, name):
            return Step(rule, "no", f"'{glob}' protects '{name}': nothing is changed there.")
    return Step(rule, "n/a", "No pattern of it names this.")


_LEAVING = frozenset({ChangeKind.DEACTIVATE_ACCOUNT, ChangeKind.DELETE_ACCOUNT})
_LEADS = Step(
    "users.lead", "n/a", "What the account leads is not kept: a run reads that, and moves it to others first."
)


def _in_the_way(conflict: Conflict) -> Step:
    return Step(conflict.kind, "no", f"{conflict.title}. {conflict.explanation}", None, conflict.exchange)


def _shown(value: str | bool | None) -> str:
    return "unknown" if value is None else f"'{value}'"


def _listed(note: str) -> frozenset[str]:
    """The names at the end of a note, and the words of those that have several: `add-member ada Staff`."""
    names = note.rpartition(" (")[2].removesuffix(".").removesuffix(")").split(", ")
    return frozenset(names).union(*(name.split() for name in names))
