"""Filters find what the library's own filter takes of everything there is, and read by index where there is one."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from scim2_models import InvalidFilterException, ScimFilter, SearchRequest, TooManyException
from scim2_server.requests import ScimRequest
from sqlalchemy import Connection

from core.scim.models import MODELS
from core.scim.search import walking
from core.scim.search.answering import search
from core.scim.search.planning import plan_of
from core.scim.search.predicate import predicate
from core.store import Store, identities, member_rows
from core.store.identities import Kind

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
REQUESTS: dict[Kind, Any] = {kind: SearchRequest[model] for kind, model in MODELS.items()}
BASE = "https://scim.example.com/scim/entra/v2"
PATHS: dict[Kind, str] = {"User": "/Users", "Group": "/Groups"}

USERS: list[dict[str, Any]] = [
    {"userName": "Ada@x.org", "externalId": "E-1", "displayName": "Ada", "active": True, "title": "Countess",
     "emails": [{"type": "work", "value": "ada@x.org", "primary": True}], "name": {"familyName": "King"}},
    {"userName": "ben@x.org", "externalId": "e-1", "displayName": "ada", "active": False, "title": "",
     "emails": [{"type": "home", "value": "ADA@x.org"}, {"type": "work", "value": "ben@corp.local"}]},
    {"userName": "zoe\u0308", "externalId": "zoe\u0308", "displayName": "Zoë", "emails": [{"value": "Zoë@x.org"}]},
    {"userName": "eva", "displayName": "", "emails": [{"type": "work", "value": "ada@x.org"}, {"value": ""}]},
    {"userName": "dan_50%", ENTERPRISE: {"department": "R&D", "manager": {"value": "someone"}}, "active": True},
    {"userName": "\U0001f600", "externalId": "\uffff", "displayName": "dan_50/", "emails": [{"type": "work"}],
     "roles": [{"value": "admin", "primary": True}], "x509Certificates": [{"value": "YQ=="}]},
]  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path: Path = tmp_path_factory.mktemp("filters") / "manciple.db"
    with Store.open(f"sqlite:///{path}") as store:

        def write(tx: Any) -> None:
            users = [identities.create(tx, "entra", "User", {"schemas": [CORE], **document}) for document in USERS]
            crew, inner, _ = (
                identities.create(tx, "entra", "Group", {"schemas": [GROUP], "displayName": name, "externalId": name})
                for name in ("Ada", "Jira Users", "zoë")
            )
            member_rows.add(tx, crew.key, [(False, users[0].key, None), (True, inner.key, None)])
            member_rows.add(tx, inner.key, [(False, users[0].key, "Lovelace"), (False, users[1].key, None)])
            identities.create(tx, "okta", "User", {"schemas": [CORE], **USERS[0]})
            identities.remove(tx, "User", identities.create(tx, "entra", "User", {"schemas": [CORE], "userName": "x"}))

        store.writer.write_now(write)
        yield store


@pytest.fixture
def connection(filled: Store) -> Iterator[Connection]:
    with filled.read() as connection:
        yield connection


def asked(connection: Connection, kind: Kind, query: dict[str, str]) -> list[dict[str, Any]]:
    answer = search(connection, "entra", ScimRequest("GET", BASE, PATHS[kind], query))
    assert answer is not None
    resources: list[dict[str, Any]] = orjson.loads(answer.body)["Resources"]
    return resources


def searched(connection: Connection, kind: Kind, text: str) -> list[str]:
    return [each["id"] for each in asked(connection, kind, {"filter": text})]


def everything(connection: Connection, kind: Kind) -> list[dict[str, Any]]:
    """All there is, as it is compared: an empty list is no value, and whoever was not told is active."""
    default = {"active": True} if kind == "User" else {}
    return [
        default | {key: value for key, value in each.items() if value != []} for each in asked(connection, kind, {})
    ]


def scanned(connection: Connection, kind: Kind, scim_filter: ScimFilter[Any]) -> list[str]:
    """What the library's own filter takes of everything there is."""
    model = MODELS[kind]
    return [each["id"] for each in everything(connection, kind) if scim_filter.match(model.model_validate(each))]


def cased(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name, name.upper(), name.lower()])


ATTRIBUTES = ["id", "userName", "externalId", "displayName", "emails", "emails.value", "emails.type", "emails.primary",
              "title", "active", "name", "name.familyName", f"{ENTERPRISE}:department", f"{ENTERPRISE}:manager.value",
              "groups", "groups.value", "groups.display", "members", "members.value", "members.display", "members.type",
              "meta.resourceType", "meta.version", "meta.created", "meta.lastModified", "schemas", "roles", "addresses",
              "roles.primary", "password", "x509Certificates.value"]  # fmt: skip
