"""The same made-up company that the simulated Entra pushes by SCIM, as a tenant of Graph, and kept the same.

Object ids are those of the shared directory, so a world can come by either way. All groups of the company are assigned
to the enterprise application, as the simulated provisioning job pushes all of them.
"""

from collections.abc import Iterable

from core.sandbox.directory import Directory, Event
from core.sandbox.graph.objects import AppRole, Group, ServicePrincipal, Sku, User
from core.sandbox.graph.replica import Replica
from core.sandbox.graph.tenant import Tenant
from core.sandbox.groups import Group as CompanyGroup
from core.sandbox.people import Person

ENTERPRISE_APP = ServicePrincipal(
    "5b1d0000-0000-4000-8000-0000000000a1",
    "5b1d0000-0000-4000-8000-0000000000a2",
    "Atlassian",
    (AppRole("5b1d0000-0000-4000-8000-0000000000a3", "User", "User"),),
)
"""The application that people and groups are assigned to."""
E5 = Sku(
    "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
    "SPE_E5",
    (
        ("9aaf7827-d63c-4b61-89c3-182f06f82e5c", "EXCHANGE_S_STANDARD"),
        ("eec0eb4f-6444-4f95-aba0-50c24d67f998", "AAD_PREMIUM_P2"),
    ),
)
F1 = Sku("44575883-256e-4a79-9da4-ebe9acabe2b2", "SPE_F1", (("41781fb2-bc02-4b7c-bd55-b576c07bb09d", "AAD_PREMIUM"),))
_ROLE = ENTERPRISE_APP.roles[0].id
_FOLLOWED = (
    "user_principal_name", "display_name", "mail_nickname", "account_enabled", "surname", "mail", "job_title",
    "department",
)  # fmt: skip
"""What happenings in the company change of a person."""


def fill(tenant: Tenant, directory: Directory) -> None:
    """Put a company into an empty tenant. No replica lags behind with any of it."""
    tenant.skus = (E5, F1)
    tenant.add_application(ENTERPRISE_APP)
    for person in map(directory.person, directory.people):
        tenant.create_user(user_of(person, person.manager_id))
        if person.soft_deleted:
            tenant.delete_user(person.id)
    for group_id in directory.groups:
        _sync_group(tenant, directory, group_id)
    tenant.replica = Replica()


def follow(tenant: Tenant, directory: Directory, events: Iterable[Event]) -> None:
    """Bring to the tenant what happened to the company, as `churn` reports it."""
    for event in events:
        if event.person_id is not None and event.group_id is not None:
            _sync_membership(tenant, directory, event.group_id, event.person_id)
        elif event.group_id is not None:
            _sync_group(tenant, directory, event.group_id)
        elif event.person_id is not None:
            _sync_person(tenant, directory, event.person_id)
            _sync_manager(tenant, directory, event.person_id)


def user_of(person: Person, manager_id: str | None = None) -> User:
    """A person of the company as Graph shows one."""
    guest = person.guest
    return User(
        id=person.id,
        user_principal_name=person.user_principal_name,
        display_name=person.display_name,
        mail_nickname=person.mail_nickname,
        account_enabled=person.account_enabled,
        user_type="Guest" if guest else "Member",
        given_name=person.given_name,
        surname=person.surname,
        mail=person.mail,
        job_title=person.job_title,
        department=person.department,
        employee_id=person.employee_id,
        office_location=person.office,
        street_address=person.street,
        city=person.site.city,
        state=person.site.state,
        postal_code=person.site.postal_code,
        country=person.site.country,
        usage_location=person.site.country,
        preferred_language=person.site.language,
        business_phones=(person.telephone,) if person.telephone else (),
        mobile_phone=person.mobile,
        fax_number=person.facsimile,
        external_user_state="Accepted" if guest else None,
        licences=() if guest else (E5.id,),
        manager_id=manager_id,
    )


def _sync_person(tenant: Tenant, directory: Directory, person_id: str) -> None:
    if person_id not in directory.people:
        if person_id in tenant.users:
            tenant.purge_user(person_id)
        return
    person = directory.person(person_id)
    wanted = user_of(person)
    if person_id not in tenant.users:
        tenant.create_user(wanted)
    if person_id in tenant.deleted and not person.soft_deleted:
        tenant.restore_user(person_id)
    if person_id not in tenant.deleted:
        tenant.update_user(person_id, **{name: getattr(wanted, name) for name in _FOLLOWED})
        if person.soft_deleted:
            tenant.delete_user(person_id)


def _sync_manager(tenant: Tenant, directory: Directory, person_id: str) -> None:
    if person_id not in directory.people:
        return
    manager_id = directory.person(person_id).manager_id
    # A manager who is hired in the same round comes with an event of its own.
    if manager_id is None or manager_id in tenant.users:
        tenant.assign_manager(person_id, manager_id)


def _sync_group(tenant: Tenant, directory: Directory, group_id: str) -> None:
    if group_id not in directory.groups:
        if group_id in tenant.groups:
            tenant.purge_group(group_id)
        return
    company_group = directory.group(group_id)
    if group_id in tenant.groups:
        tenant.update_group(group_id, display_name=company_group.display_name)
        return
    members = [each for each in directory.members(group_id) if each in tenant.users]
    tenant.create_group(_group_of(company_group), members)
    tenant.assign(ENTERPRISE_APP.id, group_id, _ROLE)


def _sync_membership(tenant: Tenant, directory: Directory, group_id: str, person_id: str) -> None:
    if group_id not in tenant.groups or person_id not in tenant.users:
        return
    if group_id in directory.groups and person_id in directory.members(group_id):
        tenant.add_member(group_id, person_id)
    else:
        tenant.remove_member(group_id, person_id)


def _group_of(group: CompanyGroup) -> Group:
    return Group(group.id, group.display_name, mail_nickname=group.id.partition("-")[0])
