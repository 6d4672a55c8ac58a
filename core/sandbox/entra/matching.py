"""How Entra recognises an object in the target that it has no id for yet."""

from core.sandbox.entra.attributes import Resource
from core.sandbox.entra.endpoint import ResourceType
from core.sandbox.entra.errors import DUPLICATE_TARGETS, ENTRY_CONFLICT, ProvisioningError
from core.sandbox.entra.session import Session


async def match(
    session: Session, resource_type: ResourceType, attribute: str, value: str, object_id: str
) -> Resource | None:
    """Return the one resource whose `attribute` equals `value`, or None.

    Raises ProvisioningError if several do, or if the one that does belongs to another object already.
    """
    found = await session.endpoint.find(resource_type, attribute, value)
    request = f"GET /{resource_type}?filter"
    if len(found) > 1:
        detail = f"{len(found)} {resource_type} have the {attribute} {value}."
        raise ProvisioningError(DUPLICATE_TARGETS, detail, request=request)
    if not found:
        return None
    owner = session.memory.owner_of(found[0]["id"])
    if owner is not None and owner != object_id:
        detail = f"The one of {resource_type} with the {attribute} {value} belongs to another object."
        raise ProvisioningError(ENTRY_CONFLICT, detail, request=request)
    return found[0]
