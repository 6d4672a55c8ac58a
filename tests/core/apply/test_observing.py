import pytest

from core.apply.drafting import draft_some, draft_whole
from core.apply.observing import observe_all, observe_some, with_emails
from core.apply.site import Site
from core.apply.stopping import Stop, Stopped
from core.planning.rules import GroupRules, TargetRules, UserRules
from core.planning.values import Account, Link
from core.sandbox.confluence import Confluence, LocalAccount
from core.store import Store, links, noted, observed, runs
from core.targets.protocol import IncompleteRead, TargetError, Unsupported
from tests.core.apply.company import TARGET, Company
from tests.core.apply.door import Door, Refusal
from tests.core.apply.looking import compared, effects, held, pushed, waiting


async def no_progress(read: int) -> None: ...


@pytest.fixture
def confluence() -> Confluence:
    return Confluence.with_defaults(
        [
            LocalAccount("ada", "Ada", "ada@contoso.example", groups=("crew", "deck")),
            LocalAccount("ben", "Ben", "ben@contoso.example", active=False, groups=("crew",)),
        ]
    )


async def test_a_whole_observation_has_all_accounts_and_of_their_groups_those_that_matter(site: Site) -> None:
    seen = await observe_all(site.target, {"crew", "gone"}, Stop(), no_progress)
    assert {account.name: (account.active, account.groups) for account in seen.accounts} == {
        "ada": (True, frozenset({"crew"})),
        "ben": (False, frozenset({"crew"})),
        "admin": (True, frozenset()),
    }
    assert {"crew", "deck", "confluence-users"} <= {group.key for group in seen.groups}


async def test_where_no_group_matters_memberships_count_as_not_read(site: Site) -> None:
    seen = await observe_all(site.target, (), Stop(), no_progress)
    assert {account.groups for account in seen.accounts} == {None}


async def test_progress_is_told_and_ends_with_all_that_was_read(site: Site) -> None:
    told: list[int] = []

    async def on_read(read: int) -> None:
        told.append(read)

    seen = await observe_all(site.target, {"crew"}, Stop(), on_read)
    assert told == sorted(told)
    assert told[-1] == len(seen.groups) + 2 + len(seen.accounts)


async def test_a_group_that_goes_while_everything_is_read_has_no_members(site: Site, door: Door) -> None:
    door.refusals = (Refusal("GET", "/group/crew", 404),)
    seen = await observe_all(site.target, {"crew"}, Stop(), no_progress)
    assert {account.groups for account in seen.accounts} == {frozenset()}


async def test_an_account_renamed_at_the_target_is_found_by_its_id(site: Site, confluence: Confluence) -> None:
    ada = await site.target.find_account("ada")
    assert ada is not None
    confluence.rename_account("ada", "lovelace")
    seen = await observe_some(site.target, [], [Link("u1", ada.id, "ada")], [], Stop())
    assert [(account.id, account.name) for account in seen.accounts] == [(ada.id, "lovelace")]


async def test_an_account_that_took_a_linked_ones_old_name_is_seen_as_well(site: Site, confluence: Confluence) -> None:
    ada = await site.target.find_account("ada")
    assert ada is not None
    confluence.rename_account("ada", "lovelace")
    confluence.add_account(LocalAccount("ada", "Adam", "adam@contoso.example"))
    seen = await observe_some(site.target, [], [Link("u1", ada.id, "ada")], [], Stop())
    assert sorted(account.name for account in seen.accounts) == ["ada", "lovelace"]


