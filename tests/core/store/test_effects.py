from dataclasses import replace

from core.exchange import Exchange
from core.planning.changes import Because, Change, ChangeKind
from core.store import Store, Transaction, changes, runs
from core.store.effects import Effects, effects_of

INBOUND = Exchange("in", "entra", 1, 5, "PATCH", "/Users/42", 200)
OUTBOUND = Exchange("out", "wiki", 2, 5, "PUT", "/rest/api/user", 200)


def trail(tx: Transaction) -> tuple[int, int, int]:
    """An inbound exchange, the change that it led to, and the call that carried it out."""
    cause = tx.log(INBOUND)
    run = runs.start(tx, "wiki", "push", "1 key")
    because = Because("Ada is in eng", "groups.map", exchange=cause)
    changes.plan(tx, run, "wiki", 0, [Change(ChangeKind.ADD_MEMBER, because, account="ada", group="staff")])
    (change,) = (listed.id for listed in changes.window(tx.connection, run, 1, 1, 1))
    return cause, change, tx.log(replace(OUTBOUND, run=run, change=change, cause=cause))


def read(store: Store, number: int, exchange: Exchange) -> Effects:
    with store.read() as connection:
        return effects_of(connection, number, exchange)


def test_an_inbound_exchange_has_the_changes_and_calls_that_it_led_to(store: Store) -> None:
    cause, change, call = store.writer.write_now(trail)
    effects = read(store, cause, INBOUND)
    assert [listed.id for listed in effects.changes] == [change]
    assert [listed.id for listed in effects.calls] == [call]
    assert (effects.change, effects.run, effects.cause) == (None, None, None)


def test_an_outbound_exchange_has_its_change_with_the_reason_its_run_and_its_cause(store: Store) -> None:
    cause, change, call = store.writer.write_now(trail)
    effects = read(store, call, replace(OUTBOUND, run=1, change=change, cause=cause))
    assert effects.change is not None
    listed, whole = effects.change
    assert (listed.id, whole.because.text) == (change, "Ada is in eng")
    assert effects.run is not None
    assert effects.run.trigger == "push"
    assert effects.cause is not None
    assert effects.cause.id == cause
    assert (effects.changes, effects.calls) == ((), ())


def test_what_is_no_longer_kept_is_missing(store: Store) -> None:
    assert read(store, 1, INBOUND) == Effects()
    assert read(store, 1, OUTBOUND) == Effects()
    assert read(store, 1, replace(OUTBOUND, run=9, change=9, cause=9)) == Effects()
