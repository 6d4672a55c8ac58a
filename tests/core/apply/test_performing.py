"""One change against a target that answers as each test says; what it really does is tested in `test_executing`."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from core.apply.performing import ATTEMPTS, Outcome, perform, settled
from core.planning.changes import Because, Change, ChangeKind
from core.planning.values import Account, TargetGroup
from core.targets.protocol import (
    AlreadyExists,
    CredentialFailed,
    IncompleteRead,
    NewAccount,
    NoSeats,
    NotFound,
    OutcomeUnknown,
    Refused,
    TargetError,
    Unavailable,
    Unsupported,
)

ADA = Account("a1", "ada", "ada", "Ada", None, True, frozenset())
BECAUSE = Because("told so", "users.create")
CREATE = Change(
    ChangeKind.CREATE_ACCOUNT,
    BECAUSE,
    "ada",
    user_id="u1",
    after={"name": "ada", "display_name": "Ada", "email": "ada@contoso.example", "active": True},
)
GROUP = Change(ChangeKind.CREATE_GROUP, BECAUSE, group="Crew", after={"name": "Crew"})
ADD = Change(ChangeKind.ADD_MEMBER, BECAUSE, "ada", "a1", "u1", "Crew", None, {"member": False}, {"member": True})
REMOVE = Change(ChangeKind.REMOVE_MEMBER, BECAUSE, "ada", "a1", "u1", "Crew", None, {"member": True}, {"member": False})
DEACTIVATE = Change(
    ChangeKind.DEACTIVATE_ACCOUNT, BECAUSE, "ada", "a1", "u1", before={"active": True}, after={"active": False}
)
LINK = Change(ChangeKind.LINK_ACCOUNT, BECAUSE, "ada", "a1", "u1", after={"name": "ada"})


@dataclass
class Scripted:
    """A target whose writes answer, one after the other, as `answers` say: an exception, or `None` for well done."""

    answers: list[TargetError | None]
    account: Account | None = None
    group: TargetGroup | None = None
    unreadable: TargetError | None = None
    on_write: Callable[["Scripted"], None] = lambda target: None
    sent: list[str] = field(default_factory=list)

    async def create_account(self, account: NewAccount) -> Account:
        self._write(f"create {account.name}")
        return ADA

    async def create_group(self, name: str) -> TargetGroup:
        self._write(f"create {name}")
        return TargetGroup(name, name.lower())

    async def set_active(self, name: str, active: bool) -> None:
        self._write(f"active {name} {active}")

    async def update_account(self, name: str, *, display_name: str, email: str) -> None:
        self._write(f"update {name} {display_name} {email}")

    async def add_member(self, group: str, account: str) -> None:
        self._write(f"add {account} {group}")

    async def remove_member(self, group: str, account: str) -> None:
        self._write(f"remove {account} {group}")

    async def find_account(self, name: str) -> Account | None:
        self._read()
        return self.account

    async def find_group(self, name: str) -> TargetGroup | None:
        self._read()
        return self.group

    def _write(self, what: str) -> None:
        self.sent.append(what)
        answer = self.answers.pop(0)
        self.on_write(self)
        if answer:
            raise answer

    def _read(self) -> None:
        if self.unreadable:
            raise self.unreadable


async def performed(target: Scripted, change: Change) -> Outcome:
    return await perform(target, change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Refused("no"), Outcome("failed", error="no")),
        (Unsupported("no"), Outcome("failed", error="no")),
        (NoSeats("full"), Outcome("failed", error="full", needs_seat=True)),
        (NotFound("gone"), Outcome("stale", error="gone")),
        (AlreadyExists("there"), Outcome("stale", error="there")),
        (Unavailable("down"), Outcome("failed", error="down", lasting=False)),
        (CredentialFailed("who?"), Outcome("failed", error="who?", lasting=False, halts=True)),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, TargetError) else "",
)
async def test_every_refusal_has_its_outcome_and_is_not_repeated(error: TargetError, expected: Outcome) -> None:
    target = Scripted([error])
    assert await performed(target, CREATE) == expected
    assert target.sent == ["create ada"]


async def test_what_was_created_is_the_result_with_the_e_mail_that_was_sent() -> None:
    outcome = await performed(Scripted([None]), CREATE)
    assert outcome.state == "done"
    assert isinstance(outcome.result, Account)
    assert (outcome.result.id, outcome.result.email) == ("a1", "ada@contoso.example")


async def test_a_group_that_is_there_already_is_what_was_wanted() -> None:
    target = Scripted([AlreadyExists("there")], group=TargetGroup("CREW", "crew"))
    assert await performed(target, GROUP) == Outcome("done", TargetGroup("CREW", "crew"), adopted=True)


async def test_an_unknown_outcome_that_stands_is_done_without_a_repetition() -> None:
    def commit(target: Scripted) -> None:
        target.account = ADA

    target = Scripted([OutcomeUnknown("lost")], on_write=commit)
    outcome = await performed(target, CREATE)
    assert (outcome.state, target.sent) == ("done", ["create ada"])


async def test_an_unknown_outcome_that_does_not_stand_is_sent_again() -> None:
    target = Scripted([OutcomeUnknown("lost"), None])
    assert (await performed(target, CREATE)).state == "done"
    assert target.sent == ["create ada"] * 2


async def test_what_is_lost_again_and_again_fails_and_is_not_lasting() -> None:
    target = Scripted([OutcomeUnknown("lost")] * ATTEMPTS)
    outcome = await performed(target, CREATE)
    assert (outcome.state, outcome.lasting, len(target.sent)) == ("failed", False, ATTEMPTS)


async def test_an_account_that_is_there_after_a_lost_answer_and_has_another_name_is_not_ours() -> None:
    other = Account("a9", "ada", "ada", "Adam", None, True, frozenset())
    target = Scripted([OutcomeUnknown("lost"), AlreadyExists("there")], account=other)
    outcome = await performed(target, CREATE)
    assert (outcome.state, outcome.error) == ("stale", "there")


async def test_what_cannot_be_read_back_stays_unknown_and_is_never_sent_again() -> None:
    target = Scripted([OutcomeUnknown("lost")], unreadable=Unavailable("down"))
    outcome = await performed(target, CREATE)
    assert (outcome.state, outcome.lasting, outcome.halts) == ("unknown", False, False)
    assert outcome.error == "lost Reading it back failed: down"
    assert target.sent == ["create ada"]


async def test_a_credential_that_ends_while_reading_back_halts_the_run() -> None:
    target = Scripted([OutcomeUnknown("lost")], unreadable=CredentialFailed("who?"))
    assert (await performed(target, CREATE)).halts


async def test_an_update_without_an_e_mail_is_refused_before_anything_is_sent() -> None:
    update = Change(ChangeKind.UPDATE_ACCOUNT, BECAUSE, "ada", "a1", "u1", after={"display_name": "Ada", "email": None})
    target = Scripted([])
    outcome = await performed(target, update)
    assert (outcome.state, target.sent) == ("failed", [])
    assert "e-mail" in (outcome.error or "") or "email" in (outcome.error or "")


async def test_for_a_link_nothing_is_sent() -> None:
    target = Scripted([])
    assert await performed(target, LINK) == Outcome("done")
    assert target.sent == []


@pytest.mark.parametrize(
    ("change", "account", "stands"),
    [
        (ADD, Account("a1", "ada", "ada", "Ada", None, True, frozenset({"crew"})), True),
        (ADD, ADA, False),
        (ADD, None, False),
        (REMOVE, ADA, True),
        (REMOVE, Account("a1", "ada", "ada", "Ada", None, True, frozenset({"crew"})), False),
        (REMOVE, None, False),
        (DEACTIVATE, Account("a1", "ada", "ada", "Ada", None, False, frozenset()), True),
        (DEACTIVATE, ADA, False),
        (DEACTIVATE, Account("a9", "ada", "ada", "Ada", None, False, frozenset()), False),
        (CREATE, ADA, True),
        (CREATE, Account("a9", "ada", "ada", "Adam", None, True, frozenset()), False),
        (CREATE, None, False),
        (LINK, ADA, False),
    ],
)
async def test_what_was_left_open_is_done_only_where_it_stands(
    change: Change, account: Account | None, stands: bool
) -> None:
    found = await settled(Scripted([], account=account), change)  # type: ignore[arg-type]
    assert (found is not None) == stands


async def test_what_cannot_be_read_is_not_settled() -> None:
    with pytest.raises(IncompleteRead):
        await settled(Scripted([], unreadable=IncompleteRead("half")), ADD)  # type: ignore[arg-type]
