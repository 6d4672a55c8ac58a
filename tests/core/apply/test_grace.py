"""A user whose grace period runs is looked at again at its end, by a push alone too."""

import pytest

from core.apply.site import Site
from core.planning.rules import TargetRules, UserRules
from core.store import Store
from tests.core.apply.company import Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import compared, due_now, pushed

DAY = 86_400


@pytest.fixture
def rules() -> TargetRules:
    return TargetRules(users=UserRules(grace=DAY))


@pytest.fixture
async def ada(quick: Site, company: Company) -> str:
    user = company.hire("ada")
    await compared(quick)
    return user


def due_at(store: Store) -> dict[str, int]:
    with store.read() as connection:
        return {row.id: row.due_at for row in connection.exec_driver_sql("SELECT id, due_at FROM pending")}


def gone_at(store: Store) -> int:
    with store.read() as connection:
        return int(connection.exec_driver_sql("SELECT gone_at FROM users").scalar_one())


@pytest.mark.parametrize("run", [pushed, compared])
async def test_the_user_is_due_when_the_grace_period_ends(
    quick: Site, store: Store, company: Company, instant: Instant, ada: str, run: object
) -> None:
    company.dismiss(ada)
    await run(quick)  # type: ignore[operator]
    assert all(account.active for account in instant.accounts.values())
    assert due_at(store) == {ada: gone_at(store) + DAY * 1000}
    assert due_now(quick) == set()


async def test_a_user_without_a_key_gets_one(quick: Site, store: Store, company: Company, ada: str) -> None:
    company.dismiss(ada)
    store.writer.write_now(lambda tx: tx.connection.exec_driver_sql("DELETE FROM pending"))
    await compared(quick)
    assert due_at(store) == {ada: gone_at(store) + DAY * 1000}


async def test_who_comes_back_meanwhile_is_due_at_once_and_then_no_more(
    quick: Site, store: Store, company: Company, ada: str
) -> None:
    company.dismiss(ada)
    await pushed(quick)
    company.change(ada, active=True)
    assert due_now(quick) == {ada}
    await pushed(quick)
    assert due_at(store) == {}


async def test_when_it_has_ended_the_account_goes(
    quick: Site, store: Store, company: Company, instant: Instant, ada: str
) -> None:
    company.dismiss(ada)
    await pushed(quick)
    past = "UPDATE users SET gone_at = gone_at - 90000000"
    store.writer.write_now(lambda tx: tx.connection.exec_driver_sql(past))
    store.writer.write_now(lambda tx: tx.connection.exec_driver_sql("UPDATE pending SET due_at = 1"))
    await pushed(quick)
    assert not any(account.active for account in instant.accounts.values())
    assert due_at(store) == {}
