"""What both kinds of world say of target and provider as a whole, and what a scope leads to besides its users."""

from collections.abc import Collection

import pytest

from core.apply.observing import Observation
from core.apply.scoping import Scope, scope
from core.apply.worlds import Setting, group_keys, scoped_world, whole_world
from core.planning.changes import Because, Change, ChangeKind
from core.planning.rules import GroupMap, GroupRules, OnTheFly, TargetRules, UserRules
from core.planning.values import Account, AdminGroup, Capabilities, GroupLink, TargetGroup, Undone, World
from core.store import Store, Transaction, changes, group_links, links, member_rows, noted, observed, runs, sources
from tests.core.apply.company import PROVIDER, TARGET, Company

RULES = TargetRules()
RENAMING = Capabilities(rename_user=None)
ADA = Account("a1", "ada", "ada", "Ada", "ada@x", True, frozenset())


def setting(rules: TargetRules = RULES, now: int = 7) -> Setting:
    return Setting(PROVIDER, TARGET, rules, Capabilities(), now=now)


def whole(store: Store, *accounts: Account, rules: TargetRules = RULES) -> World:
    with store.read() as connection:
        groups = sources.all_groups(connection, PROVIDER)
        return whole_world(connection, setting(rules), groups, Observation(accounts, ()))


def scoped(
    store: Store,
    users: Collection[str] = (),
    groups: Collection[str] = (),
    rules: TargetRules = RULES,
    able: Capabilities = RENAMING,
) -> Scope:
    with store.read() as connection:
        return scope(connection, PROVIDER, TARGET, rules, users, groups, able)


def some(store: Store, wanted: Scope, *accounts: Account, rules: TargetRules = RULES) -> World:
    with store.read() as connection:
        return scoped_world(connection, setting(rules), wanted, Observation(accounts, ()))


def link(store: Store, user: str, account: Account = ADA) -> None:
    def put(tx: Transaction) -> None:
        links.put(tx, TARGET, user, account.id, account.name, account.key, "created", 1)
        observed.see_accounts(tx, TARGET, [account])

    store.writer.write_now(put)


def link_group(store: Store, group: str, key: str, source_name: str = "") -> None:
    store.writer.write_now(lambda tx: group_links.put(tx, TARGET, GroupLink(group, key, source_name), 1))


def nest(store: Store, outer: str, inner: str) -> None:
    with store.read() as connection:
        rows = member_rows.resolve(connection, PROVIDER, [outer, inner])
    store.writer.write_now(lambda tx: member_rows.add(tx, rows[outer][1], [(True, rows[inner][1], None)]))


def worlds(store: Store, *users: str) -> list[World]:
    return [whole(store, ADA), some(store, scoped(store, users), ADA)]


def test_both_worlds_know_the_moment_and_how_much_there_is(store: Store, company: Company) -> None:
    ada = company.hire("ada")
    link(store, ada)
    for world in worlds(store, ada):
        assert (world.now, world.totals.linked, world.source_complete) == (7, 1, True)


def test_both_worlds_know_the_active_administrators_of_the_whole_target(store: Store, company: Company) -> None:
    ben = Account("a2", "ben", "ben", "Ben", None, True, frozenset({"site-administrators"}))
    idle = Account("a3", "idle", "idle", "Idle", None, False, frozenset({"site-administrators"}))
    groups = [TargetGroup("Site-Administrators", "site-administrators"), TargetGroup("crew", "crew")]
    store.writer.write_now(lambda tx: observed.see_accounts(tx, TARGET, [ben, idle]))
    store.writer.write_now(lambda tx: observed.see_groups(tx, TARGET, groups))
    for world in worlds(store, company.hire("ada")):
        assert world.admin_groups == (AdminGroup("site-administrators", "Site-Administrators", frozenset({"a2"})),)


def test_both_worlds_know_what_an_admin_undid(store: Store, company: Company) -> None:
    ada = company.hire("ada")
    undone = Change(ChangeKind.REACTIVATE_ACCOUNT, Because("told so", "undo"), "ada", "a1", ada)

    def undo(tx: Transaction) -> None:
        run = runs.start(tx, TARGET, "undo", "undo of run 1")
        runs.note_undoes(tx, run, 1)
        runs.note_seen(tx, run, 40)
        changes.plan(tx, run, TARGET, 0, [undone])
        changes.settle(tx, changes.of_run(tx.connection, run)[0].id, "done")

    store.writer.write_now(undo)
    for world in worlds(store, ada):
        assert world.undone == (Undone(undone, 40),)
    assert some(store, scoped(store, [company.hire("ben")])).undone == ()


