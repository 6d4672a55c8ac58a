"""What the simulated tenant keeps: users, groups, enterprise applications, and the other things groups can hold.

Objects are values: an edit is a new value under the same id. Field names are Graph's property names in this language's
spelling (`account_enabled` is `accountEnabled`); `properties` knows the way between the two.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar, Literal

Further = Mapping[str, object]
_NOTHING: Further = MappingProxyType({})


def _nothing() -> Further:
    return _NOTHING


PrincipalType = Literal["User", "Group", "ServicePrincipal"]
DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"
"""The app role of an assignment to an application that defines no roles."""


def new_id() -> str:
    """An object id."""
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class User:
    """A user; times are ISO 8601 in UTC, and None is a property that has no value."""

    odata_type: ClassVar[str] = "#microsoft.graph.user"

    id: str
    user_principal_name: str
    display_name: str
    mail_nickname: str
    account_enabled: bool = True
    user_type: Literal["Member", "Guest"] | None = "Member"
    given_name: str | None = None
    surname: str | None = None
    mail: str | None = None
    job_title: str | None = None
    department: str | None = None
    company_name: str | None = None
    employee_id: str | None = None
    employee_type: str | None = None
    office_location: str | None = None
    street_address: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None
    usage_location: str | None = None
    preferred_language: str | None = None
    business_phones: tuple[str, ...] = ()
    mobile_phone: str | None = None
    fax_number: str | None = None
    other_mails: tuple[str, ...] = ()
    proxy_addresses: tuple[str, ...] = ()
    on_premises_immutable_id: str | None = None
    on_premises_sync_enabled: bool | None = None
    external_user_state: str | None = None
    created_date_time: str | None = None
    deleted_date_time: str | None = None
    """When it went to the recycle bin; None while it is not there."""
    licences: tuple[str, ...] = ()
    """Ids of the product SKUs that are assigned."""
    manager_id: str | None = None
    further: Further = field(default_factory=_nothing)
    """Extension properties, by Graph's own names."""
    cleared: frozenset[str] = frozenset()
    """Properties without a value that once had one: delta tells those as null, and never the others."""

    @property
    def assigned_licenses(self) -> list[dict[str, object]]:
        """The licences as `/users` shows them."""
        return [{"skuId": sku, "disabledPlans": []} for sku in self.licences]


@dataclass(frozen=True, slots=True)
class Group:
    """A group; its members are kept by the tenant."""

    odata_type: ClassVar[str] = "#microsoft.graph.group"

    id: str
    display_name: str
    description: str | None = None
    mail: str | None = None
    mail_enabled: bool = False
    mail_nickname: str | None = None
    security_enabled: bool = True
    group_types: tuple[str, ...] = ()
    """`Unified` marks a Microsoft 365 group, which has a recycle bin; `DynamicMembership` one with a rule."""
    membership_rule: str | None = None
    visibility: str | None = None
    """`HiddenMembership` hides the members from apps without Member.Read.Hidden."""
    on_premises_sync_enabled: bool | None = None
    created_date_time: str | None = None
    deleted_date_time: str | None = None
    further: Further = field(default_factory=_nothing)
    cleared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AppRole:
    """A role that an application defines for users and groups."""

    id: str
    display_name: str
    value: str


@dataclass(frozen=True, slots=True)
class ServicePrincipal:
    """An enterprise application of the tenant."""

    odata_type: ClassVar[str] = "#microsoft.graph.servicePrincipal"

    id: str
    app_id: str
    display_name: str
    roles: tuple[AppRole, ...] = ()
    account_enabled: bool = True
    app_role_assignment_required: bool = True
    service_principal_type: str = "Application"
    further: Further = field(default_factory=_nothing)
    cleared: frozenset[str] = frozenset()

    @property
    def app_roles(self) -> list[dict[str, object]]:
        """The roles as `/servicePrincipals` shows them."""
        return [
            {
                "id": role.id,
                "displayName": role.display_name,
                "description": role.display_name,
                "value": role.value,
                "isEnabled": True,
                "allowedMemberTypes": ["User"],
                "origin": "Application",
            }
            for role in self.roles
        ]


@dataclass(frozen=True, slots=True)
class OtherObject:
    """A member of groups that is neither user nor group: a device or a contact."""

    id: str
    display_name: str
    odata_type: str = "#microsoft.graph.device"
    further: Further = field(default_factory=_nothing)
    cleared: frozenset[str] = frozenset()


DirectoryObject = User | Group | ServicePrincipal | OtherObject


@dataclass(frozen=True, slots=True)
class Assignment:
    """A user, group or application that is assigned to an enterprise application."""

    id: str
    principal_id: str
    principal_type: PrincipalType
    principal_display_name: str
    resource_id: str
    resource_display_name: str
    app_role_id: str
    created_date_time: str


@dataclass(frozen=True, slots=True)
class Sku:
    """A product that the tenant has licences of."""

    id: str
    part_number: str
    service_plans: tuple[tuple[str, str], ...] = ()
    """Id and name of each plan in it."""
