"""Filters by index: the answers are those of a scan, and only the rows that may match are read."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scim2_models import Group, Resource, ScimFilter, SearchRequest
from scim2_models import ResourceType as Type
from scim2_models import User as LibraryUser

from core.scim.filters import Lookup, lookup_of
from core.scim.models import MODELS
from core.scim.storage import IdentityStorage
from core.store import Store, identities, member_rows
from core.store.identities import Kind

USER = Type(id="User", name="User", endpoint="/Users", schema=LibraryUser.__schema__)
GROUP = Type(id="Group", name="Group", endpoint="/Groups", schema=Group.__schema__)
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

USERS: list[dict[str, Any]] = [
    {"userName": "Ada@x.org", "externalId": "E-1", "displayName": "Ada", "active": True,
     "emails": [{"type": "work", "value": "ada@x.org"}]},
    {"userName": "ben@x.org", "externalId": "e-1", "displayName": "ada", "active": False,
     "emails": [{"type": "home", "value": "ADA@x.org"}, {"type": "work", "value": "ben@corp.local"}]},
    {"userName": "zoe\u0308", "externalId": "zoe\u0308", "displayName": "Zoë", "emails": [{"value": "Zoë@x.org"}]},
    {"userName": "eva", "displayName": "", "emails": [{"type": "work", "value": "ada@x.org"}, {"value": ""}]},
    {"userName": "dan", ENTERPRISE: {"manager": {"value": "someone"}}},
]  # fmt: skip


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IdentityStorage]:
    path: Path = tmp_path_factory.mktemp("filters") / "manciple.db"
    with Store.open(f"sqlite:///{path}") as store:

        def write(tx: Any) -> None:
            keys = [identities.create(tx, "entra", "User", document).key for document in USERS]
            for name in ("Ada", "Jira Users"):
                crew = identities.create(tx, "entra", "Group", {"displayName": name, "externalId": name})
                member_rows.add(tx, crew.key, [(False, keys[0], None)])
            identities.create(tx, "okta", "User", USERS[0])

        store.writer.write_now(write)
        with store.read() as connection:
            yield IdentityStorage("entra", connection)


def everything(storage: IdentityStorage, kind: Kind) -> list[Resource[Any]]:
    return storage.search([USER if kind == "User" else GROUP], SearchRequest()).resources


def searched(storage: IdentityStorage, kind: Kind, text: str) -> list[str | None]:
    request = SearchRequest[MODELS["User"] | MODELS["Group"]](filter=text)  # type: ignore[misc]
    return [resource.id for resource in storage.search([USER if kind == "User" else GROUP], request).resources]


def scanned(storage: IdentityStorage, kind: Kind, text: str) -> list[str | None]:
    """What the library's own filter takes of everything there is."""
    scim_filter = ScimFilter[MODELS[kind]](text)  # type: ignore[misc]
    return [resource.id for resource in everything(storage, kind) if scim_filter.match(resource)]


def cased(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name, name.upper(), name.lower()])


ATTRIBUTES = ["id", "userName", "externalId", "displayName", "emails", "emails.value", "emails.type", "title", "active",
              f"{ENTERPRISE}:manager.value", "groups.value", "meta.resourceType"]  # fmt: skip
VALUES = st.sampled_from(
    ["Ada@x.org", "ADA@X.ORG", "ben@corp.local", "E-1", "e-1", "Ada", "ada", "Zoë", "zoe\u0308", "zoë@X.org", "",
     "work", "Jira Users", "someone", "nobody", "\u212a", "User"]
)  # fmt: skip


@st.composite
def comparisons(draw: st.DrawFn) -> str:
    attribute = draw(st.sampled_from(ATTRIBUTES).flatmap(cased))
    if draw(st.booleans()) and not attribute.lower().startswith("urn:"):
        attribute = f"{draw(cased(CORE))}:{attribute}"
    if attribute.lower().endswith("active"):
        return f"{attribute} eq {draw(st.sampled_from(['true', 'false']))}"
    operator = draw(st.sampled_from(["eq", "eq", "EQ", "ne", "sw", "co"]))
    return f"{attribute} {operator} {ScimFilter.quote(draw(VALUES))}"


