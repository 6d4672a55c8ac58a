"""The typed path answers what the library answers, and leaves behind what it leaves, over generated conversations.

Two listeners over stores of their own get the same requests; one has no typed path. Ids and times differ, and are
replaced by what they stand for before anything is compared.
"""

import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from unittest.mock import patch as patched

import httpx
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scim_calls import ENTERPRISE, GROUP, PATCH, USER

from core.scim.listener import Listener, Served
from core.store import Store, tokens

TIME = re.compile(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"')
NAMES = st.sampled_from(["ada", "Ada", "ben", "eva@x.org", "Zoë", "", " ", "a\tb"])
TEXT = st.sampled_from(["", "x", "X", "Zoë", "work", "0", "a\0b"])
ODD: st.SearchStrategy[Any] = st.sampled_from([None, 0, 1.5, [], {}, "True", ["x"], {"value": "x"}, True])
SOMETHING = TEXT | ODD
ENTRY = st.fixed_dictionaries(
    {},
    optional={"value": SOMETHING, "type": st.sampled_from(["work", "Work", "home", "mobile"]) | ODD, "primary": ODD,
              "display": SOMETHING, "streetAddress": TEXT, "unknown": TEXT},
)  # fmt: skip
ENTRIES = st.lists(ENTRY, max_size=2) | ODD
PEOPLE = st.sampled_from(["<user 0>", "<user 1>", "<user 2>", "<group 0>", "nobody"])
MEMBERS = (
    st.lists(
        st.fixed_dictionaries({"value": PEOPLE}, optional={"display": TEXT | st.none(), "$ref": st.none()}), max_size=3
    )
    | ODD
)
SUBS = st.sampled_from(["givenName", "familyName", "GivenName", "nickName"])
EXTENSION = st.dictionaries(
    st.sampled_from(["department", "employeeNumber", "manager", "Department", "odd"]),
    SOMETHING | st.fixed_dictionaries({"value": PEOPLE}, optional={"displayName": TEXT}),
    max_size=3,
)
USERS = st.fixed_dictionaries(
    {
        "schemas": st.sampled_from([[USER], [USER, ENTERPRISE], [GROUP], [USER, USER], [], None]),
        "userName": NAMES | ODD,
    },
    optional={
        "active": st.booleans() | ODD, "externalId": SOMETHING, "displayName": SOMETHING, "title": SOMETHING,
        "Title": TEXT, "name": st.dictionaries(SUBS, SOMETHING, max_size=2) | ODD, "emails": ENTRIES,
        "phoneNumbers": ENTRIES,
        "addresses": ENTRIES, "roles": ENTRIES, "photos": ENTRIES, "password": TEXT, "groups": ENTRIES, "id": TEXT,
        "meta": ODD, "nonsense": SOMETHING, ENTERPRISE: EXTENSION | ODD,
    },
)  # fmt: skip
GROUPS = st.fixed_dictionaries(
    {"schemas": st.sampled_from([[GROUP], [USER], None]), "displayName": NAMES | ODD},
    optional={"externalId": SOMETHING, "members": MEMBERS, "nonsense": SOMETHING},
)
PATHS = st.sampled_from(
    ["active", "displayName", "userName", "title", "externalId", "name.givenName", "name", "nickName", "emails",
     f"{ENTERPRISE}:department", f"{ENTERPRISE}:manager", f"{ENTERPRISE}:manager.value", ENTERPRISE,
     'emails[type eq "work"].value', 'emails[type eq "Work"].value', 'emails[type eq "other"].primary',
     'phoneNumbers[type eq "mobile"].value', 'addresses[type eq "work"].streetAddress', "members", "Members",
     'members[value eq "<user 0>"]', 'members[value eq "nobody"]', "id", "groups", "nonsense", "emails[", "",
     "DISPLAYNAME"]
)  # fmt: skip
OPERATIONS = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "replace", "remove", "Replace", "nop"])},
    optional={
        "path": PATHS,
        "value": st.booleans() | NAMES | SOMETHING | MEMBERS | ENTRIES | USERS | GROUPS | EXTENSION,
    },
)
BODIES = st.fixed_dictionaries({"schemas": st.just([PATCH]), "Operations": st.lists(OPERATIONS, max_size=3)})
PLACES = st.sampled_from(
    ["/Users/<user 0>", "/Users/<user 1>", "/Users/<user 2>", "/Groups/<group 0>", "/Users/nobody"]
)
QUERIES = st.sampled_from(
    ["", "", "?attributes=userName,displayName", "?excludedAttributes=members,emails", "?attributes=emails.value",
     f"?attributes={ENTERPRISE}:department", "?attributes=id&excludedAttributes=members", "?aadOptscim062020"]
)  # fmt: skip
HEADERS = st.sampled_from([{}, {}, {}, {"If-Match": 'W/"1"'}, {"If-Match": "*"}, {"If-None-Match": 'W/"2"'}])
REQUESTS = st.one_of(
    st.tuples(st.just("POST"), st.just("/Users"), QUERIES, HEADERS, USERS),
    st.tuples(st.just("POST"), st.just("/Groups"), st.just(""), HEADERS, GROUPS),
    st.tuples(st.just("PUT"), PLACES, QUERIES, HEADERS, USERS | GROUPS),
    st.tuples(st.just("PATCH"), PLACES, QUERIES, HEADERS, BODIES),
    st.tuples(st.just("PATCH"), PLACES, st.just(""), st.just({}), BODIES),
    st.tuples(st.just("DELETE"), PLACES, st.just(""), HEADERS, st.none()),
    st.tuples(st.just("GET"), PLACES, QUERIES, HEADERS, st.none()),
)
START = [
    (
        "POST",
        "/Users",
        {"schemas": [USER], "userName": "first", "active": True, "emails": [{"type": "work", "value": "f"}]},
    ),
    ("POST", "/Users", {"schemas": [USER, ENTERPRISE], "userName": "second", ENTERPRISE: {"department": "D"}}),
    ("POST", "/Groups", {"schemas": [GROUP], "displayName": "Crew", "members": [{"value": "<user 0>"}]}),
]


