"""A person as Microsoft Entra ID keeps one, and the recruiter who makes new ones.

A person is a value: a change is a new value under the same id. The recruiter owns what must never repeat within a
directory (user principal names, compared without regard to case, and employee ids). Like Entra it does not hand a
released name to somebody else: after a rename the old name stays reserved as an alias.
"""

from dataclasses import dataclass, replace
from random import Random
from uuid import UUID

from core.sandbox.names import Name, fold, name_pool
from core.sandbox.organisation import DEPARTMENTS, SITE_WEIGHTS, SITES, Department, Site

PARTNER_DOMAIN = "fabrikam.example"
SPAN_OF_CONTROL = 8
INACTIVE_SHARE = 0.05
_DEPARTMENT_WEIGHTS = tuple(department.weight for department in DEPARTMENTS)


@dataclass(frozen=True, slots=True)
class Person:
    """A user object of the directory; the field names are Entra's, in this language's spelling."""

    id: str
    user_principal_name: str
    mail_nickname: str
    given_name: str
    surname: str
    display_name: str
    mail: str | None
    """None for people without a mailbox; then no e-mail address is provisioned."""
    job_title: str
    department: str
    employee_id: str
    site: Site
    office: str
    street: str
    telephone: str | None = None
    mobile: str | None = None
    facsimile: str | None = None
    manager_id: str | None = None
    account_enabled: bool = True
    soft_deleted: bool = False
    """In the recycle bin, where Entra keeps an object for 30 days before it deletes it for good."""

    @property
    def in_service(self) -> bool:
        """Whether the person may sign in: the negation of the mapping's `Switch([IsSoftDeleted])`."""
        return self.account_enabled and not self.soft_deleted

    @property
    def guest(self) -> bool:
        """Whether this is somebody from a partner company (B2B)."""
        return "#EXT#" in self.user_principal_name


def new_object_id(rng: Random) -> str:
    """Return an Entra object id (a version 4 UUID)."""
    return str(UUID(int=rng.getrandbits(128), version=4))


class Recruiter:
    """Makes people for one directory."""

    def __init__(self, domain: str) -> None:
        self._domain = domain
        self._next_number: dict[str, int] = {}
        self._employees = 0

    def recruit(self, rng: Random) -> Person:
        """Return a new person; one in a hundred is a guest from a partner company."""
        site = rng.choices(SITES, SITE_WEIGHTS)[0]
        locale = site.locales[0] if rng.random() < 0.8 else rng.choice(site.locales)
        given, surname = name_pool(locale).draw(rng)
        department = draw_department(rng)
        local = self._unique(_local_part(given, surname, rng))
        guest = rng.random() < 0.01
        nickname = f"{local}_{PARTNER_DOMAIN}#EXT#" if guest else local
        self._employees += 1
        return Person(
            id=new_object_id(rng),
            user_principal_name=f"{nickname}@{self._domain}",
            mail_nickname=nickname,
            given_name=given.text,
            surname=surname.text,
            display_name=_display_name(given.text, surname.text, rng),
            mail=_mail(local, PARTNER_DOMAIN if guest else self._domain, rng),
            job_title=rng.choice(department.titles),
            department=department.name,
            employee_id=f"E-{self._employees:06d}",
            site=site,
            office=f"{site.code}-{rng.randint(1, 9)}",
            street=rng.choice(site.streets),
            telephone=f"{site.dialling}{rng.randint(100, 999)}" if rng.random() < 0.7 else None,
            mobile=f"{site.dialling.split()[0]} 7700 900{rng.randint(100, 999)}" if rng.random() < 0.5 else None,
            facsimile=f"{site.dialling}{rng.randint(10, 99)}" if rng.random() < 0.02 else None,
        )

    def rename(self, person: Person, rng: Random) -> Person:
        """Return the person with a new surname, and with the names that follow from it."""
        surname = name_pool(person.site.locales[0]).draw_surname(rng)
        local = self._unique(f"{fold(person.user_principal_name.split('.')[0])}.{fold(surname.latin)}".lower())
        return replace(
            person,
            surname=surname.text,
            display_name=f"{person.given_name} {surname.text}",
            mail_nickname=local,
            user_principal_name=f"{local}@{self._domain}",
            mail=person.mail and f"{local}@{self._domain}",
        )

    def rehire(self, person: Person, rng: Random) -> Person:
        """Return a new object for a person whose former object was deleted for good: same name, new ids."""
        self._employees += 1
        return replace(
            person,
            id=new_object_id(rng),
            employee_id=f"E-{self._employees:06d}",
            manager_id=None,
            account_enabled=True,
            soft_deleted=False,
        )

    def _unique(self, local: str) -> str:
        key = local.casefold()
        number = self._next_number.get(key, 1)
        self._next_number[key] = number + 1
        return local if number == 1 else self._unique(f"{local}{number}")


def draw_department(rng: Random) -> Department:
    """Return a department, the large ones more often."""
    return rng.choices(DEPARTMENTS, _DEPARTMENT_WEIGHTS)[0]


def founding_people(recruiter: Recruiter, users: int, rng: Random) -> list[Person]:
    """Return `users` people with their managers; one in twenty of those without reports may not sign in.

    The first person leads the company, the first of each department leads it and reports to that person, and
    below that everybody has up to eight reports.
    """
    people = [recruiter.recruit(rng) for _ in range(users)]
    staff: dict[str, list[str]] = {}
    placed: list[Person] = []
    for person in people:
        colleagues = staff.setdefault(person.department, [])
        manager = colleagues[(len(colleagues) - 1) // SPAN_OF_CONTROL] if colleagues else people[0].id
        title = person.job_title if colleagues else f"Head of {person.department}"
        colleagues.append(person.id)
        manager_id = manager if manager != person.id else None
        placed.append(replace(person, job_title=title, manager_id=manager_id))
    managers = {person.manager_id for person in placed}
    return [
        replace(person, account_enabled=False)
        if person.id not in managers and rng.random() < INACTIVE_SHARE
        else person
        for person in placed
    ]


def _local_part(given: Name, surname: Name, rng: Random) -> str:
    local = f"{fold(given.latin)}.{fold(surname.latin)}"
    if rng.random() < 0.5:
        local = local.replace("'", "")
    # Entra keeps the letter case in which an administrator typed a name, and compares without it.
    return local if rng.random() < 0.08 else local.lower()


def _display_name(given: str, surname: str, rng: Random) -> str:
    return f"{surname}, {given}" if rng.random() < 0.03 else f"{given} {surname}"


def _mail(local: str, domain: str, rng: Random) -> str | None:
    return None if rng.random() < 0.02 else f"{local.replace(chr(39), '')}@{domain}".lower()
