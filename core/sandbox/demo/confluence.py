"""The Confluence of the demonstration: used for years before anybody provisioned it.

A few people have accounts already, some with outdated names, so that there is something to link and to update; and
there is what must not be touched: administrators, service accounts, a leaver who was long forgotten.
"""

from collections.abc import Iterator
from random import Random

from core.sandbox.confluence import Confluence, LocalAccount
from core.sandbox.directory import Directory
from core.sandbox.people import Person

VERSION = "9.4"
ALREADY_THERE = 0.05
"""The share of people who have an account before the first push."""
SERVICE_ACCOUNTS = (
    LocalAccount("svc-backup", "Backup", "backup@example.com"),
    LocalAccount("svc-manciple", "Provisioning", "manciple@example.com", groups=("confluence-administrators",)),
    LocalAccount("build-bot", "Build Bot", "builds@example.com", groups=("confluence-users", "Integrations")),
)


def demo_confluence(directory: Directory, seed: int) -> Confluence:
    """An instance with some of the people in it, before they were provisioned."""
    return Confluence.with_defaults([*SERVICE_ACCOUNTS, *_people(directory, Random(seed))], version=VERSION, seed=seed)


def _people(directory: Directory, rng: Random) -> Iterator[LocalAccount]:
    for person_id in directory.people:
        person = directory.person(person_id)
        if person.in_service and not person.guest and person.mail and rng.random() < ALREADY_THERE:
            yield LocalAccount(person.user_principal_name.lower(), _outdated(person, rng), person.mail)


def _outdated(person: Person, rng: Random) -> str:
    """A name as somebody once typed it."""
    return person.display_name if rng.random() < 0.5 else f"{person.surname}, {person.given_name}"
