from core.store import Store, identities, links, newcomers

ENTRA, WIKI = "entra", "wiki"


def user(store: Store, name: str, provider: str = ENTRA, **more: object) -> str:
    document = {"userName": name, "displayName": name.title(), "active": True} | more
    return store.writer.write_now(lambda tx: identities.create(tx, provider, "User", document)).id


def like(store: Store, attribute: str, *texts: str) -> set[str]:
    with store.read() as connection:
        return newcomers.containing(connection, ENTRA, WIKI, attribute, texts)


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
    with store.read() as connection:
        assert newcomers.all_ids(connection, ENTRA, WIKI) == {ben}
        assert newcomers.all_ids(connection, ENTRA, "jira") == {ada, ben}


def test_those_whose_attribute_contains_a_text_are_found_without_case(store: Store) -> None:
    ada, zoe = user(store, "Ada@contoso.example"), user(store, "ZO\u00cb")
    user(store, "ben")
    assert like(store, "userName", "ada") == {ada}
    assert like(store, "userName", "zo\u00eb", "nobody") == {zoe}
    assert like(store, "displayName", "ADA") == {ada}
    assert like(store, "userName") == set()


def test_wildcards_of_sql_stand_for_themselves(store: Store) -> None:
    user(store, "ada")
    odd = user(store, "a_a%")
    assert like(store, "userName", "a_a") == {odd}
    assert like(store, "userName", "%") == {odd}


def test_those_with_several_addresses_may_be_meant_whatever_is_looked_for(store: Store) -> None:
    ada = user(store, "ada", emails=[work("ada@x")])
    several = user(store, "ben", emails=[work("ben@x"), {"type": "home", "value": "b@home"}])
    user(store, "cyd", emails=[work("cyd@x")])
    user(store, "dot")
    assert like(store, "emails.work", "ada@x") == {ada, several}


def test_where_no_column_has_the_attribute_or_the_texts_are_many_all_may_be_meant(store: Store) -> None:
    everybody = {user(store, "ada"), user(store, "ben")}
    assert like(store, "employeeNumber", "7") == everybody
    assert like(store, "userName", *(f"nobody-{number}" for number in range(newcomers.MANY + 1))) == everybody


def test_those_with_an_id_of_the_idp_are_found(store: Store) -> None:
    ada = user(store, "ada", externalId="X1")
    user(store, "ben", externalId="x1")
    with store.read() as connection:
        assert newcomers.with_external_ids(connection, ENTRA, WIKI, ["X1"]) == {ada}
