from core.planning.unmapping import Clues
from core.store import Store, identities, links, newcomers

ENTRA, WIKI = "entra", "wiki"


def user(store: Store, name: str, provider: str = ENTRA, **more: object) -> str:
    document = {"userName": name, "displayName": name.title(), "active": True} | more
    return store.writer.write_now(lambda tx: identities.create(tx, provider, "User", document)).id


def like(store: Store, attribute: str, *clues: Clues) -> dict[str, str]:
    """Ids of those found, with the attribute's value."""
    with store.read() as connection:
        return dict(newcomers.values(connection, ENTRA, WIKI, attribute, clues))


def everybody(store: Store, attribute: str, target: str = WIKI) -> dict[str, str]:
    with store.read() as connection:
        return dict(newcomers.values(connection, ENTRA, target, attribute, None))


def text(*texts: str) -> Clues:
    return frozenset(texts)


def work(address: str) -> dict[str, str]:
    return {"type": "work", "value": address}


def test_newcomers_are_the_active_users_without_an_account_at_that_target(store: Store) -> None:
    ada, ben, gone = user(store, "ada"), user(store, "ben"), user(store, "gone")
    user(store, "idle", active=False)

    def leave(tx: object) -> None:
        stored = identities.find(tx.connection, ENTRA, "User", gone)  # type: ignore[attr-defined]
        assert stored is not None
        identities.remove(tx, "User", stored)  # type: ignore[arg-type]

    store.writer.write_now(leave)
    store.writer.write_now(lambda tx: links.put(tx, WIKI, ada, "a1", "ada", "ada", "created", 1))
    assert everybody(store, "userName") == {ben: "ben"}
    assert everybody(store, "userName", "jira") == {ada: "ada", ben: "ben"}


def test_those_whose_attribute_contains_all_texts_of_a_clue_are_found_without_case(store: Store) -> None:
    ada, zoe = user(store, "Ada@contoso.example"), user(store, "Zo\u00eb")
    user(store, "ben")
    assert like(store, "userName", text("ada")) == {ada: "Ada@contoso.example"}
    assert like(store, "userName", text("ada", "contoso")) == {ada: "Ada@contoso.example"}
    assert like(store, "userName", text("ada", "ben")) == {}
    assert like(store, "userName", text("zo\u00eb"), text("nobody")) == {zoe: "Zo\u00eb"}
    assert ada in like(store, "displayName", text("ADA"))
    assert like(store, "userName") == {}


def test_wildcards_of_sql_stand_for_themselves(store: Store) -> None:
    user(store, "ada")
    odd = user(store, "a_a%")
    assert like(store, "userName", text("a_a")) == {odd: "a_a%"}
    assert like(store, "userName", text("%")) == {odd: "a_a%"}


def test_those_with_several_addresses_are_found_whatever_is_looked_for(store: Store) -> None:
    ada = user(store, "ada", emails=[work("ada@x")])
    several = user(store, "ben", emails=[work("ben@x"), {"type": "home", "value": "b@home"}])
    user(store, "cyd", emails=[work("cyd@x")])
    user(store, "dot")
    assert like(store, "emails.work", text("ada@x")) == {ada: "ada@x", several: "ben@x"}


def test_what_is_not_in_normal_form_may_be_anything(store: Store) -> None:
    decomposed = user(store, "zoe\u0308")
    assert like(store, "userName", text("nobody")) == {decomposed: "zoe\u0308"}


def test_of_an_attribute_without_a_column_every_value_is_looked_at(store: Store) -> None:
    ada = user(store, "ada", title="Dr")
    user(store, "ben")
    assert like(store, "title", text("nobody")) == {ada: "Dr"}


def test_those_with_an_id_of_the_idp_are_found(store: Store) -> None:
    ada = user(store, "ada", externalId="X1")
    user(store, "ben", externalId="x1")
    with store.read() as connection:
        assert newcomers.with_external_ids(connection, ENTRA, WIKI, ["X1"]) == {ada}
