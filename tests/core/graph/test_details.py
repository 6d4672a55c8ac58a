"""Details of users that provisioning by SCIM would not bring: what they say, and when they follow the directory."""

from dataclasses import replace
from typing import Any

import pytest

from core.graph.directory_facts import HOLDS
from core.sandbox.graph import ENTERPRISE_APP, READ_PERMISSIONS, Graph, Tenant
from core.sandbox.graph.objects import AppRole, Sku
from core.store import Store, graph_facts, sources
from core.store.attributes import DIRECTORY
from tests.core.graph.world import ASSIGNED, PROVIDER, SETTINGS, World, tenant_of

DETAILED = replace(SETTINGS, details=True)
READER, AUTHOR = AppRole("00000000-0000-4000-8000-0000000000a1", "Readers", "Reader"), ENTERPRISE_APP.roles[0]
E5 = Sku("00000000-0000-4000-8000-0000000000e5", "SPE_E5")


@pytest.fixture
def graph() -> Graph:
    graph = tenant_of(3)
    graph.tenant.skus = (E5,)
    return graph


@pytest.fixture
def world(store: Store, graph: Graph) -> World:
    return World(store, graph, DETAILED)


def attributes(world: World, name: str = "user0@contoso.example") -> dict[str, str]:
    """What rules can use of a user, of the directory alone."""
    with world.store.read() as connection:
        (user,) = sources.users(connection, PROVIDER, [world.user(name).id])
    start = "directory."
    return {key.removeprefix(start): value for key, value in user.attributes.items() if key.startswith(start)}


def facts(world: World) -> dict[str, Any]:
    with world.store.read() as connection:
        return {name: fact.value for name, fact in graph_facts.known(connection, PROVIDER).items()}


def person(world: World, number: int) -> str:
    return list(world.graph.tenant.users)[number]


def with_readers(world: World) -> Tenant:
    """The tenant, whose application has a second role."""
    tenant = world.graph.tenant
    tenant.add_application(replace(ENTERPRISE_APP, roles=(AUTHOR, READER)))
    tenant.assign(ENTERPRISE_APP.id, next(iter(tenant.groups)), AUTHOR.id)
    return tenant


async def test_a_user_has_tenant_domain_and_what_the_directory_says(world: World) -> None:
    ident = person(world, 0)
    world.graph.tenant.update_user(ident, company_name="Contoso Ltd", user_type="Member", licences=(E5.id,))
    await world.pull()
    found = attributes(world)
    assert found["companyName"] == "Contoso Ltd"
    assert found["userType"] == "Member"
    assert found["licences"] == "SPE_E5"
    assert (found["tenant"], found["domain"]) == ("Contoso", "contoso.example")
    assert found["mailDomainVerified"] == "true"
    assert facts(world)["tenant"]["domains"] == ["contoso.example", "contoso.onmicrosoft.com"]


async def test_a_mail_domain_of_others_is_not_verified(world: World) -> None:
    world.graph.tenant.update_user(person(world, 0), mail="ada@fabrikam.example")
    await world.pull()
    assert (attributes(world)["mailDomain"], attributes(world)["mailDomainVerified"]) == ("fabrikam.example", "false")


async def test_a_manager_is_shown_by_name_and_a_new_name_follows(world: World) -> None:
    chief, ident = person(world, 1), person(world, 0)
    world.graph.tenant.assign_manager(ident, chief)
    await world.pull()
    assert attributes(world)["managerName"] == "User 1"
    assert attributes(world)["managerMail"] == "user1@contoso.example"
    world.graph.tenant.update_user(chief, display_name="Ada King")
    await world.pull()
    assert attributes(world)["managerName"] == "Ada King"


async def test_a_manager_out_of_scope_is_shown_too(store: Store, graph: Graph) -> None:
    boss = graph.tenant.new_user("boss@contoso.example", "The Boss", mail="boss@contoso.example")
    world = World(store, graph, replace(ASSIGNED, details=True))
    graph.tenant.assign_manager(person(world, 0), boss.id)
    await world.pull()
    assert "boss@contoso.example" not in world.users()
    assert attributes(world)["managerUserName"] == "boss@contoso.example"


async def test_roles_come_from_the_own_assignment_and_from_groups(world: World) -> None:
    tenant = with_readers(world)
    tenant.assign(ENTERPRISE_APP.id, person(world, 0), READER.id)
    await world.pull()
    assert attributes(world)["roles"] == ", ".join(sorted([AUTHOR.value, "Reader"]))
    assert attributes(world, "user1@contoso.example")["roles"] == AUTHOR.value


async def test_who_leaves_an_assigned_group_loses_its_role(world: World) -> None:
    await world.pull()
    assert attributes(world)["roles"] == AUTHOR.value
    group = next(iter(world.graph.tenant.groups))
    world.graph.tenant.remove_member(group, person(world, 0))
    await world.pull()
    assert "roles" not in attributes(world)


async def test_an_assignment_with_another_role_follows(world: World) -> None:
    tenant, group = with_readers(world), next(iter(world.graph.tenant.groups))
    await world.pull()
    assert attributes(world)["roles"] == AUTHOR.value
    tenant.assign(ENTERPRISE_APP.id, group, READER.id)
    await world.pull()
    assert attributes(world)["roles"] == ", ".join(sorted([AUTHOR.value, "Reader"]))


async def test_nothing_of_it_is_there_unless_it_is_asked_for_and_it_goes_again(store: Store, graph: Graph) -> None:
    world = World(store, graph)
    await world.pull()
    assert attributes(world) == {}
    assert facts(world) == {}
    plain = world.users()
    world.settings = DETAILED
    await world.pull()
    assert attributes(world)["tenant"] == "Contoso"
    assert DIRECTORY in world.users()["user0@contoso.example"]["schemas"]
    world.settings = SETTINGS
    await world.pull()
    assert world.users() == plain


async def test_what_the_app_may_not_read_is_left_out_and_said(store: Store, graph: Graph) -> None:
    world = World(store, graph, DETAILED, permissions=READ_PERMISSIONS)
    pulled = await world.pull()
    assert pulled.problems == []
    assert attributes(world)["domain"] == "contoso.example"
    assert "tenant" not in attributes(world)
    assert "it lacks Organization.Read.All. Grant it: Entra admin center" in facts(world)["tenant"][graph_facts.REFUSED]


async def test_facts_of_the_directory_are_read_once_an_hour(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        await world.pull()
    asked = [each.path for each in world.exchanges() if "/organization" in each.path]
    assert len(asked) == 1
    with world.store.read() as connection:
        later = graph_facts.known(connection, PROVIDER)["tenant"].read_at + HOLDS
    monkeypatch.setattr("core.graph.directory_facts.now_ms", lambda: later)
    world.graph.settings = replace(world.graph.settings, organisation="Contoso Group")
    await world.pull()
    assert attributes(world)["tenant"] == "Contoso Group"


async def test_a_pull_that_finds_nothing_new_touches_nobody(world: World) -> None:
    await world.pull()
    before = {stored.id: stored.version for stored in world.all("User")}
    pulled = await world.pull()
    assert pulled.tally.users_changed == 0
    assert {stored.id: stored.version for stored in world.all("User")} == before
