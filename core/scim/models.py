"""The resources as this service reads and answers them: the library's, save where it would change or refuse a value.

A mail address is text here: the library's type takes only addresses that it holds deliverable, so none at
“corp.local”, and writes the domain anew; an IdP must be given back what it sent, or it sends it again in every cycle.
What is said of the attributes here is what `/Schemas` says of them.
A manager is named by its id alone, as every IdP does: none sends the `$ref` that RFC 7643 §8.7.1 wants.
"""

from typing import Annotated, Any, ClassVar

import scim2_models
from pydantic import Field
from scim2_models import ComplexAttribute, Reference, Required, Resource
from scim2_models.resources import enterprise_user, group
from scim2_models.resources.resource import AnyExtension

from core.store.identities import Kind


class Email(scim2_models.Email):
    """One entry of `emails` (RFC 7643 §4.1.2)."""

    value: str | None = None
    """Email address for the user."""


class User(scim2_models.User[AnyExtension]):
    """A user (RFC 7643 §4.1), mail addresses as they were sent."""

    emails: list[Email] | None = None  # type: ignore[assignment]
    """Email addresses for the user."""

    Emails: ClassVar[type[ComplexAttribute]] = Email


class Manager(enterprise_user.Manager):
    """A user's manager (RFC 7643 §4.3)."""

    ref: Annotated[Reference["User"] | None, Required.false] = Field(  # type: ignore[type-arg,assignment]
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The URI of the resource that represents the user's manager."""


class EnterpriseUser(scim2_models.EnterpriseUser):
    """The enterprise extension (RFC 7643 §4.3)."""

    manager: Manager | None = None
    """The user's manager."""


class GroupMember(group.GroupMember):
    """A member of a group (RFC 7643 §4.2)."""

    display: str | None = None
    """A human-readable name of the member, as the identity provider calls it."""


class Group(scim2_models.Group):
    """A group (RFC 7643 §4.2)."""

    members: list[GroupMember] | None = None  # type: ignore[assignment]
    """A list of members of the Group."""

    Members: ClassVar[type[ComplexAttribute]] = GroupMember


MODELS: dict[Kind, type[Resource[Any]]] = {"User": User[EnterpriseUser], "Group": Group}
"""What this service serves: users with the enterprise extension, and groups."""
