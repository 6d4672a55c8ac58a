"""The requests of an identity provider that were to change something, and whom each was about."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.exchange import Exchange
from core.store import Store, scim_writes
from core.store.scim_writes import ScimWrite

AT = 1_780_000_000_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'manciple.db'}") as store:
        yield store


def came(store: Store, method: str, path: str, status: int | None = 200, at: int = AT, **more: Any) -> None:
    values = {"direction": "in", "party": "entra", "duration": 900, "subject": "ada", **more}
    store.writer.log(Exchange(at=at, method=method, path=path, status=status, **values))


def found(store: Store, since: int = AT) -> list[ScimWrite]:
    store.writer.write_now(lambda tx: None)
    with store.read() as connection:
        return scim_writes.writes(connection, "entra", since)


def test_a_path_names_the_resource(store: Store) -> None:
    came(store, "PATCH", "/Users/u-1?attributes=id")
    came(store, "DELETE", "/Groups/g-1", 204)
    assert [(each.kind, each.resource, each.method) for each in found(store)] == [
        ("User", "u-1", "PATCH"),
        ("Group", "g-1", "DELETE"),
    ]


@pytest.mark.parametrize(
    "told",
    [
        {"response_headers": {"Location": "https://scim.example.com/scim/entra/v2/Users/u-1"}},
        {"response_body": b'{"id": "u-1"}'},
    ],
    ids=["header", "answer"],
)
def test_what_was_made_is_named_by_the_answer(store: Store, told: dict[str, Any]) -> None:
    came(store, "POST", "/Users", 201, **told)
    assert found(store)[0].resource == "u-1"


def test_what_was_not_made_is_known_by_its_name_alone(store: Store) -> None:
    came(store, "POST", "/Users", 409, response_body=b'{"status": "409"}')
    assert (found(store)[0].resource, found(store)[0].subject) == ("", "ada")
    assert found(store)[0].is_refused


def test_reads_others_and_what_was_before_are_left_out(store: Store) -> None:
    came(store, "POST", "/Users", at=AT - 1)
    came(store, "GET", "/Users/u-1")
    came(store, "PATCH", "/Users/u-1", party="okta")
    came(store, "PATCH", "/rest/users/u-1", direction="out")
    came(store, "POST", "/oauth/token")
    assert found(store) == []


def test_who_is_deleted_twice_is_gone_all_the_same(store: Store) -> None:
    came(store, "DELETE", "/Users/u-1", 404)
    came(store, "PATCH", "/Users/u-1", 404)
    came(store, "PATCH", "/Users/u-1", None)
    assert [each.is_refused for each in found(store)] == [False, True, True]


def test_of_very_many_the_newest_are_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scim_writes, "MOST", 2)
    for number in range(3):
        came(store, "PATCH", f"/Users/u-{number}", at=AT + number)
    assert [each.resource for each in found(store)] == ["u-1", "u-2"]