OPERATORS = ["eq", "eq", "EQ", "ne", "sw", "co", "ew", "gt", "ge", "lt", "le"]
VALUES = st.sampled_from(
    ["Ada@x.org", "ADA@X.ORG", "ben@corp.local", "E-1", "e-1", "Ada", "ada", "Zoë", "zoe\u0308", "zoë@X.org", "", "@",
     "work", "Jira Users", "someone", "nobody", "\u212a", "User", "dan_50%", "_", "%", "/", "\uffff", "\U0010ffff",
     "R&D", "True", "false",
     'W/"1"', "a\0", "2011-05-13T04:42:34Z", "2999-01-01T00:00:00.0005+01:00", CORE, "YQ==", "\ud7ff"]
)  # fmt: skip


@st.composite
def comparisons(draw: st.DrawFn) -> str:
    attribute = draw(st.sampled_from(ATTRIBUTES).flatmap(cased))
    if draw(st.booleans()) and not attribute.lower().startswith("urn:"):
        attribute = f"{draw(cased(CORE))}:{attribute}"
    if draw(st.integers(0, 6)) == 0:
        return f"{attribute} pr"
    value = draw(st.one_of(VALUES, VALUES, VALUES, st.sampled_from([True, False, None, 1])))
    return f"{attribute} {draw(st.sampled_from(OPERATORS))} {ScimFilter.quote(value)}"


@st.composite
def value_paths(draw: st.DrawFn) -> str:
    inner = f'type eq "{draw(st.sampled_from(["work", "home", "WORK", "User"]))}"'
    value = f"{draw(st.sampled_from(OPERATORS))} {ScimFilter.quote(draw(VALUES))}"
    of = draw(st.sampled_from(["emails", "emails", "members", "groups", "roles"]))
    return draw(
        st.sampled_from(
            [f"{of}[{inner}].value {value}", f"{of}[{inner} and value {value}]", f"{of}[value {value}]",
             f"{of}[{inner} or value {value}]", f"{of}[not (value {value})]", f"{of}[{inner}].value pr",
             f"{of}[value {value} and value {value}]", f"{of}[primary eq \"True\"]", f"schemas[value {value}]"]
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
ANY_CONNECTION = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(kind=st.sampled_from(["User", "Group"]), text=FILTERS, one=st.integers(0, 4))
@ANY_CONNECTION
def test_every_filter_finds_what_the_librarys_takes(connection: Connection, kind: Kind, text: str, one: int) -> None:
    there: list[dict[str, Any]] = [each for of in PATHS for each in everything(connection, of)]
    text = text.replace("nobody", str(there[one * 2]["id"]))  # now and then an id that exists
    try:
        REQUESTS[kind](filter=text)
    except ValidationError:
        with pytest.raises(InvalidFilterException):
            searched(connection, kind, text)
        return
    scim_filter = ScimFilter[MODELS[kind]](text)  # type: ignore[misc]
    expected = scanned(connection, kind, scim_filter)
    matches = predicate(scim_filter)
    assert [each["id"] for each in everything(connection, kind) if matches(each)] == expected
    assert searched(connection, kind, text) == expected


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("User", 'userName eq "ada@X.org"'),
        ("User", f'{CORE}:USERNAME eq "ada@X.org"'),
        ("User", 'externalId eq "E-1"'),
        ("User", 'displayName eq "ADA" and active eq false'),
        ("User", 'emails.value eq "zoë@x.org"'),
        ("User", 'emails[type eq "work"].value eq "ada@x.org"'),
        ("User", 'userName sw "ada" and emails co "ada"'),
        ("User", 'active eq true and (title pr and userName eq "eva")'),
        ("User", 'userName eq "eva" or userName eq "ben@x.org"'),
        ("User", 'active eq false'),
        ("User", 'meta.lastModified gt "2999-01-01T00:00:00Z"'),
        ("User", 'id eq "x" and title pr'),
        ("User", 'groups.value eq "x"'),
        ("Group", 'members eq "x"'),
        ("Group", 'members[value eq "x"]'),
        ("Group", 'displayName eq "ADA"'),
        ("Group", 'externalId eq "ADA" and members.display eq "x"'),
    ],
)  # fmt: skip
def test_what_is_indexed_is_found_without_a_look_at_the_others(connection: Connection, kind: Kind, text: str) -> None:
    seen: list[str] = []
    driver: sqlite3.Connection = connection.connection.dbapi_connection  # type: ignore[assignment]
    driver.set_trace_callback(seen.append)
    searched(connection, kind, text)
    driver.set_trace_callback(None)
    plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}").all() for each in seen if "SELECT" in each[:6]]
    assert plans
    details = [row.detail for plan in plans for row in plan]
    assert not [detail for detail in details if detail.startswith("SCAN")]
    assert not [detail for detail in details if "_live (provider=?" in detail and "key=?" not in detail]