def test_a_provider_that_never_gave_anybody_is_not_whole(store: Store) -> None:
    assert not whole(store).source_complete


def test_a_target_without_any_account_was_not_read_where_accounts_are_linked(store: Store, company: Company) -> None:
    assert whole(store).target_complete
    link(store, company.hire("ada"))
    assert not whole(store).target_complete
    assert whole(store, ADA).target_complete


def test_a_target_without_any_group_was_not_read_where_groups_were_seen_or_are_linked(
    store: Store, company: Company
) -> None:
    assert whole(store, ADA).target_complete
    crew = GroupLink(company.form("Crew"), "crew", "Crew")
    store.writer.write_now(lambda tx: group_links.put(tx, TARGET, crew, 1))
    assert not whole(store, ADA).target_complete
    store.writer.write_now(lambda tx: group_links.remove_key(tx, TARGET, "crew"))
    store.writer.write_now(lambda tx: observed.see_groups(tx, TARGET, [TargetGroup("Crew", "crew")]))
    assert not whole(store, ADA).target_complete


def test_links_of_groups_come_with_all_that_lead_to_the_same_target_group(store: Store, company: Company) -> None:
    ada = company.hire("ada")
    crew, hands, other = company.form("Crew", [ada]), company.form("Hands"), company.form("Other")
    link_group(store, crew, "sailors")
    link_group(store, hands, "sailors")
    link_group(store, other, "others")
    world = some(store, scoped(store, [ada]))
    assert {link.group_id for link in world.group_links} == {crew, hands}
    assert {group.id for group in world.groups} == {crew, hands}
    assert len(whole(store).group_links) == 3


def test_groups_around_a_users_group_come_along_where_they_are_flattened(store: Store, company: Company) -> None:
    ada = company.hire("ada")
    crew, fleet, navy, other = company.form("Crew", [ada]), *map(company.form, ("Fleet", "Navy", "Other"))
    nest(store, fleet, crew)
    nest(store, navy, fleet)
    found = scoped(store, [ada])
    assert {group.id for group in found.groups} == {crew, fleet, navy}
    assert {name.lower() for name in found.group_names} == {"crew", "fleet", "navy"}
    flat = scoped(store, [ada], rules=TargetRules(groups=GroupRules(nested="ignore")))
    assert {group.id for group in flat.groups} == {crew}
    assert other not in {group.id for group in found.groups}


def test_a_touched_group_is_about_the_members_of_all_groups_inside_it(store: Store, company: Company) -> None:
    ada, ben = company.hire("ada"), company.hire("ben")
    crew, fleet = company.form("Crew", [ada]), company.form("Fleet", [ben])
    nest(store, fleet, crew)
    assert {user.id for user in scoped(store, groups=[fleet]).users} == {ada, ben}
    flat = TargetRules(groups=GroupRules(nested="ignore"))
    assert {user.id for user in scoped(store, groups=[fleet], rules=flat).users} == {ben}


@pytest.mark.parametrize(
    "groups",
    [GroupRules(mode="manual", map=(GroupMap(("Crew",), ("wiki",)),)), GroupRules(on_the_fly=OnTheFly(match="^C"))],
)
def test_where_names_are_made_all_groups_of_the_provider_come_along(
    store: Store, company: Company, groups: GroupRules
) -> None:
    ada = company.hire("ada")
    ids = {company.form("Crew", [ada]), company.form("Other")}
    rules = TargetRules(groups=groups)
    assert {group.id for group in some(store, scoped(store, [ada], rules=rules), rules=rules).groups} == ids


def test_a_touched_group_does_not_touch_all_whom_a_default_group_has(store: Store, company: Company) -> None:
    ada, ben = company.hire("ada"), company.hire("ben")
    crew = company.form("Crew", [ada])
    link(store, ben, Account("a2", "ben", "ben", "Ben", None, True, frozenset({"everybody"})))
    rules = TargetRules(groups=GroupRules(default_for_all=("Everybody",)))
    found = scoped(store, groups=[crew], rules=rules)
    assert {user.id for user in found.users} == {ada}
    assert {name.lower() for name in found.group_names} == {"crew", "everybody"}


