"""What a directory of Atlassian Cloud answers, written down: a user, a group, a page of a listing, an error."""

from typing import Any

from scripted import Reply

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
JANE = {"schemas": [USER], "id": "1", "userName": "jane", "displayName": "Jane", "groups": []}
STAFF = {"schemas": [GROUP], "id": "g1", "displayName": "Staff"}
NOBODY = Reply(404, b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"not there"}')


def page(*resources: Any, total: int | None = None) -> dict[str, Any]:
    count = len(resources)
    return {
        "schemas": [LIST],
        "totalResults": count if total is None else total,
        "startIndex": 1,
        "Resources": resources,
    }