@pytest.mark.parametrize(
    ("text", "is_exact"),
    [
        ('userName eq "x" and not (emails co "y") or active eq "True"', True),
        ('meta.created le "2020-01-01T00:00:00Z" and externalId sw "x"', True),
        ('groups pr and displayName gt "x" and password ne "x"', True),
        ('emails[value eq "x"]', True),
        ('emails[type eq "work" and value eq "x"]', False),
        ('externalId co "x"', False),
        ('userName eq "x" and title pr', False),
    ],
)
def test_a_filter_of_columns_alone_needs_no_look_at_any_resource(text: str, is_exact: bool) -> None:
    (part,) = plan_of(("User",), text, None).parts
    assert part.condition.is_exact is is_exact
    assert (part.matches is None) is is_exact


def test_entras_reference_checks_find_the_one_resource(connection: Connection) -> None:
    dan = everything(connection, "User")[4]["id"]
    crew, ada = everything(connection, "Group")[0]["id"], everything(connection, "User")[0]["id"]
    for kind, text, expected in (
        ("User", f'id eq "{dan}" and {ENTERPRISE}:manager.value eq "someone"', [dan]),
        ("User", f'{ENTERPRISE}:manager.value eq "someone else" and id eq "{dan}"', []),
        ("Group", f'members eq "{ada}" and id eq "{crew}"', [crew]),
    ):
        assert searched(connection, kind, text) == expected  # type: ignore[arg-type]


def test_whoever_was_never_told_to_be_active_is(connection: Connection) -> None:
    """As planning has it (`users.active`)."""
    active = [each["userName"] for each in asked(connection, "User", {"filter": "active eq true"})]
    assert active == [each["userName"] for each in USERS if each.get("active", True)]
    text = "active eq true and (title pr or not (title pr))"
    assert [each["userName"] for each in asked(connection, "User", {"filter": text})] == active


def test_a_time_without_an_offset_is_utc(connection: Connection) -> None:
    created = everything(connection, "User")[0]["meta"]["created"].removesuffix("Z")
    assert len(searched(connection, "User", f'meta.created ge "{created}"')) == len(USERS)
    assert searched(connection, "User", f'meta.created lt "{created}"') == []
    assert len(searched(connection, "User", f'meta.created ge "{created}" and not (title eq "x")')) == len(USERS)


def test_an_empty_group_has_no_members_to_compare(connection: Connection) -> None:
    (empty,) = (each["id"] for each in asked(connection, "Group", {}) if not each["members"])
    for text in ("members eq null", "not (members pr)", 'members eq null and not (members.display eq "x")'):
        assert searched(connection, "Group", text) == [empty]


def test_a_search_over_both_kinds_finds_in_each_what_it_has(connection: Connection) -> None:
    def kinds(text: str) -> list[str]:
        answer = search(connection, "entra", ScimRequest("GET", BASE, "/", {"filter": text}))
        assert answer is not None
        return [each["meta"]["resourceType"] for each in orjson.loads(answer.body)["Resources"]]

    assert kinds('displayName eq "ADA"') == ["User", "User", "Group"]
    assert kinds('meta.resourceType eq "Group" and not (userName pr)') == ["Group"] * 3
    assert kinds('members pr or title eq "countess"') == ["User", "Group", "Group"]


@pytest.mark.parametrize(
    "text",
    ["active gt true", "active sw true", "x509Certificates.value gt \"YQ==\"", 'nothing eq "x"', 'members eq "x"', "",
     'name[givenName eq "x"]', 'password sw "x"', "meta.created gt \"yesterday\"", "userName eq 5"],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused_and_never_everybody(connection: Connection, text: str) -> None:
    with pytest.raises(InvalidFilterException) as refused:
        searched(connection, "User", text)
    assert refused.value.detail.startswith("filter: ")
    assert "\n" not in refused.value.detail


@pytest.mark.parametrize("query", [{"filter": 'title ne "x"'}, {"sortBy": "title"}, {"filter": "not (title pr)"}])
def test_who_would_have_to_look_at_too_many_is_told_what_is_indexed(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, query: dict[str, str]
) -> None:
    monkeypatch.setattr(walking, "MAX_EXAMINED", len(USERS) - 1)
    with pytest.raises(TooManyException, match="userName, externalId"):
        asked(connection, "User", query)
    assert len(asked(connection, "User", query | {"filter": 'title ne "x" and displayName eq "ada"'})) == 2


def test_a_password_is_never_found(connection: Connection) -> None:
    for text in ('password eq "hunter2"', "password pr", 'title pr and password eq "hunter2"'):
        assert searched(connection, "User", text) == []
