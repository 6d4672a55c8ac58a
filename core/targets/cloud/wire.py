"""Users and groups on the wire of Atlassian's user provisioning (SCIM 2.0), as far as manciple reads and writes them.

What Atlassian sends beyond that is ignored, and so is the case of `meta.resourceType`, which it writes in capitals. A
mail address is text here: whether one can be delivered to is not ours to judge.

Source: the user provisioning REST API's OpenAPI document; RFC 7643, 7644.
"""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from pydantic import ValidationError
from scim2_models import (
    URN,
    ComplexAttribute,
    Context,
    Extension,
    ListResponse,
    PatchOp,
    PatchOperation,
    Resource,
    ScimPolicy,
    Uniqueness,
)
from scim2_models import Required as Need

from core.targets.error_text import one_line
from core.targets.protocol import IncompleteRead

_LIST: Any = ListResponse
_PATCH: Any = PatchOp
_OPERATION: Any = PatchOperation
"""The library's messages, which are made for a kind of resource at run time."""
_TOLERANT = ScimPolicy(unknown=ScimPolicy.Unknown.ignore)


class Email(ComplexAttribute):
    """One entry of `emails`."""

    value: str | None = None
    """The address."""
    type: str | None = None
    """Such as `work`."""
    primary: bool | None = None
    """Whether it is the one that counts."""


class Reference(ComplexAttribute):
    """A group of a user, or a member of a group."""

    value: str | None = None
    """The id."""
    display: str | None = None
    """The name, where it is told."""
    type: str | None = None
    """`User` or `Group`, where it is told."""


class Name(ComplexAttribute):
    """The parts of a name."""

    formatted: str | None = None
    """The whole."""
    given_name: str | None = None
    """First name."""
    family_name: str | None = None
    """Last name."""


class Enterprise(Extension):
    """The extension for enterprises (RFC 7643 section 4.3), of which Atlassian has two attributes."""

    __schema__ = URN("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")

    department: str | None = None
    """Department."""
    organization: str | None = None
    """Organization."""


class User(Resource[Enterprise]):
    """A user (RFC 7643 section 4.1). The extension's attributes may stand at the core level as well."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Need.true] = None
    """The name."""
    name: Name | None = None
    """Its parts."""
    display_name: str | None = None
    """The name to show."""
    nick_name: str | None = None
    """What others call the person."""
    title: str | None = None
    """Job title."""
    preferred_language: str | None = None
    """Such as `en-GB`."""
    timezone: str | None = None
    """Such as `Europe/Berlin`."""
    department: str | None = None
    """As in the extension."""
    organization: str | None = None
    """As in the extension."""
    active: bool | None = None
    """Left out, it is."""
    emails: list[Email] | None = None
    """One is primary."""
    groups: list[Reference] | None = None
    """The groups the user is in."""


class Group(Resource[Any]):
    """A group (RFC 7643 section 4.2)."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Need.true] = None
    """The name, which cannot be changed."""
    members: list[Reference] | None = None
    """The users in it."""


ResourceT = TypeVar("ResourceT", User, Group)


def read(model: type[ResourceT], document: Any) -> ResourceT:
    """One resource of an answer.

    :raises IncompleteRead: when it is none, or has no id.
    """
    try:
        resource = model.model_validate(document, scim_policy=_TOLERANT)
    except (ValidationError, ValueError) as error:
        raise IncompleteRead(f"Atlassian answered with something that is no {model.__name__}: {_why(error)}") from error
    if not resource.id:
        raise IncompleteRead(f"Atlassian answered with a {model.__name__} that has no id.")
    return resource


def read_list(model: type[ResourceT], document: Any) -> tuple[Sequence[ResourceT], int, int]:
    """The resources of one page of a listing, how many there are altogether, and the index of the first, from 1.

    :raises IncompleteRead: when it is no page, or does not tell the number.
    """
    if isinstance(document, dict) and not document.get("Resources"):
        document = {**document, "Resources": []}  # an empty page may lack them
    try:
        page = _LIST[model].model_validate(document, scim_ctx=Context.SEARCH_RESPONSE, scim_policy=_TOLERANT)
    except (ValidationError, ValueError) as error:
        raise IncompleteRead(f"Atlassian answered with something that is no list: {_why(error)}") from error
    found: Sequence[ResourceT] = page.resources or []
    if page.total_results is None or any(not each.id for each in found):
        raise IncompleteRead("Atlassian answered with a list that lacks its total, or an id.")
    return found, page.total_results, page.start_index or 0


def creation(resource: User | Group) -> dict[str, Any]:
    """The body that creates a resource."""
    body: dict[str, Any] = resource.model_dump(scim_ctx=Context.RESOURCE_CREATION_REQUEST)
    return body


def patch(model: type[ResourceT], *operations: tuple[str, str, Any]) -> dict[str, Any]:
    """The body of a PATCH: operation, path and value (`None` for none) of each."""
    made = [_OPERATION[model](op=op, path=path, value=value) for op, path, value in operations]
    message = _PATCH[model](operations=made)
    body: dict[str, Any] = message.model_dump(scim_ctx=Context.RESOURCE_PATCH_REQUEST)
    return body


def _why(error: ValueError) -> str:
    return one_line(str(error.errors()[0]["msg"]) if isinstance(error, ValidationError) else str(error)).rstrip(".")