@st.composite
def value_paths(draw: st.DrawFn) -> str:
    inner = f'type eq "{draw(st.sampled_from(["work", "home", "WORK"]))}"'
    value = ScimFilter.quote(draw(VALUES))
    return draw(
        st.sampled_from(
            [f"emails[{inner}].value eq {value}", f"emails[{inner} and value eq {value}]", f"emails[value eq {value}]",
             f"emails[{inner} or value eq {value}]", f"emails[not (value eq {value})]", f"emails[{inner}].value pr"]
        )
    )  # fmt: skip


FILTERS = st.recursive(
    comparisons() | value_paths(),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda both: f"{both[0]} and {both[1]}"),
        st.tuples(inner, inner).map(lambda both: f"({both[0]}) or ({both[1]})"),
        st.tuples(inner, inner).map(lambda both: f"({both[0]} or {both[1]}) and {both[1]}"),
        inner.map(lambda one: f"not ({one})"),
    ),
    max_leaves=4,
)


@given(kind=st.sampled_from(["User", "Group"]), text=FILTERS, one=st.integers(0, 4))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_filter_answers_what_a_scan_answers(storage: IdentityStorage, kind: Kind, text: str, one: int) -> None:
    resources = everything(storage, "User")
    text = text.replace("nobody", str(resources[one].id), 1)  # now and then an id that exists
    assert searched(storage, kind, text) == scanned(storage, kind, text)


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the users and groups that are read from the store from here on."""
    seen: list[str] = []
    stored: Callable[[Any], identities.Stored] = identities._stored

    def noting(row: Any) -> identities.Stored:
        seen.append(row.id)
        return stored(row)

    monkeypatch.setattr(identities, "_stored", noting)
    return seen


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('userName eq "ada@X.org"', 1),
        (f'{CORE}:USERNAME eq "ada@X.org"', 1),
        ('userName eq "nobody"', 0),
        ('externalId eq "E-1"', 1),
        ('displayName eq "ADA"', 2),
        ('emails.value eq "zoë@x.org"', 3),  # and the two with several addresses
        ('emails[type eq "work"].value eq "nobody@x.org"', 2),
        ('userName eq "ada@x.org" and active eq false', 1),
        ('active eq true and (title pr and userName eq "eva")', 1),
        ('displayName eq "ada" and userName eq "ben@x.org"', 1),
        ('userName sw "ada"', 5),
        ('userName eq "eva" or title pr', 5),
        ('not (userName eq "eva")', 5),
    ],
)
def test_of_a_match_query_only_the_rows_that_may_match_are_read(
    storage: IdentityStorage, loaded: list[str], text: str, rows: int
) -> None:
    searched(storage, "User", text)
    assert len(loaded) == rows


def test_entras_reference_checks_read_the_one_resource_by_its_id(storage: IdentityStorage, loaded: list[str]) -> None:
    dan = everything(storage, "User")[4].id
    crew, ada = everything(storage, "Group")[0].id, everything(storage, "User")[0].id
    for kind, text, expected in (
        ("User", f'id eq "{dan}" and {ENTERPRISE}:manager.value eq "someone"', [dan]),
        ("User", f'{ENTERPRISE}:manager.value eq "someone else" and id eq "{dan}"', []),
        ("Group", f'members eq "{ada}" and id eq "{crew}"', [crew]),
    ):
        loaded.clear()
        assert searched(storage, kind, text) == expected  # type: ignore[arg-type]
        assert len(loaded) == 1


def test_a_search_over_both_kinds_reads_by_index_where_a_kind_has_one(
    storage: IdentityStorage, loaded: list[str]
) -> None:
    request = SearchRequest[MODELS["User"] | MODELS["Group"]](filter='displayName eq "ADA"')  # type: ignore[misc]
    page = storage.search([USER, GROUP], request)
    assert [resource.meta.resource_type for resource in page.resources if resource.meta] == ["User", "User", "Group"]
    assert len(loaded) == 3


@pytest.mark.parametrize(
    ("text", "lookup"),
    [
        ('displayName eq "b" and externalId eq "a"', Lookup("externalId", "a")),
        ('externalId eq "a" and ID eq "b" and userName eq "c"', Lookup("id", "b")),
        ("userName eq null", None),
        ("title pr", None),
        ('emails.type eq "work"', None),
        (f'{ENTERPRISE}:department eq "x"', None),
        ('urn:example:other:userName eq "x"', None),
    ],
)
def test_of_several_conditions_the_most_selective_index_is_taken(text: str, lookup: Lookup | None) -> None:
    assert lookup_of(ScimFilter[MODELS["User"]](text), "User") == lookup  # type: ignore[misc]