class Side:
    """One of the two listeners, and what the ids that it gave stand for."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.ids: dict[str, str] = {}

    async def send(self, method: str, path: str, headers: dict[str, str], body: Any) -> tuple[int, Any, str | None]:
        """Status, body and version of the answer, ids and times replaced."""
        text = None if body is None else self._named(orjson.dumps(body).decode())
        sent = {**headers, "Content-Type": "application/scim+json"}
        answer = await self.client.request(method, self._named(path), content=text, headers=sent)
        if answer.status_code == 201:
            kind = "user" if path.startswith("/Users") else "group"
            number = sum(name.startswith(f"<{kind}") for name in self.ids)
            self.ids[f"<{kind} {number}>"] = answer.headers["location"].rsplit("/", 1)[1]
        return answer.status_code, _comparable(self._told(answer.text)), answer.headers.get("etag")

    def _named(self, text: str) -> str:
        for name, ident in self.ids.items():
            text = text.replace(name, ident)
        return text

    def _told(self, text: str) -> str:
        for name, ident in self.ids.items():
            text = text.replace(ident, name)
        return TIME.sub('"<time>"', text)


def _comparable(text: str) -> Any:
    """The document; of an error only what programs read, since the sentences are each path's own."""
    document = orjson.loads(text) if text else None
    if isinstance(document, dict) and "status" in document:
        return document["status"], document.get("scimType")
    if isinstance(document, dict) and "displayName" in document and USER not in document["schemas"]:
        document.setdefault("members", [])
    return document


@contextmanager
def by_the_library_alone() -> Iterator[None]:
    with (
        patched("core.scim.typed.writing.write", return_value=None),
        patched.multiple("core.scim.typed.reading", glance=lambda *_: None, read=lambda *_: None),
    ):
        yield


@asynccontextmanager
async def side(path: Path) -> AsyncIterator[Side]:
    with Store.open(f"sqlite:///{path}") as store:
        token = store.writer.write_now(lambda tx: tokens.issue(tx, "entra", "test"))
        listener = Listener(store, [Served("entra", ["wiki"])], "http://x", allow=[ip_network("127.0.0.0/8")])
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(listener),
            base_url="http://x/scim/entra/v2",
            headers={"Authorization": f"Bearer {token}"},
        ) as client:
            yield Side(client)


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    return iter(range(1 << 30))


@settings(
    max_examples=int(os.environ.get("MANCIPLE_EXAMPLES", "60")), deadline=None, suppress_health_check=list(HealthCheck)
)
@given(conversation=st.lists(REQUESTS, min_size=1, max_size=8))
async def test_both_answer_alike(
    tmp_path: Path, numbers: Iterator[int], conversation: list[tuple[str, str, str, dict[str, str], Any]]
) -> None:
    number = next(numbers)
    async with side(tmp_path / f"typed-{number}.db") as typed, side(tmp_path / f"library-{number}.db") as library:
        for method, path, body in START:
            await typed.send(method, path, {}, body)
            with by_the_library_alone():
                await library.send(method, path, {}, body)
        for method, place, query, headers, body in conversation:
            ours = await typed.send(method, place + query, headers, body)
            with by_the_library_alone():
                theirs = await library.send(method, place + query, headers, body)
            assert ours == theirs, f"{method} {place}{query} {headers} {body}\ntyped:   {ours}\nlibrary: {theirs}"
        for place in ("/Users/<user 0>", "/Users/<user 1>", "/Groups/<group 0>"):
            ours = await typed.send("GET", place, {}, None)
            with by_the_library_alone():
                theirs = await library.send("GET", place, {}, None)
            assert ours == theirs, f"after {conversation}\ntyped:   {ours}\nlibrary: {theirs}"
