"""The steps of the SCIM library with Atlassian's deviations from the RFCs.

Filters are one `eq` on few attributes, pages hold a hundred, nothing is sorted, and there are no `/Bulk`, `/Me`,
`.search` and entity tags.
"""

from collections.abc import Mapping
from typing import Any

from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    ETag,
    Filter,
    InvalidFilterException,
    InvalidValueException,
    NotFoundException,
    Patch,
    PatchOp,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimFilter,
    ScimPolicy,
    ScimProvider,
    SearchRequest,
    ServiceProviderConfig,
    Sort,
    TooManyException,
)
from scim2_models.path import CompareOperator, Comparison
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation, Target
from scim2_server.service import ScimService

from core.sandbox.cloud.models import AtlassianExternal, EnterpriseUser, Group, User, UserResource
from core.sandbox.cloud.state import State

LARGEST_PAGE = 100
_FILTERED = {"User": {"username", "externalid"}, "Group": {"displayname"}}
_UNKNOWN = ("sortBy", "sortOrder", "cursor")
_ABSENT = {Operation.bulk, Operation.search_with_body}
_POLICY = ScimPolicy(unknown=ScimPolicy.Unknown.ignore, remove_value_as_filter=ScimPolicy.RemoveValue.apply)


class Service(ScimService):
    """The protocol as one directory speaks it."""

    def __init__(self, state: State) -> None:
        super().__init__(_provider())
        self._state = state

    @staticmethod
    def match(request: ScimRequest) -> Target:
        """What a request asks for.

        :raises SCIMException: 404 for what Atlassian does not have.
        """
        target = ScimService.match(request)
        if target.me or target.operation in _ABSENT or request.path.strip("/") == "":
            raise NotFoundException(detail=f"Resource {request.path} is not found")
        return target

    def read_search_query(
        self, resource_types: list[ResourceType], query: Mapping[str, str]
    ) -> tuple[SearchRequest[Any], Any]:
        """The search that a query asks for; sorting is not.

        :raises SCIMException: 400 for another filter than Atlassian takes.
        """
        if query.get("filter"):
            _check_filter(str(resource_types[0].name), query["filter"])
        kept = {name: value for name, value in query.items() if name not in _UNKNOWN}
        return super().read_search_query(resource_types, kept)

    def read_patch(self, resource_type: ResourceType, body: bytes, content_type: str | None) -> "PatchOp[Any]":
        """The operations of a PATCH, in the forms and up to the number that are taken."""
        operations = super().read_patch(resource_type, body, content_type)
        if resource_type.name == "Group":
            self._check_member_operations(operations)
        return operations

    def patch_response(
        self, base_url: str, resource: Resource[Any], response_parameters: ResponseParameters[Any]
    ) -> ScimResponse:
        """The resource as it is now: Atlassian answers 200."""
        return self.replacement_response(base_url, resource, response_parameters)

    def publish(self, base_url: str, resource: Resource[Any]) -> Resource[Any]:
        """The resource as it is sent."""
        published = super().publish(base_url, resource)
        if self._state.quirks.upper_case_types and published.meta is not None:
            published.meta.resource_type = str(published.meta.resource_type).upper()
        return published

    def _check_member_operations(self, operations: "PatchOp[Any]") -> None:
        quirks, count = self._state.quirks, 0
        for operation in operations.operations or ():
            is_list = isinstance(operation.value, list)
            count += len(operation.value) if isinstance(operation.value, list) else 1
            if str(operation.op).lower() != "remove":
                continue
            if quirks.remove_members == ("filter" if is_list else "value"):
                raise InvalidValueException(detail="The remove operation is not supported in this form")
        if quirks.most_members_in_patch is not None and count > quirks.most_members_in_patch:
            raise TooManyException(detail=f"At most {quirks.most_members_in_patch} members can be changed at once")


def _check_filter(kind: str, text: str) -> None:
    model = UserResource if kind == "User" else Group
    node = ScimFilter[model](text).ast  # type: ignore[valid-type]
    if isinstance(node, Comparison) and node.op is CompareOperator.eq:
        path = node.attr_path
        if path.sub_attr is None and path.attr.lower() in _FILTERED[kind]:
            return
    raise InvalidFilterException(detail=f"Filter {text} is not supported")


def _provider() -> ScimProvider:
    return ScimProvider(
        [User, EnterpriseUser, AtlassianExternal, Group],
        resource_types=[ResourceType.from_resource(model) for model in (UserResource, Group)],
        config=_config(),
        policy=_POLICY,
    )


def _config() -> ServiceProviderConfig:
    return ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
        filter=Filter(supported=True, max_results=LARGEST_PAGE),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=False),
        etag=ETag(supported=False),
        authentication_schemes=[
            AuthenticationScheme(
                type=AuthenticationScheme.Type.oauthbearertoken,
                name="OAuth Bearer Token",
                description="Authentication scheme using the OAuth Bearer Token Standard",
            )
        ],
    )
