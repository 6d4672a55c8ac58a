"""The body of a write in strict form: what a provider's dialect says is rewritten, what must not be done is refused."""

from typing import Any

from core.scim.normalising import Normalised, normalise_group, normalise_patch, normalise_user
from core.scim.paths import ResourceType
from core.scim.refusals import check_emptied, check_size
from core.scim.tolerances import Tolerance
from core.scim.typed.documents import is_strict


def strict_body(method: str, path: str, document: dict[str, Any], used: set[Tolerance]) -> dict[str, Any]:
    """The document of a POST, PUT or PATCH at a path such as `/Users/<id>`; what that took goes into `used`.

    :raises Refused: 413 where a PATCH has too many operations, 400 where a filter in it is too large, or where it would
        empty what no slip may.
    """
    resource_type: ResourceType = "Group" if path.strip("/").lower().startswith("groups") else "User"
    if method != "PATCH" and is_strict(resource_type, document):
        used.update(("meta-dropped",) if "meta" in document else ())
        normalised = Normalised(document, ())
    elif method == "PATCH":
        check_size(document)
        normalised = normalise_patch(document, resource_type)
        check_emptied(normalised.document, resource_type)
    else:
        normalised = normalise_group(document) if resource_type == "Group" else normalise_user(document)
    used.update(normalised.tolerances)
    if method == "PUT" and resource_type == "Group" and not _tells(normalised.document, "members"):
        used.add("members-kept")
    return normalised.document


def _tells(document: dict[str, Any], name: str) -> bool:
    return any(key.lower() == name for key in document)
