"""Choices of an admin about what has nobody behind it: planned alone, approved, and looked at once more."""

from dataclasses import replace

from core.apply.choosing import Choice, choose
from core.apply.ending import Ended
from core.apply.site import Site
from core.apply.stopping import Stop
from core.planning.values import Account, Capabilities, TargetGroup
from core.store import Store
from tests.core.apply.company import Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import approved, compared, steps

SVC = Account("a-svc", "svc", "svc", "Service", None, True, frozenset())


async def chosen(site: Site, subject: str) -> Ended:
    choice = Choice.of(subject)
    assert choice is not None
    return await choose(site, choice, "ada@console", Stop())


def test_a_choice_is_read_from_its_words_and_anything_else_is_none() -> None:
    assert Choice.of("deactivate svc build") == Choice("deactivate", "svc build")
    assert Choice.in_scope("choice: delete-group Old Team") == Choice("delete-group", "Old Team")
    assert Choice.of("deactivate") is Choice.of("purge svc") is Choice.in_scope("all") is None


async def test_an_account_without_a_user_is_deactivated_once_that_is_approved(
    quick: Site, store: Store, instant: Instant
) -> None:
    instant.accounts[SVC.id] = SVC
    waiting = await chosen(quick, "deactivate svc")
    assert waiting.state == "waiting"
    assert instant.accounts[SVC.id].active
    ended = await approved(quick, waiting.run)
    assert steps(store, ended.run) == ["deactivate-account svc done"]
    assert not instant.accounts[SVC.id].active


async def test_an_account_of_a_user_is_left_to_the_identity_provider(
    quick: Site, company: Company, instant: Instant
) -> None:
    company.hire("ada")
    await compared(quick)
    ended = await chosen(quick, "deactivate ada")
    assert ended.state == "failed"
    assert "belongs to a user of entra" in ended.answer


async def test_a_choice_that_is_no_longer_so_changes_nothing(quick: Site, store: Store, instant: Instant) -> None:
    instant.accounts[SVC.id] = SVC
    waiting = await chosen(quick, "deactivate svc")
    instant.accounts[SVC.id] = replace(SVC, active=False)
    assert (await approved(quick, waiting.run)).state == "failed"
    assert steps(store, waiting.run) == ["deactivate-account svc dropped"]


async def test_only_an_empty_group_is_deleted_and_only_where_the_product_can(
    quick: Site, store: Store, instant: Instant
) -> None:
    instant.groups["old"] = TargetGroup("Old", "old")
    assert "does not delete groups" in (await chosen(quick, "delete-group Old")).answer
    instant.able = replace(Capabilities(), delete_group=None)
    instant.accounts[SVC.id] = replace(SVC, groups=frozenset({"old"}))
    assert "still has 1 member." in (await chosen(quick, "delete-group Old")).answer
    instant.accounts[SVC.id] = SVC
    ended = await approved(quick, (await chosen(quick, "delete-group Old")).run)
    assert steps(store, ended.run) == ["delete-group Old done"]
    assert "old" not in instant.groups
