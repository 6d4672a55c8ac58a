"""The resources as Atlassian's user provisioning serves them, for the SCIM server library that carries the protocol.

They are narrower than RFC 7643's in the extension for enterprises, and wider by Atlassian's own extension. A mail
address is text here: the library's own type takes only addresses that it holds deliverable.
"""

from typing import Annotated, Any, ClassVar

import scim2_models
from scim2_models import URN, ComplexAttribute, Extension, Mutability, Required
from scim2_models.resources import group
from scim2_models.resources.resource import AnyExtension


class Email(scim2_models.Email):
    """One entry of `emails`."""

    value: str | None = None
    """The address."""


class User(scim2_models.User[AnyExtension]):
    """A user. `department` and `organization` may stand here as well as in the extension."""

    emails: list[Email] | None = None  # type: ignore[assignment]
    """One must be primary."""
    department: str | None = None
    """As in the extension."""
    organization: str | None = None
    """As in the extension."""

    Emails: ClassVar[type[ComplexAttribute]] = Email


class EnterpriseUser(Extension):
    """The extension for enterprises, of which Atlassian has two attributes."""

    __schema__ = URN("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")

    organization: str | None = None
    """Organization the user belongs to."""
    department: str | None = None
    """Department the user belongs to."""


class AtlassianExternal(Extension):
    """Atlassian's own extension: the account that the user stands for."""

    __schema__ = URN("urn:scim:schemas:extension:atlassian-external:1.0")

    atlassian_account_id: Annotated[str | None, Mutability.read_only] = None
    """The id that the product APIs know the user by."""


class Group(scim2_models.Group):
    """A group, whose name cannot be changed."""

    display_name: Annotated[str | None, Required.true, Mutability.immutable] = None
    """The name."""

    members: list[group.GroupMember] | None = None
    """Users; there are no groups in groups."""


UserResource: Any = User[EnterpriseUser | AtlassianExternal]
"""A user with its extensions."""


def stand_for(user: User[Any], account_id: str) -> None:
    """Say which Atlassian account a user stands for."""
    setattr(user, AtlassianExternal.__name__, AtlassianExternal(atlassian_account_id=account_id))


def account_of(user: User[Any]) -> str:
    """The Atlassian account that a user stands for."""
    extension = getattr(user, AtlassianExternal.__name__)
    return str(extension.atlassian_account_id)


def member(user_id: str) -> group.GroupMember:
    """A user as a member of a group."""
    return group.GroupMember.model_validate({"value": user_id})
