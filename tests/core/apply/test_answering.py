from core.apply.answering import answer_keys, claimed
from core.apply.executing import Result
from core.apply.site import Site
from core.store import Store, pending
from tests.core.apply.company import TARGET, Company
from tests.core.apply.looking import due_now, waiting


async def test_keys_are_cleared_save_those_with_something_left_to_do(
    site: Site, store: Store, company: Company
) -> None:
    ada, _, crew = company.hire("ada"), company.hire("ben"), company.form("Crew")
    await answer_keys(site, claimed(site), Result({ada: "no seat"}, {crew: "no such directory"}))
    assert waiting(store) == {ada: 1, crew: 1}
    assert due_now(site) == set()


async def test_what_is_left_to_do_without_a_key_gets_one_that_waits(site: Site, store: Store) -> None:
    await answer_keys(site, [], Result({"u1": "no seat"}, {"g1": "no"}))
    assert waiting(store) == {"u1": 1, "g1": 1}
    assert due_now(site) == set()


async def test_failures_add_up_though_others_meet_the_same_user_in_between(
    site: Site, store: Store, company: Company
) -> None:
    ada = company.hire("ada")
    (key,) = claimed(site)
    store.writer.write_now(lambda tx: pending.fail(tx, key, "no"))
    await answer_keys(site, [], Result({ada: "no"}))
    assert waiting(store) == {ada: 1}
    assert due_now(site) == set()


async def test_what_an_engine_could_not_do_before_its_end_is_due_at_once(
    site: Site, store: Store, company: Company
) -> None:
    ada = company.hire("ada")
    await answer_keys(site, claimed(site), Result({ada: "stopped", "u9": "stopped"}, interrupted=True))
    assert waiting(store) == {ada: 0, "u9": 0}
    assert due_now(site) == {ada, "u9"}


async def test_a_key_that_was_touched_since_its_claim_is_not_cleared(
    site: Site, store: Store, company: Company
) -> None:
    ada = company.hire("ada")
    keys = claimed(site)
    store.writer.write_now(lambda tx: pending.touch(tx, [TARGET], "user", [ada], None))
    await answer_keys(site, keys, Result())
    assert company.pending() == {ada}


async def test_keys_that_wait_for_their_retry_are_claimed_too_where_everything_is_compared(
    site: Site, company: Company, store: Store
) -> None:
    ada, ben = company.hire("ada"), company.hire("ben")
    first = next(key for key in claimed(site) if key.id == ada)
    store.writer.write_now(lambda tx: pending.fail(tx, first, "no"))
    assert {key.id for key in claimed(site)} == {ada, ben}
    assert {key.id for key in claimed(site, {("user", ben)})} == {ben}
