"""Details that were kept up through many changes are those that a first reading of the same directory brings."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from core.sandbox.graph import ENTERPRISE_APP, NO_QUIRKS, ROUGH, Graph, Tenant
from core.sandbox.graph.objects import AppRole, Sku
from core.sandbox.graph.quirks import Quirks
from core.store import Store
from core.store.attributes import DIRECTORY
from tests.core.graph.world import ASSIGNED, Clock, World

PEOPLE, GROUPS, ROUNDS, CHANGES = 12, 4, 8, 10
ROLES = tuple(AppRole(f"00000000-0000-4000-8000-0000000000a{n}", f"Role {n}", f"role{n}") for n in range(3))
SKUS = tuple(Sku(f"00000000-0000-4000-8000-0000000000e{n}", f"SKU{n}") for n in range(2))


def tenant_of(rng: Random, quirks: Quirks) -> Graph:
    graph = Graph(Tenant(quirks=quirks, clock=Clock()), quirks=quirks)
    tenant = graph.tenant
    tenant.skus = SKUS
    tenant.add_application(replace(ENTERPRISE_APP, roles=ROLES))
    people = [
        tenant.new_user(f"u{n}@contoso.example", f"User {n}", mail=f"u{n}@contoso.example") for n in range(PEOPLE)
    ]
    for n in range(GROUPS):
        group = tenant.new_group(f"Group {n}", [each.id for each in rng.sample(people, 3)])
        tenant.assign(ENTERPRISE_APP.id, group.id, rng.choice(ROLES).id)
    return graph


def happen(tenant: Tenant, rng: Random, number: int) -> None:
    """One thing that shows in somebody's details."""
    ident, group = rng.choice(list(tenant.users)), rng.choice(list(tenant.groups))
    match rng.randrange(7):
        case 0:
            tenant.update_user(ident, display_name=f"Name {number}")
        case 1:
            tenant.assign_manager(ident, rng.choice([None, *(each for each in tenant.users if each != ident)]))
        case 2:
            tenant.update_user(ident, licences=tuple(sku.id for sku in SKUS if rng.random() < 0.5))
        case 3:
            tenant.update_user(ident, mail=f"m{number}@{rng.choice(['contoso.example', 'fabrikam.example'])}")
        case 4:
            if ident in tenant.memberships.members(group):
                tenant.remove_member(group, ident)
            else:
                tenant.add_member(group, ident)
        case 5:
            tenant.update_user(ident, company_name=rng.choice([None, "Contoso", "Fabrikam"]))
        case _:
            _assign(tenant, rng, rng.choice([ident, group]))


def _assign(tenant: Tenant, rng: Random, principal: str) -> None:
    held = [each for each in tenant.applications.assigned_to(ENTERPRISE_APP.id) if each.principal_id == principal]
    if held and rng.random() < 0.5:
        tenant.unassign(ENTERPRISE_APP.id, held[0].id)
    elif role := next((role for role in ROLES if role.id not in {each.app_role_id for each in held}), None):
        tenant.assign(ENTERPRISE_APP.id, principal, role.id)


def details(world: World) -> dict[str, object]:
    """Of everybody who is active: of others nothing is known any more."""
    return {name: document.get(DIRECTORY) for name, document in world.users().items() if document["active"]}


@pytest.mark.parametrize(
    ("quirks", "nested"),
    [(NO_QUIRKS, False), (replace(ROUGH, lag_reads=0), True)],
    ids=["calm and direct", "rough and nested"],
)
async def test_what_was_kept_up_is_what_a_first_reading_brings(tmp_path: Path, quirks: Quirks, nested: bool) -> None:
    rng = Random(7)
    graph = tenant_of(rng, quirks)
    settings = replace(ASSIGNED, details=True, nested=nested)
    with Store.open(f"sqlite:///{tmp_path / 'kept.db'}") as kept:
        world = World(kept, graph, settings)
        await world.pull()
        for number in range(ROUNDS):
            for change in range(CHANGES):
                happen(graph.tenant, rng, CHANGES * number + change)
            for _ in range(2):  # an assignment ends with the second reading without it
                await world.pull()
            with Store.open(f"sqlite:///{tmp_path / f'fresh{number}.db'}") as fresh:
                other = World(fresh, graph, settings)
                await other.pull()
                assert details(world) == details(other), number
