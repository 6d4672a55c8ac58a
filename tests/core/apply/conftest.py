"""A real store, the simulated Confluence on a real socket, and the target that the configuration would open."""

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
from core.targets.registry import open_target
from tests.core.apply.company import Company


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
def rules() -> TargetRules:
    """Override to configure the target otherwise."""
    return TargetRules(UserRules(), GroupRules())


@pytest.fixture
async def site(store: Store, confluence: Confluence, front: FaultyApp, rules: TargetRules) -> AsyncIterator[Site]:
    async with serve(front) as url:
        settings = TargetSettings(
            name="wiki",
            kind="confluence",
            url=url,
            credential=SecretReference("plain", confluence.issue_token()),
            provider="entra",
            rules=rules,
            schedule=ScheduleSettings(every=None),
        )
        target = open_target(settings, log=store.writer.log, bodies="redacted")
        yield Site(store, settings, target)
        await target.aclose()
