"""What every simulated product offers: people come, change and go behind manciple's back, and no effect tells of it."""

import pytest

from core.sandbox.confluence import Confluence
from core.sandbox.jira import Jira
from core.sandbox.views import AccountView, LocalAccount

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com", groups=("staff",))
JOHN = LocalAccount("john", "John Roe", "john@example.com", groups=())
PRODUCTS = pytest.mark.parametrize("product", [Confluence, Jira])


@PRODUCTS
def test_what_people_do_themselves_is_there_and_is_no_effect(product: type[Confluence | Jira]) -> None:
    simulated = product()
    simulated.add_account(JANE)
    simulated.add_account(JOHN)
    simulated.change_account("jane", email="jane@example.org", active=False)
    simulated.rename_account("jane", "jane.roe")
    simulated.add_member("staff", "john")
    snapshot = simulated.snapshot()
    assert snapshot.accounts == (
        AccountView("jane.roe", "Jane Doe", "jane@example.org", False),
        AccountView("john", "John Roe", "john@example.com", True),
    )
    assert snapshot.memberships == {("staff", "jane.roe"), ("staff", "john")}
    assert simulated.effects == []


@PRODUCTS
def test_a_name_that_somebody_has_is_given_to_nobody_else(product: type[Confluence | Jira]) -> None:
    simulated = product()
    simulated.add_account(JANE)
    simulated.add_account(JOHN)
    with pytest.raises(ValueError, match="there is a user JANE already"):
        simulated.rename_account("john", "JANE")
    simulated.rename_account("jane", "Jane")
    assert [account.username for account in simulated.snapshot().accounts] == ["Jane", "john"]


@PRODUCTS
def test_who_is_not_there_cannot_be_changed(product: type[Confluence | Jira]) -> None:
    with pytest.raises(KeyError, match="there is no user ghost"):
        product().issue_token("ghost")
