"""A company of a few people for tests, with ids and values that can be written out in assertions."""

from dataclasses import replace
from typing import Any

from core.sandbox.directory import Directory
from core.sandbox.groups import Group, GroupKind
from core.sandbox.organisation import Site
from core.sandbox.people import Person

LONDON = Site("London", "HQ", ("1 Mill St",), "London", "LDN", "N1", "UK", "en-GB", "+44 20 5550", ("en_GB",))

ADA = Person(
    id="entra-ada",
    user_principal_name="ada.lovelace@contoso.example",
    mail_nickname="ada.lovelace",
    given_name="Ada",
    surname="Lovelace",
    display_name="Ada Lovelace",
    mail="ada.lovelace@contoso.example",
    job_title="Analyst",
    department="R&D",
    employee_id="E-17",
    site=LONDON,
    office="HQ-3",
    street="1 Mill St",
    telephone="+44 20 5550100",
    mobile="+44 7700 900100",
    facsimile="+44 20 5550101",
)


def colleague(name: str, **values: Any) -> Person:
    """Someone like Ada under another first name."""
    upn = f"{name.lower()}@contoso.example"
    someone = replace(
        ADA,
        id=f"entra-{name.lower()}",
        user_principal_name=upn,
        mail_nickname=name.lower(),
        display_name=name,
        given_name=name,
        mail=upn,
    )
    return replace(someone, **values)


def company(*people: Person, **groups: list[str]) -> Directory:
    """A directory of these people and groups; a group's id is `entra-` and its name."""
    directory = Directory()
    for person in people:
        directory.hire(person)
    for name, members in groups.items():
        directory.create_group(Group(f"entra-{name}", name, GroupKind.PROJECT), members)
    return directory
