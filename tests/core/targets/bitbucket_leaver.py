"""A leaver at Bitbucket, who has rights of every kind, and what a test wants to know of her."""

from bitbucket_site import BitbucketSite

from core.sandbox.bitbucket import Bitbucket, LocalAccount, Permission, Quirks, Settings

JANE = LocalAccount("Jane", "Jane Doe", "jane@example.com", groups=("stash-users", "creators", "Staff"))
GRANTED = {
    "stash-users": Permission.LICENSED_USER,
    "creators": Permission.PROJECT_CREATE,
    "bosses": Permission.ADMIN,
}
OWN = "manciple-deactivated"


def code(quirks: Quirks | None = None, settings: Settings | None = None) -> Bitbucket:
    bitbucket = Bitbucket.with_defaults([JANE], quirks=quirks, settings=settings, granted=GRANTED)
    bitbucket.grant("Jane", Permission.PROJECT_CREATE)
    return bitbucket


def marks(site: BitbucketSite, name: str = "Jane") -> set[str]:
    pairs = site.simulator.snapshot().memberships
    return {group for group, member in pairs if member == name and group.startswith(OWN)}


def real(site: BitbucketSite, name: str = "Jane") -> set[str]:
    pairs = site.simulator.snapshot().memberships
    return {group for group, member in pairs if member == name and not group.startswith(OWN)}


async def is_active(site: BitbucketSite, name: str = "Jane") -> bool:
    """As the target sees it, found and listed alike."""
    found = await site.target.find_account(name)
    assert found is not None
    listed = {account.name: account.active async for account in site.target.list_accounts()}
    assert listed[found.name] == found.active
    return found.active


async def members(site: BitbucketSite, group: str) -> dict[str, bool]:
    return {member.name: member.active async for member in site.target.list_members(group)}