@pytest.mark.parametrize(("keep", "known"), [(False, True), (True, False)])
def test_where_the_idp_alone_fills_groups_those_that_feed_a_default_for_new_accounts_come_along(
    store: Store, company: Company, keep: bool, known: bool
) -> None:
    ada, welcome = company.hire("ada"), company.form("Welcome")
    fly = OnTheFly(keep_existing_groups=keep)
    rules = TargetRules(groups=GroupRules(default_for_new=("welcome",), on_the_fly=fly))
    world = some(store, scoped(store, [ada], rules=rules), rules=rules)
    assert (welcome in {group.id for group in world.groups}) is known


def test_the_names_that_linked_accounts_may_be_renamed_to_are_looked_up_where_they_can_be(
    store: Store, company: Company
) -> None:
    ada = company.hire("lovelace")
    link(store, ada)
    assert scoped(store, [ada]).names == {"lovelace"}
    assert scoped(store, [ada], able=Capabilities()).names == frozenset()
    assert scoped(store, [ada], rules=TargetRules(UserRules(rename=False))).names == frozenset()


def test_accounts_that_a_newcomer_matches_by_id_or_e_mail_are_looked_up(store: Store, company: Company) -> None:
    ada = company.hire("ada", email="ada@contoso.example")
    same = Account("a7", "lovelace", "lovelace", "Ada", "Ada@Contoso.example", True)
    kept = Account("a8", "byron", "byron", "Ada", None, True, external_id=ada)
    store.writer.write_now(lambda tx: observed.see_accounts(tx, TARGET, [same, kept]))
    by_id = TargetRules(UserRules(alike="ignore"))
    assert scoped(store, [ada], rules=by_id).candidates == {"a8"}
    by_mail = TargetRules(UserRules(matching=("email",), alike="ignore"))
    assert scoped(store, [ada], rules=by_mail).candidates == {"a7"}


def test_accounts_that_look_like_a_newcomer_s_are_looked_up_where_rules_ask(store: Store, company: Company) -> None:
    ada = company.hire("ada", email="lovelace@contoso.example", display_name="Ada")
    found = [
        Account("a1", "one", "one", "ADA", None, True),
        Account("a2", "two", "two", "Two", "Lovelace@contoso.example", True),
        Account("a3", "Lovelace", "lovelace", "Three", None, True),
        Account("a4", "four", "four", "Four", "four@contoso.example", True),
    ]
    store.writer.write_now(lambda tx: observed.see_accounts(tx, TARGET, found))
    assert scoped(store, [ada]).candidates == {"a1", "a2", "a3"}
    nobody = [TargetRules(UserRules(alike="ignore")), TargetRules(UserRules(create=False))]
    assert [scoped(store, [ada], rules=rules).candidates for rules in nobody] == [frozenset(), frozenset()]


def test_newcomers_that_match_the_same_account_in_different_ways_come_together(store: Store, company: Company) -> None:
    ada, eve = company.hire("ada", email="x@contoso.example"), company.hire("eve", email="ada@contoso.example")
    company.hire("cyd", email="cyd@contoso.example")
    account = Account("a7", "ada", "ada", "Ada", "ada@contoso.example", True)
    store.writer.write_now(lambda tx: observed.see_accounts(tx, TARGET, [account]))
    rules = TargetRules(UserRules(matching=("email", "username")))
    assert {user.id for user in scoped(store, [ada], rules=rules).users} == {ada, eve}


def test_newcomers_with_one_id_at_the_idp_come_together(store: Store, company: Company) -> None:
    ada, eve = company.hire("ada"), company.hire("eve")
    for user in (ada, eve):
        company.change(user, externalId="X-1")
    company.hire("ben")
    assert {user.id for user in scoped(store, [ada]).users} == {ada, eve}


def test_the_groups_to_read_are_those_fed_linked_managed_and_everybodys(store: Store, company: Company) -> None:
    crew = company.form("Crew")
    link_group(store, crew, "sailors")
    store.writer.write_now(lambda tx: noted.member(tx, TARGET, "a1", "former", True))
    rules = TargetRules(groups=GroupRules(default_for_all=("Everybody",), default_for_new=("Newcomers",)))
    with store.read() as connection:
        keys = group_keys(connection, TARGET, sources.all_groups(connection, PROVIDER), rules)
    assert keys == {"crew", "sailors", "former", "everybody", "newcomers"}
