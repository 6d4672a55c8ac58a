from core.apply.running import Comparison, Ended, compare
from core.apply.site import Site
from core.apply.stopping import Stop
from core.sandbox.confluence import Confluence
from core.store import Store, changes, links, observed
from tests.core.apply.company import TARGET, Company

NOW = Comparison("schedule", hold=False)
HELD = Comparison("order", hold=True, asked_by="ada@console")


async def compared(site: Site, comparison: Comparison = NOW, stop: Stop | None = None) -> Ended:
    return await compare(site, comparison, stop or Stop(), 4)


def steps(store: Store, run: int) -> list[str]:
    with store.read() as connection:
        return [
            " ".join(filter(None, (stored.change.kind, stored.change.account, stored.change.group, stored.state)))
            for stored in changes.of_run(connection, run)
        ]


def effects(confluence: Confluence) -> list[str]:
    return [f"{effect.kind} {effect.subject} {effect.detail}".rstrip() for effect in confluence.effects]


async def test_a_whole_run_brings_accounts_groups_and_memberships(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    ada, ben = company.hire("ada"), company.hire("ben")
    company.form("Crew", [ada, ben])
    ended = await compared(site)
    assert (ended.state, ended.answer) == ("done", f"Run {ended.run}: 5 of 5 changes made.")
    snapshot = confluence.snapshot()
    assert {"ada", "ben"} <= {account.username for account in snapshot.accounts}
    assert {("Crew", "ada"), ("Crew", "ben")} <= snapshot.memberships
    assert company.pending() == set()
    with store.read() as connection:
        assert {link.user_id for link in links.all_links(connection, TARGET)} == {ada, ben}
        assert {each.group_key for each in observed.managed(connection, TARGET)} == {"crew"}


async def test_a_second_run_finds_nothing_to_change(site: Site, company: Company, confluence: Confluence) -> None:
    company.form("Crew", [company.hire("ada")])
    await compared(site)
    done = effects(confluence)
    ended = await compared(site)
    assert ended.answer == "Nothing to change."
    assert effects(confluence) == done
