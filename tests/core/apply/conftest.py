"""A real store, and a target: the simulated Confluence on a real socket, as the configuration would open it, or one in
memory.

The target's own waiting (for retries, for its pace) is over at once.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from core.apply.site import Site
from core.config.settings import ScheduleSettings, TargetSettings
from core.credentials import SecretReference
from core.planning.rules import GroupRules, TargetRules, UserRules
from core.sandbox.confluence import Confluence
from core.sandbox.faults import FaultyApp
from core.sandbox.serving import serve
from core.store import Store
from core.targets import confluence as target
from core.targets.auth import BearerAuth
from core.targets.http import Http, Limits
from tests.core.apply.company import PROVIDER, TARGET, Company
from tests.core.apply.door import Door
from tests.core.apply.instant import Instant
from tests.core.targets.simulated_site import Hurry


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'manciple.db'}") as store:
        yield store


@pytest.fixture
def company(store: Store) -> Company:
    return Company(store)


@pytest.fixture
def confluence() -> Confluence:
    return Confluence.with_defaults()


@pytest.fixture
def front(confluence: Confluence) -> FaultyApp:
    """What stands in front of the Confluence; assign `faults` to spoil its answers."""
    return FaultyApp(confluence.app)


@pytest.fixture
def door(front: FaultyApp) -> Door:
    """What stands before that; assign `refusals` to answer some requests otherwise, `look` to see them come."""
    return Door(front)


@pytest.fixture
def rules() -> TargetRules:
    """Override to configure the target otherwise."""
    return TargetRules(UserRules(), GroupRules())


@pytest.fixture
def schedule() -> ScheduleSettings:
    """Override to configure the target otherwise."""
    return ScheduleSettings(every=None)


@pytest.fixture
def answer_seconds() -> float:
    """Until a call counts as unanswered; override to lose patience sooner."""
    return 30.0


@pytest.fixture
async def site(
    store: Store,
    confluence: Confluence,
    door: Door,
    rules: TargetRules,
    schedule: ScheduleSettings,
    answer_seconds: float,
) -> AsyncIterator[Site]:
    token = confluence.issue_token()
    async with serve(door) as url:
        settings = _configured(url, token, rules, schedule)
        timing = Hurry().timing
        http = Http(
            url,
            party="wiki",
            auth=BearerAuth(token),
            log=store.writer.log,
            limits=Limits(answer=answer_seconds),
            timing=timing,
        )
        opened = target.Confluence(http, timing)
        yield Site(store, settings, opened)
        await opened.aclose()


@pytest.fixture
def instant() -> Instant:
    return Instant()


@pytest.fixture
def quick(store: Store, instant: Instant, rules: TargetRules, schedule: ScheduleSettings) -> Site:
    """The site of a target in memory."""
    return Site(store, _configured("http://wiki.example", "", rules, schedule), instant)


def _configured(url: str, token: str, rules: TargetRules, schedule: ScheduleSettings) -> TargetSettings:
    return TargetSettings(
        name=TARGET,
        kind="confluence",
        url=url,
        credential=SecretReference("plain", token),
        provider=PROVIDER,
        rules=rules,
        schedule=schedule,
    )
