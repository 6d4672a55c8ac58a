from dataclasses import replace

from core.exchange import Exchange
from core.store import Store
from core.store.resource_log import LastShown, last_shown

SHOWN = Exchange("in", "entra", 1, 1, "GET", "/Users/7", 200, "ada", response_body=b'{"id":"7","title":"a"}')
PATCH = Exchange("in", "entra", 1, 1, "PATCH", "/Users/7", 200, "ada")


def found(store: Store, *before: Exchange, of: Exchange = PATCH) -> LastShown | None:
    numbers = store.writer.write_now(lambda tx: [tx.log(exchange) for exchange in (*before, of)])
    with store.read() as connection:
        return last_shown(connection, numbers[-1], of)


def test_the_latest_showing_before_it_is_found_and_none_after_it(store: Store) -> None:
    newer = replace(SHOWN, response_body=b'{"id":"7","title":"b"}', path="/Users/7?attributes=title")
    assert found(store, SHOWN, newer) == LastShown(2, {"id": "7", "title": "b"})
    assert found(store) == LastShown(2, {"id": "7", "title": "b"})


def test_a_user_that_was_created_is_shown_by_that_answer(store: Store) -> None:
    created = replace(SHOWN, method="POST", path="/Users", status=201)
    other = replace(created, subject="grace", response_body=b'{"id":"8"}')
    assert found(store, created, other) == LastShown(1, {"id": "7", "title": "a"})


def test_others_refusals_and_answers_without_the_resource_show_nothing(store: Store) -> None:
    assert (
        found(
            store,
            replace(SHOWN, party="okta"),
            replace(SHOWN, path="/Users/77"),
            replace(SHOWN, path="/Groups/7"),
            replace(SHOWN, status=404),
            replace(SHOWN, status=204, response_body=b""),
            replace(SHOWN, response_body=b'{"id":"8"}'),
            replace(SHOWN, response_body=b'{"id'),
        )
        is None
    )


def test_what_is_about_no_single_resource_has_none(store: Store) -> None:
    assert found(store, SHOWN, of=replace(PATCH, path="/Bulk")) is None
    assert found(store, SHOWN, of=replace(PATCH, path="/Users")) is None
