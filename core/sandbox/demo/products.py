"""The products of the demonstration: Confluence, Jira and Bitbucket, provisioned at once, each by rules of its own.

Confluence takes every group by its name. Jira takes a few by hand, and has projects and components that are led by
people, one of whom is to leave. Bitbucket takes developers alone, and the groups that are about it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random

from starlette.types import ASGIApp

from core.sandbox.bitbucket import Bitbucket
from core.sandbox.bitbucket import LocalAccount as BitbucketAccount
from core.sandbox.demo.confluence import demo_confluence
from core.sandbox.directory import Directory
from core.sandbox.entra import ProvisionedGroup
from core.sandbox.jira import Jira, LocalComponent, LocalProject
from core.sandbox.jira import LocalAccount as JiraAccount
from core.sandbox.people import Person
from core.sandbox.views import AccountView, Snapshot

PROJECTS, COMPONENTS = ("CORE", "SHOP"), ("Backend", "Frontend", "Mobile", "Search", "Payments")
"""What the person leads who is to leave."""
LED = f"{len(PROJECTS)} projects and {len(COMPONENTS)} components"

_CONFLUENCE = """\
[target.users]
protect = ["admin", "svc-*"]
"""
_JIRA = """\
[target.users]
protect = ["svc-*"]
default_project_lead = "admin"
default_component_lead = "admin"

[[target.users.lead]]
to = ["manager"]

[[target.users.lead]]
components = ["*"]
to = ["project-lead"]

[target.groups]
mode = "manual"
create_missing = true

[[target.groups.map]]
idp = ["Jira Users"]
target = ["jira-software-users"]

[[target.groups.map]]
idp = ["Jira Developers", "Jira Project Admins"]
target = ["developers"]
"""
_BITBUCKET = """\
[target.users]
protect = ["admin", "svc-*"]

[target.users.scope]
groups = ["Bitbucket Developers"]

[target.groups.on_the_fly]
include = ["Bitbucket*"]
case = "lower"
"""


@dataclass(frozen=True, slots=True)
class Product:
    """One simulated product, and how it is provisioned."""

    target: str
    kind: str
    title: str
    app: ASGIApp
    credential: str
    rules: str
    """TOML below its `[[target]]`."""
    look: Callable[[], Snapshot]
    username: str | None = None
    default_groups: frozenset[str] = frozenset()
    """Keys of the groups that the product puts new accounts into by itself."""
    scope_group: str | None = None
    """Only the members of this IdP group are provisioned; `None`: everybody."""
    maps: Callable[[ProvisionedGroup], frozenset[str]] = field(
        default=lambda group: frozenset({group.display_name.lower()})
    )
    """Keys of the target groups that an IdP group feeds by the rules."""


@dataclass(frozen=True, slots=True)
class Products:
    """All of them, and the person who leads and is to leave."""

    all: tuple[Product, ...]
    jira: Jira
    leaver: Person | None
    """`None`: the company is too small to have one."""


def demo_products(directory: Directory, seed: int) -> Products:
    """The products before the first push."""
    confluence = demo_confluence(directory, seed)
    leaver = _leaver(directory, Random(seed))
    jira = _jira(leaver)
    bitbucket = Bitbucket.with_defaults(
        [BitbucketAccount("svc-builds", "Build Service", "builds@example.com")], version="9.4"
    )
    return Products(
        (
            Product(
                "wiki",
                "confluence",
                "Confluence",
                confluence.app,
                confluence.issue_token("svc-manciple"),
                _CONFLUENCE,
                confluence.snapshot,
                default_groups=frozenset({"confluence-users"}),
            ),
            Product(
                "tracker",
                "jira",
                "Jira",
                jira.app,
                jira.issue_token(),
                _JIRA,
                jira.snapshot,
                default_groups=frozenset({"jira-software-users"}),
                maps=_mapped_by_hand,
            ),
            Product(
                "code",
                "bitbucket",
                "Bitbucket",
                bitbucket.app,
                "admin",
                _BITBUCKET,
                lambda: _licensed(bitbucket),
                username="admin",
                default_groups=frozenset({"stash-users"}),
                scope_group="Bitbucket Developers",
                maps=_about_bitbucket,
            ),
        ),
        jira,
        leaver,
    )


def left_leads(products: Products) -> list[str]:
    """What the leaver still leads in Jira, each as a sentence; empty where all of it was handed over."""
    if products.leaver is None:
        return []
    name = products.leaver.user_principal_name.lower()
    return [
        f"{name} has left, and leads {what} in Jira" for what, lead in products.jira.snapshot().leads if lead == name
    ]


def _jira(leaver: Person | None) -> Jira:
    accounts = [] if leaver is None else [_account_of(leaver)]
    jira = Jira.with_defaults(accounts)
    for number, key in enumerate(PROJECTS if leaver is not None else ()):
        jira.add_project(LocalProject(key, f"Project {key.title()}", accounts[0].username))
        for component in COMPONENTS[number::2]:
            jira.add_component(LocalComponent(key, component, accounts[0].username, "COMPONENT_LEAD"))
    return jira


def _account_of(person: Person) -> JiraAccount:
    return JiraAccount(person.user_principal_name.lower(), person.display_name, person.mail or "")


def _leaver(directory: Directory, rng: Random) -> Person | None:
    """Somebody in service whose manager, and whose mailbox, are there too."""
    people = [directory.person(person_id) for person_id in directory.people]
    staying = {person.id for person in people if person.in_service}
    found = [each for each in people if each.in_service and each.mail and each.manager_id in staying]
    return rng.choice(found) if found else None


_BY_HAND: Mapping[str, str] = {
    "Jira Users": "jira-software-users",
    "Jira Developers": "developers",
    "Jira Project Admins": "developers",
}


def _mapped_by_hand(group: ProvisionedGroup) -> frozenset[str]:
    return frozenset({_BY_HAND[group.display_name]}) if group.display_name in _BY_HAND else frozenset()


def _about_bitbucket(group: ProvisionedGroup) -> frozenset[str]:
    name = group.display_name.lower()
    return frozenset({name}) if name.startswith("bitbucket") else frozenset()


def _licensed(bitbucket: Bitbucket) -> Snapshot:
    """Bitbucket as it counts: active is who may log in, and what manciple remembers there is no group of anybody's."""
    now = bitbucket.snapshot()
    own = frozenset(group for group in now.groups if group.startswith("manciple-deactivated"))
    accounts = tuple(
        AccountView(each.username, each.full_name, each.email, each.username in now.licensed) for each in now.accounts
    )
    return replace(
        Snapshot(accounts, now.groups, now.memberships),
        groups=tuple(group for group in now.groups if group not in own),
        memberships=frozenset(pair for pair in now.memberships if pair[0] not in own),
    )
