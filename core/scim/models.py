"""The resources as this service reads and answers them: the library's, save where it would change or refuse a value.

A mail address is text here: the library's type takes only addresses that it holds deliverable, so none at
“corp.local”, and writes the domain anew; an IdP must be given back what it sent, or it sends it again in every cycle.
A manager is named by its id alone, as every IdP does: none sends the `$ref` that RFC 7643 §8.7.1 wants.
"""

from typing import Annotated, Any, ClassVar

import scim2_models
from pydantic import Field
from scim2_models import ComplexAttribute, Group, Reference, Required, Resource
from scim2_models.resources import enterprise_user
from scim2_models.resources.resource import AnyExtension

from core.store.identities import Kind


class Email(scim2_models.Email):
    """One entry of `emails` (RFC 7643 §4.1.2)."""

    value: str | None = None


class User(scim2_models.User[AnyExtension]):
    """A user (RFC 7643 §4.1), mail addresses as they were sent."""

    emails: list[Email] | None = None  # type: ignore[assignment]

    Emails: ClassVar[type[ComplexAttribute]] = Email


class Manager(enterprise_user.Manager):
    """A user's manager (RFC 7643 §4.3)."""

    ref: Annotated[Reference["User"] | None, Required.false] = Field(  # type: ignore[type-arg,assignment]
        None, serialization_alias="$ref", validation_alias="$ref"
    )


class EnterpriseUser(scim2_models.EnterpriseUser):
    """The enterprise extension (RFC 7643 §4.3)."""

    manager: Manager | None = None


MODELS: dict[Kind, type[Resource[Any]]] = {"User": User[EnterpriseUser], "Group": Group}
"""What this service serves: users with the enterprise extension, and groups."""
