"""Somebody who leaves and leads something, and colleagues who may take it over."""

from typing import Any

from core.planning.changes import Change, ChangeKind, Plan
from core.planning.rules import LeadRule, UserRules
from core.planning.values import Account, Capabilities, Lead, SourceUser, World

from .building import CONFLUENCE, account, link, planned, user, world

LEADING = Capabilities(names=CONFLUENCE, leads=None)
HERE = ("bob", "eve", "mia")
"""Linked users that stay."""
GONE = user(active=False, exchange=7, attributes={"enterprise.manager": "u-mia"})


def leaving(*leads: Lead, ada: SourceUser = GONE, accounts: tuple[Account, ...] = (), **more: Any) -> World:
    """Ada leaves; Bob, Eve and Mia, her manager, stay. None of them is in line with its account but by name."""
    changed = {each.id for each in accounts}
    stay = [account(name) for name in HERE if f"a-{name}" not in changed]
    return world(
        **{"capabilities": LEADING, "links": [link(), *map(link, HERE)], "users": [ada, *map(user, HERE)]}
        | {"accounts": [account(), *stay, *accounts], "leads": leads}
        | more
    )


def heirs(world: World, *rules: LeadRule, **defaults: Any) -> dict[str | None, Any]:
    """What is led → who takes it over."""
    plan = planned(world, UserRules(leads=rules, **defaults))
    assert plan.conflicts == ()
    return {change.lead: change.after["lead"] for change in moves(plan)}


def moves(plan: Plan) -> list[Change]:
    return [change for change in plan.changes if change.kind == ChangeKind.MOVE_LEAD]


def to(*names: str, **more: Any) -> LeadRule:
    return LeadRule(names, **more)


FOR_COMPONENTS = {"components": ("*",)}
