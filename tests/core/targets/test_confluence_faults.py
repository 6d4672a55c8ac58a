"""With every fault of a bad network and a tired server: reads are whole or raise, writes never mislead."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace

import orjson
import pytest
from simulated_site import Site, site

from core.sandbox.confluence import Confluence, Effect, LocalAccount, Quirks
from core.sandbox.faults import NO_FAULTS, Fault, Faults
from core.sandbox.rate_limit import RateLimit, RateLimitedApp
from core.targets.http import Limits
from core.targets.protocol import NewAccount, OutcomeUnknown, TargetError, Unavailable
from core.targets.retries import PATIENT

EVERY = replace(Faults.every(5), latency_milliseconds=(0, 2), hold_seconds=0.2)
WORSE = replace(Faults.every(20), latency_milliseconds=(0, 2), hold_seconds=0.05)
REFUSING = Faults(unavailable=75, rate_limited=50, rate_limited_silently=50)

CROWD = [
    LocalAccount(f"user{number:02}", f"User {number}", f"user{number:02}@example.com", active=number % 3 > 0)
    for number in range(40)
]
Read = Callable[[Site], Awaitable[object]]


async def accounts(wiki: Site) -> None:
    found = [
        (account.name, account.display_name, account.active, account.email)
        async for account in wiki.target.list_accounts()
    ]
    assert found == [
        (account.username, account.full_name, account.active, account.email if account.active else None)
        for account in wiki.simulator.snapshot().accounts
    ]


async def groups(wiki: Site) -> None:
    assert tuple([group.name async for group in wiki.target.list_groups()]) == wiki.simulator.snapshot().groups


async def members(wiki: Site) -> None:
    found = {("confluence-users", account.name) async for account in wiki.target.list_members("confluence-users")}
    assert found == {pair for pair in wiki.simulator.snapshot().memberships if pair[0] == "confluence-users"}


async def one_account(wiki: Site) -> None:
    found = await wiki.target.find_account("user01")
    assert found is not None
    assert (found.active, found.groups) == (True, frozenset({"confluence-users"}))
    assert await wiki.target.find_account_by_id(found.id) is not None


async def nobody(wiki: Site) -> None:
    assert await wiki.target.find_account("ghost") is None
    assert await wiki.target.find_account_by_id("ghost") is None
    assert await wiki.target.find_group("ghosts") is None


async def outcome(call: Awaitable[object]) -> str:
    try:
        await call
    except TargetError as error:
        return type(error).__name__
    return "done"


@pytest.mark.parametrize(
    ("faults", "seen"), [(EVERY, {"done"}), (WORSE, {"done", "IncompleteRead", "Unavailable"})], ids=["some", "many"]
)
async def test_reads_are_whole_or_raise(faults: Faults, seen: set[str]) -> None:
    confluence = Confluence.with_defaults(CROWD, quirks=Quirks(page_cap=7))
    reads: list[Read] = [accounts, groups, members, one_account, nobody]
    async with site(confluence, faults=faults, seed=4) as wiki:
        outcomes = [await outcome(read(wiki)) for _ in range(5) for read in reads]
        assert seen <= set(outcomes) <= {"done", "IncompleteRead", "Unavailable"}
        assert set(wiki.faulty.met) == set(Fault)
        assert wiki.effects == []


class Deeds:
    """Many changes of every kind, each about a subject of its own, and the one effect that each of them has."""

    def __init__(self, each: int) -> None:
        self.people: list[LocalAccount] = []
        self.calls: list[tuple[Effect, Callable[[Site], Awaitable[object]]]] = []
        for number in range(each):
            self._account("update", number)
            self._account("deactivate", number)
            self._account("reactivate", number, active=False)
            self._account("add", number)
            self._account("remove", number, groups=("Staff",))
            self._calls(number)

    def _account(self, deed: str, number: int, *, active: bool = True, groups: tuple[str, ...] = ()) -> None:
        self.people.append(LocalAccount(f"{deed}{number}", "Somebody", "s@example.com", active, groups))

    def _calls(self, number: int) -> None:
        new = NewAccount(f"create{number}", "New", "new@example.com")
        self.calls += [
            (Effect("create-account", new.name, "New <new@example.com>"), lambda wiki: wiki.target.create_account(new)),
            (
                Effect("update-account", f"update{number}", "Else <e@example.com>"),
                lambda wiki: wiki.target.update_account(f"update{number}", display_name="Else", email="e@example.com"),
            ),
            (
                Effect("deactivate-account", f"deactivate{number}"),
                lambda wiki: wiki.target.set_active(f"deactivate{number}", False),
            ),
            (
                Effect("reactivate-account", f"reactivate{number}"),
                lambda wiki: wiki.target.set_active(f"reactivate{number}", True),
            ),
            (Effect("create-group", f"Group {number}"), lambda wiki: wiki.target.create_group(f"Group {number}")),
            (
                Effect("add-member", f"add{number}", "Staff"),
                lambda wiki: wiki.target.add_member("Staff", f"add{number}"),
            ),
            (
                Effect("remove-member", f"remove{number}", "Staff"),
                lambda wiki: wiki.target.remove_member("Staff", f"remove{number}"),
            ),
        ]

    async def do(self, wiki: Site) -> list[tuple[Effect, str, int]]:
        """All of them at once: what was wanted, what became of it, and how often it really happened."""
        outcomes = await asyncio.gather(*(outcome(call(wiki)) for _, call in self.calls))
        happened = Counter(wiki.effects)
        return [(wanted, told, happened[wanted]) for (wanted, _), told in zip(self.calls, outcomes, strict=True)]


ALLOWED = {("done", 1), ("OutcomeUnknown", 0), ("OutcomeUnknown", 1), ("Unavailable", 0)}
"""What may be told of a change, and how often it has then happened."""


@pytest.mark.parametrize(
    ("faults", "seen"),
    [
        (EVERY, {("done", 1), ("OutcomeUnknown", 0), ("OutcomeUnknown", 1)}),
        (WORSE, {("done", 1), ("OutcomeUnknown", 0), ("OutcomeUnknown", 1)}),
        (REFUSING, {("done", 1), ("Unavailable", 0)}),
    ],
    ids=["some", "many", "refusing"],
)
async def test_a_write_succeeds_or_leaves_the_outcome_open_or_certainly_had_no_effect(
    faults: Faults, seen: set[tuple[str, int]]
) -> None:
    deeds = Deeds(12)
    async with site(Confluence.with_defaults(deeds.people), faults=faults, seed=2) as wiki:
        results = await deeds.do(wiki)
        assert seen <= {(told, times) for _, told, times in results} <= ALLOWED
        wanted = {effect for effect, _, _ in results}
        assert {effect for effect in wiki.effects if effect.kind != "join-default-group"} <= wanted


async def test_reading_back_settles_every_open_outcome() -> None:
    deeds = Deeds(8)
    async with site(Confluence.with_defaults(deeds.people), faults=WORSE, seed=3) as wiki:
        results = await deeds.do(wiki)
        wiki.faulty.faults = NO_FAULTS
        open_ones = [(effect, times) for effect, told, times in results if told == "OutcomeUnknown"]
        assert len(open_ones) > 5
        for effect, times in open_ones:
            assert await holds(wiki, effect) == (times == 1), effect


async def holds(wiki: Site, effect: Effect) -> bool:
    """Whether what this effect would have brought about is so, as the target sees it."""
    if effect.kind == "create-group":
        return await wiki.target.find_group(effect.subject) is not None
    account = await wiki.target.find_account(effect.subject)
    if account is None:
        return False
    so = {
        "create-account": True,
        "update-account": account.display_name == "Else",
        "deactivate-account": not account.active,
        "reactivate-account": account.active,
        "add-member": "staff" in (account.groups or ()),
        "remove-member": "staff" not in (account.groups or ()),
    }
    return so[effect.kind]


async def test_a_write_that_is_not_answered_in_time_may_have_happened_and_is_not_repeated() -> None:
    faults = Faults(timeout_after_commit=100, hold_seconds=30)
    async with site(Confluence.with_defaults(), faults=faults, limits=Limits(answer=0.2)) as wiki:
        with pytest.raises(OutcomeUnknown, match="in time") as caught:
            await wiki.target.create_group("Ops")
        assert "read back" in caught.value.remedy
        assert wiki.effects == [Effect("create-group", "Ops")]
        assert [exchange.outcome for exchange in wiki.log] == ["timed out"]


async def test_what_was_certainly_not_done_is_tried_again_until_patience_ends() -> None:
    async with site(Confluence.with_defaults(), faults=Faults(unavailable=100)) as wiki:
        with pytest.raises(Unavailable):
            await wiki.target.create_group("Ops")
        assert [exchange.status for exchange in wiki.log] == [503] * PATIENT.attempts
        assert wiki.effects == []


async def test_every_attempt_is_logged_and_no_secret_with_it() -> None:
    deeds = Deeds(6)
    async with site(Confluence.with_defaults(deeds.people), faults=WORSE, seed=5, bodies="full") as wiki:
        await deeds.do(wiki)
        met = wiki.faulty.met
        statuses = Counter(exchange.status for exchange in wiki.log)
        silent = (Fault.TIMEOUT_AFTER_COMMIT, Fault.DROPPED_CONNECTION, Fault.DROPPED_AFTER_COMMIT)
        assert statuses[None] == sum(met[fault] for fault in silent)
        assert statuses[500] == met[Fault.SERVER_ERROR]
        assert statuses[503] == met[Fault.UNAVAILABLE]
        assert statuses[429] == met[Fault.RATE_LIMITED] + met[Fault.RATE_LIMITED_SILENTLY]
        passwords = [orjson.loads(body)["password"] for body in wiki.bodies if b'"password"' in body]
        assert passwords
        assert not any(secret in repr(wiki.log) for secret in (wiki.token, *passwords))


async def test_the_rate_limit_of_a_confluence_is_kept_instead_of_run_into() -> None:
    confluence = Confluence.with_defaults(CROWD, quirks=Quirks(page_cap=2))
    async with site(confluence) as wiki:
        limit = RateLimit(per_second=5, burst=20)
        confluence.app = RateLimitedApp(confluence.app, limit, wiki.hurry.timing.monotonic)
        assert len([account async for account in wiki.target.list_accounts()]) == 41
        statuses = Counter(exchange.status for exchange in wiki.log)
        assert statuses[200] > 2 * limit.burst - 10
        assert statuses[429] == 0
