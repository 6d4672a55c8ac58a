"""What rules can use of a provider's users: read from the users themselves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.store import Store, attribute_samples, identities
from core.store.attribute_samples import AttributeSample, Samples
from core.store.attributes import DIRECTORY, ENTERPRISE


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'manciple.db'}") as store:
        yield store


def user(store: Store, name: str, **attributes: object) -> str:
    document = {"userName": name, "active": True, **attributes}
    return store.writer.write_now(lambda tx: identities.create(tx, "entra", "User", document)).id


def found(store: Store) -> Samples:
    with store.read() as connection:
        return attribute_samples.samples(connection, "entra")


def test_attributes_have_the_names_of_rules_and_the_most_frequent_values_first(store: Store) -> None:
    for number, department in enumerate(["R&D", "Sales", "R&D", "HR", "Law", "HR", "R&D"]):
        user(store, f"u{number}", **{ENTERPRISE: {"department": department}, DIRECTORY: {"roles": "Reader"}})
    assert found(store) == Samples(
        (
            AttributeSample("directory.roles", 7, ("Reader",)),
            AttributeSample("enterprise.department", 7, ("R&D", "HR", "Law")),
            AttributeSample("userName", 7, ("u0", "u1", "u2")),
        ),
        7,
    )


def test_who_is_deleted_or_anothers_is_not_looked_at(store: Store) -> None:
    gone = user(store, "ada", title="Engineer")
    user(store, "bob")

    def remove(tx: object) -> None:
        stored = identities.find(tx.connection, "entra", "User", gone)  # type: ignore[attr-defined]
        identities.remove(tx, "User", stored)  # type: ignore[arg-type]

    store.writer.write_now(remove)
    assert [each.name for each in found(store).attributes] == ["userName"]
    assert found(store).looked_at == 1


def test_a_long_value_is_cut(store: Store) -> None:
    user(store, "ada", title="x" * 500)
    (title,) = (each for each in found(store).attributes if each.name == "title")
    assert title.values == ("x" * 60 + "…",)


def test_many_users_cost_no_more_than_enough_of_them(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attribute_samples, "LOOKED_AT", 2)
    for number in range(3):
        user(store, f"u{number}")
    assert found(store).looked_at == 2
    assert found(store).attributes[0].values == ("u1", "u2")