async def test_a_user_whose_account_was_renamed_keeps_it_and_gets_no_other(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    ada = company.hire("ada")
    await pushed(site)
    confluence.rename_account("ada", "lovelace")
    company.change(ada, displayName="Ada Byron")
    await pushed(site)
    assert effects(confluence) == ["update-account lovelace Ada Byron <ada@contoso.example>"]
    with store.read() as connection:
        assert [link.account_name for link in links.all_links(connection, TARGET)] == ["lovelace"]


async def test_the_name_that_a_renamed_account_gave_up_is_free_for_others(
    site: Site, company: Company, confluence: Confluence, store: Store
) -> None:
    company.hire("ada")
    await pushed(site)
    confluence.rename_account("ada", "lovelace")
    company.hire("ada ", display_name="Ada Two", email="ada2@contoso.example")
    await pushed(site)
    assert held(store) == set()
    assert effects(confluence) == ["create-account ada Ada Two <ada2@contoso.example>"]


async def test_nothing_is_looked_up_after_a_stop(site: Site) -> None:
    stop = Stop()
    stop.ask("enough")
    with pytest.raises(Stopped):
        await observe_some(site.target, ["ada"], [], [], stop)
    with pytest.raises(Stopped):
        await observe_all(site.target, (), stop, no_progress)


def test_an_e_mail_that_is_not_told_is_the_one_last_known() -> None:
    silent = Account("a1", "ada", "ada", "Ada", None, True)
    telling = Account("a2", "ben", "ben", "Ben", "new@x", True)
    known = {"a1": "ada@x", "a2": "old@x"}
    assert [account.email for account in with_emails([silent, telling], known)] == ["ada@x", "new@x"]


class TestWithoutToldEmails:
    @pytest.fixture
    def confluence(self) -> Confluence:
        return Confluence.with_defaults(version="9.2")

    async def test_the_e_mail_that_was_written_is_remembered_and_not_written_again(
        self, site: Site, store: Store, company: Company, confluence: Confluence, door: Door
    ) -> None:
        door.refusals = (Refusal("GET", "/rest/mobile/1.0/profile", 403),)
        company.hire("ada")
        await compared(site)
        assert (await compared(site)).answer == "Nothing to change."
        with store.read() as connection:
            (link,) = links.all_links(connection, TARGET)
            known = observed.emails(connection, TARGET, [link.account_id])
        assert known == {link.account_id: "ada@contoso.example"}


@pytest.mark.parametrize("name", [".", ".."])
async def test_a_group_that_the_product_cannot_be_asked_about_is_never_created(
    site: Site, company: Company, confluence: Confluence, store: Store, name: str
) -> None:
    group = company.form(name, [company.hire("ada")])
    await pushed(site)
    assert held(store) == {("C16", f"group:{group}")}
    assert [effect for effect in effects(confluence) if name in effect.split()] == []


async def test_an_account_whose_name_the_product_cannot_address_is_never_created(
    site: Site, company: Company, confluence: Confluence, store: Store
) -> None:
    company.hire("..", email="dots@contoso.example")
    company.hire("a/b", email="slash@contoso.example")
    await pushed(site)
    assert effects(confluence) == []


@pytest.mark.parametrize("status", [404, 405, 501])
@pytest.mark.parametrize("part", ["/rest/api/user?username=cyd", "/rest/api/group/Crew"])
async def test_an_answer_that_the_call_is_not_offered_does_not_count_as_absence(
    site: Site, company: Company, confluence: Confluence, store: Store, door: Door, part: str, status: int
) -> None:
    company.form("Crew", [company.hire("cyd")])
    await site.target.capabilities()
    door.refusals = (Refusal("GET", part, status, is_page=True),)
    with pytest.raises(Unsupported):
        await observe_some(site.target, ["cyd"], [], ["Crew"], Stop())
    await pushed(site)
    assert [effect for effect in effects(confluence) if "Crew" in effect or "cyd" in effect] == []
    assert set(waiting(store).values()) == {1}


@pytest.mark.parametrize(
    ("part", "status"), [("/user/list?", 403), ("/group?", 400), ("/group/crew/member", 500), ("/user/list?", 405)]
)
async def test_a_listing_that_cannot_be_read_is_never_an_empty_one(
    site: Site, door: Door, part: str, status: int
) -> None:
    door.refusals = (Refusal("GET", part, status),)
    with pytest.raises(TargetError):
        await observe_all(site.target, {"crew"}, Stop(), no_progress)


async def test_an_account_that_goes_while_it_is_read_breaks_the_look_up_off(site: Site, door: Door) -> None:
    door.refusals = (Refusal("GET", "/user/memberof?username=ada", 404),)
    with pytest.raises(IncompleteRead):
        await observe_some(site.target, ["ada"], [], [], Stop())


class TestWithGroupsOff:
    @pytest.fixture
    def rules(self) -> TargetRules:
        return TargetRules(UserRules(), GroupRules(mode="off"))

    async def test_what_manciple_manages_is_not_forgotten_by_a_whole_run(
        self, site: Site, store: Store, company: Company
    ) -> None:
        company.hire("ada")
        await compared(site)
        with store.read() as connection:
            (link,) = links.all_links(connection, TARGET)
        store.writer.write_now(lambda tx: noted.member(tx, TARGET, link.account_id, "crew", True))
        await compared(site)
        with store.read() as connection:
            assert len(observed.managed(connection, TARGET)) == 1


async def test_a_clock_that_is_set_back_makes_nothing_forgotten(
    site: Site, store: Store, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.form("fleet", [company.hire("ada")])
    await compared(site)
    monkeypatch.setattr("core.store.transaction.now_ms", lambda: 1)
    await compared(site)
    with store.read() as connection:
        assert observed.counts(connection, TARGET)[0] == 3
        assert len(observed.managed(connection, TARGET)) == 1


async def test_a_group_seen_a_moment_ago_is_not_looked_for_again(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    ada = company.hire("ada")
    crew = company.form("crew", [ada])
    run = store.writer.write_now(lambda tx: runs.start(tx, TARGET, "push", "1 key"))
    await draft_some(site, run, [ada], [crew], Stop())
    asked = confluence.requests["GET", "/rest/api/group/{groupName}"]
    await draft_some(site, run, [ada], [crew], Stop())
    assert confluence.requests["GET", "/rest/api/group/{groupName}"] == asked


async def test_a_draft_for_some_says_which_subjects_it_is_about(site: Site, store: Store, company: Company) -> None:
    ada, ben = company.hire("ada"), company.hire("ben")
    crew, deck = company.form("crew", [ada]), company.form("deck", [ben])
    run = store.writer.write_now(lambda tx: runs.start(tx, TARGET, "push", "1 key"))
    draft = await draft_some(site, run, [ada], [], Stop())
    assert draft.is_about(("C06", f"user:{ada}"))
    assert draft.is_about(("C16", f"group:{crew}"))
    assert not draft.is_about(("C29", f"group:{crew}"))  # of its members it saw Ada alone
    assert not draft.is_about(("C06", f"user:{ben}"))
    assert not draft.is_about(("C16", f"group:{deck}"))
    assert (await draft_some(site, run, [], [crew], Stop())).is_about(("C29", f"group:{crew}"))
    assert (await draft_whole(site, run, Stop())).is_about(("C06", f"user:{ben}"))
