"""`manciple explain`: the chain from the IdP's record to the present state, from the store alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from running import Run, terminal

from core.exchange import Exchange
from core.planning.changes import Because, Change, ChangeKind, Conflict, Hold
from core.planning.drift import Drifted
from core.planning.values import Account, GroupLink, TargetGroup
from core.store import (
    Store,
    Transaction,
    changes,
    conflicts,
    drift,
    group_links,
    identities,
    links,
    member_rows,
    noted,
    observed,
    pending,
    runs,
)

SENT = Exchange(
    direction="in", party="entra", at=1_000_000_000_000, duration=5, method="POST", path="/Users", status=201
)


class Wiki:
    """Ada of the IdP group Staff has the account `ada`, which run 1 created and put into the group `staff`."""

    def __init__(self, store: Store) -> None:
        self.store = store
        store.writer.write_now(self._write)

    def write(self, write: Callable[[Transaction], object]) -> None:
        self.store.writer.write_now(write)

    def hire(self, name: str) -> str:
        """A user who has no account yet; returns the id."""
        mail = [{"type": "work", "value": "new@example.com"}]
        document = {"userName": name, "active": True, "displayName": "New", "emails": mail}
        return self.store.writer.write_now(lambda tx: identities.create(tx, "entra", "User", document)).id

    def rename_staff(self, name: str) -> None:
        """Give the IdP group Staff another name."""
        stored = self._stored("Group", self.staff)
        self.write(lambda tx: identities.replace(tx, "Group", stored, {"displayName": name}))

    def delete_ada(self) -> None:
        """Delete the user for good."""
        stored = self._stored("User", self.ada)
        self.write(lambda tx: identities.remove(tx, "User", stored))

    def _stored(self, kind: identities.Kind, ident: str) -> identities.Stored:
        with self.store.read() as connection:
            stored = identities.find(connection, "entra", kind, ident)
        assert stored is not None
        return stored

    def _write(self, tx: Transaction) -> None:
        self.exchange = tx.log(SENT)
        values = {"displayName": "Ada Lovelace", "emails": [{"type": "work", "value": "ada@example.com"}]}
        ada = identities.create(tx, "entra", "User", {"userName": "Ada", "active": True} | values, self.exchange)
        staff = identities.create(tx, "entra", "Group", {"displayName": "Staff"}, self.exchange)
        member_rows.add(tx, staff.key, [(False, ada.key, self.exchange)])
        self.ada, self.staff = ada.id, staff.id
        run = runs.start(tx, "wiki", "order", "all", "ada@host")
        changes.plan(tx, run, "wiki", 0, self._changes())
        runs.move(tx, run, "applying", approved_by="bob@host")
        for number in (1, 2, 3):
            changes.settle(tx, number, "done")
        runs.finish(tx, run, "done")
        observed.see_groups(tx, "wiki", [TargetGroup("Staff", "staff"), TargetGroup("local", "local")])
        groups = frozenset({"staff"})
        observed.see_accounts(
            tx, "wiki", [Account("a1", "ada", "ada", "Ada Lovelace", "ada@example.com", True, groups)]
        )
        noted.member(tx, "wiki", "a1", "staff", True)
        links.put(tx, "wiki", ada.id, "a1", "ada", "ada", "created", run)
        group_links.put(tx, "wiki", GroupLink(staff.id, "staff", "Staff"), run)

    def _changes(self) -> list[Change]:
        created = Because("Ada Lovelace is active at the IdP", "users.create", self.ada, exchange=self.exchange)
        made = Because("IdP group 'Staff' is new", "groups.on_the_fly", None, self.staff, self.exchange)
        joined = Because("IdP group 'Staff' has this user as a member", "groups.on_the_fly", self.ada, self.staff)
        return [
            Change(ChangeKind.CREATE_GROUP, made, group="Staff"),
            Change(ChangeKind.CREATE_ACCOUNT, created, account="ada", user_id=self.ada),
            Change(ChangeKind.ADD_MEMBER, joined, account="ada", account_id="a1", user_id=self.ada, group="Staff"),
        ]


@pytest.fixture
def wiki(store: Store) -> Wiki:
    return Wiki(store)


def told(run: Run, *names: str, part: str | None = None) -> list[str]:
    """What is told, each sentence with its rule or its kind."""
    items = run("explain", "wiki", *names, "--json").document["items"]
    return [f"{each['rule'] or each['kind']}: {each['text']}" for each in items if part in (None, each["part"])]


def test_an_account_is_explained_from_the_idp_s_request_to_its_present_state(run: Run, wiki: Wiki) -> None:
    out = run("explain", "wiki", "ada").out
    assert out.startswith("Ada Lovelace (Ada), account ada, at wiki\n\nWhat the identity provider sent\n")
    assert "  2001-09-09 01:46:40 UTC  entra: POST /Users 201 (exchange 1)\n" in out
    assert "  yes  users.username: userName is 'Ada': it gives 'ada'.\n" in out
    assert "Linked to the account with the id a1: created. (run 1)\n" in out
    done = "create-account ada: done. users.create: Ada Lovelace is active at the IdP"
    assert f"{done} (run 1, exchange 1, asked by ada@host, approved by bob@host)\n" in out
    assert out.endswith(
        "What the next plan would do\n  n/a  plan: Nothing: all is as the rules want it, as far as was last seen.\n"
    )


def test_how_old_what_is_known_may_be_is_told(run: Run, wiki: Wiki) -> None:
    assert told(run, "ada", part="target")[0] == "run: All of it was last read by run 1."


def test_the_memberships_of_an_account_are_told_with_what_gives_them(run: Run, wiki: Wiki) -> None:
    given = "groups.on_the_fly: In 'Staff': IdP group 'Staff' has this user as a member, and feeds it."
    assert given in told(run, "ada", part="rules")


def test_every_item_has_stable_keys(run: Run, wiki: Wiki) -> None:
    document = run("explain", "wiki", "ada", "staff", "--json").document
    assert list(document) == ["target", "titles", "items"]
    keys = ["about", "part", "rule", "verdict", "text", "kind", "at", "until", "run", "exchange", "by"]
    assert {tuple(item) for item in document["items"]} == {tuple(keys)}
    assert {item["about"] for item in document["items"]} == {"membership"}
    (done,) = (item for item in document["items"] if item["part"] == "done")
    assert (done["kind"], done["run"], done["by"]) == ("change", 1, "asked by ada@host, approved by bob@host")


def test_a_group_is_explained_by_either_name_of_it(run: Run, wiki: Wiki) -> None:
    feeds = "groups.on_the_fly: 'Staff' feeds 'Staff'."
    assert feeds in told(run, "staff", part="rules")
    assert f"link: Linked to IdP group {wiki.staff}, then called 'Staff'." in told(run, "staff", part="target")
    assert any("create-group Staff: done" in text for text in told(run, "staff", part="done"))
    wiki.rename_staff("Crew")
    followed = "groups.on_the_fly: 'Crew' feeds 'Staff', which it is linked to by its id."
    assert followed in told(run, "crew", part="rules")
    assert followed in told(run, "staff", part="rules")


def test_a_membership_is_explained_by_account_and_group(run: Run, wiki: Wiki) -> None:
    assert "member: 'ada' is in it; manciple added it." in told(run, "ada", "staff", part="rules")
    assert told(run, "ada", "staff", part="done") == [
        "change: add-member ada Staff: done. groups.on_the_fly: IdP group 'Staff' has this user as a member"
    ]
    assert "groups.on_the_fly: No IdP group feeds it, did so, or has its name." in told(run, "ada", "local")


def test_what_waits_is_told_with_its_exchange_and_its_next_moment(run: Run, wiki: Wiki) -> None:
    def touch(tx: Transaction) -> None:
        pending.touch(tx, ["wiki"], "user", [wiki.ada], wiki.exchange, {wiki.ada: 2_000_000_000_000})

    wiki.write(touch)
    out = run("explain", "wiki", "ada").out
    assert "The user is pending. It goes on at 2033-05-18 03:33:20 UTC. (exchange 1)" in out


def test_a_run_that_waits_is_told_with_the_brake_that_holds_it(run: Run, wiki: Wiki) -> None:
    def hold(tx: Transaction) -> None:
        second = runs.start(tx, "wiki", "schedule", "held")
        because = Because("Ada Lovelace is inactive", "users.when_inactive", wiki.ada)
        going = Change(ChangeKind.DEACTIVATE_ACCOUNT, because, "ada", "a1", wiki.ada)
        changes.plan(tx, second, "wiki", 0, [going])
        runs.note_holds(tx, second, [Hold("brakes.deactivate", "60 of 100 would go.", (going.key,), (), "")])
        runs.move(tx, second, "waiting")

    wiki.write(hold)
    assert told(run, "ada", part="done")[-2:] == [
        "change: deactivate-account ada: planned. users.when_inactive: Ada Lovelace is inactive",
        "run: Run 2 waits for an admin. 60 of 100 would go.",
    ]


def test_undoing_is_told_with_the_run_that_it_puts_back(run: Run, wiki: Wiki) -> None:
    def undo(tx: Transaction) -> None:
        second = runs.start(tx, "wiki", "undo", "run 1", "cyd@host")
        runs.note_undoes(tx, second, 1)
        because = Because("Run 1 is undone", "undo", wiki.ada)
        changes.plan(tx, second, "wiki", 0, [Change(ChangeKind.DEACTIVATE_ACCOUNT, because, "ada", "a1", wiki.ada)])

    wiki.write(undo)
    assert "(run 2, undo of run 1, asked by cyd@host)" in run("explain", "wiki", "ada").out


def test_open_conflicts_and_drift_are_told_with_who_kept_it(run: Run, wiki: Wiki) -> None:
    def write(tx: Transaction) -> None:
        found = Conflict("C12", f"user:{wiki.ada}", "The name is taken", "…", {}, (), wiki.ada, None, wiki.exchange)
        conflicts.record(tx, "wiki", 1, [found], lambda _: True)
        drift.found(tx, "wiki", 1, [Drifted("account-changed", "ada", "a1", None, "email", "ada@x", "king@x")])
        drift.keep(tx, 1, "dot@host")

    wiki.write(write)
    assert told(run, "ada", part="waiting") == [
        "conflict: Conflict 1, C12: The name is taken.",
        "drift: Changed by somebody else: account-changed ada email: left 'ada@x', found 'king@x'.",
    ]
    assert "found 'king@x'. (run 1, kept by dot@host)" in run("explain", "wiki", "ada").out
    assert told(run, "ada", "staff", part="waiting") == ["conflict: Conflict 1, C12: The name is taken."]


def test_a_user_who_has_no_account_yet_is_told_what_the_next_plan_does(run: Run, wiki: Wiki) -> None:
    wiki.hire("bob@example.com")
    assert told(run, "bob@example.com", part="target")[1:] == ["link: No account is linked to this user."]
    (created,) = told(run, "bob@example.com", part="next")
    assert created.startswith("users.create: create-account bob@example.com: ")
    assert told(run, wiki.hire("cyd@example.com"), part="target")[1:] == ["link: No account is linked to this user."]


def test_a_user_who_is_deleted_is_still_explained(run: Run, wiki: Wiki) -> None:
    wiki.delete_ada()
    assert "record: Ada Lovelace (Ada) is deleted at the IdP." in told(run, "ada", part="rules")
    assert 'users.when_inactive: It is "deactivate".' in told(run, "ada", part="rules")


def test_an_account_without_a_user_is_told_so_and_who_kept_it(run: Run, wiki: Wiki) -> None:
    def write(tx: Transaction) -> None:
        observed.see_accounts(tx, "wiki", [Account("a2", "svc-build", "svc-build", "Build", None, True)])
        drift.keep_orphan(tx, "wiki", drift.Orphan("orphan-account", "svc-build", "a2", None), "dot@host")

    wiki.write(write)
    out = run("explain", "wiki", "svc-build").out
    assert out.startswith("Account svc-build at wiki\n")
    assert "It belongs to no user. (kept by dot@host)" in out
    assert "No user of the identity provider is linked to it: no rule is about it." in out
    assert run("explain", "wiki", "svc-build", "staff").out.startswith("Account svc-build in Staff at wiki\n")


def test_an_account_that_nobody_is_linked_to_is_told_with_the_user_who_would_have_its_name(
    run: Run, wiki: Wiki, config: Path
) -> None:
    config.write_text(
        config.read_text() + '[target.users.username]\nfrom = "userName"\nmatch = "^([^@]+)@"\nreplace = "$1"\n'
    )
    wiki.write(lambda tx: observed.see_accounts(tx, "wiki", [Account("a2", "bob", "bob", "Bob", "b@x", True)]))
    wiki.hire("bob@example.com")
    assert "users.matching: By name: the account 'bob' is there." in told(run, "bob", part="rules")


def test_a_name_that_is_an_account_s_and_a_group_s_is_explained_as_both(run: Run, wiki: Wiki) -> None:
    wiki.write(lambda tx: observed.see_groups(tx, "wiki", [TargetGroup("ada", "ada")]))
    document = run("explain", "wiki", "ada", "--json").document
    assert document["titles"] == ["Ada Lovelace (Ada), account ada, at wiki", "Group ada at wiki"]
    assert {item["about"] for item in document["items"]} == {"account", "group"}


def test_a_name_that_is_nowhere_is_refused_with_near_ones(run: Run, wiki: Wiki) -> None:
    result = run("explain", "wiki", "adda")
    assert (result.code, result.error) == (
        2,
        "manciple: neither entra nor wiki has a user, account or group 'adda', as far as was seen: near are ada",
    )
    assert (
        "has a group 'stafff', as far as was seen: near are staff"
        in run("explain", "wiki", "ada", "stafff").error.lower()
    )
    assert "give a name that either side has" in run("explain", "wiki", "%_").error
    assert run("explain", "wikki", "ada").error == "manciple: there is no target 'wikki': known are wiki"


def test_at_a_terminal_sentences_are_broken_to_its_width(run: Run, wiki: Wiki, monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(80, monkeypatch) as shown:
        assert run("explain", "wiki", "ada").code == 0
    lines = shown.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("       ") for line in lines)


def test_what_an_idp_sent_commands_no_terminal(run: Run, wiki: Wiki) -> None:
    wiki.hire("e\x1bve")
    assert "\x1b" not in run("explain", "wiki", "e\x1bve").out
    assert "e␛ve" in run("explain", "wiki", "e\x1bve").out
