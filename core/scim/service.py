"""What this service provider serves and announces: users with the enterprise extension, and groups.

`ServiceProviderConfig` tells the truth (RFC 7643 §5): what is announced here is what the identity storage can do.
"""

from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Union

from scim2_models import (
    Bulk,
    ChangePassword,
    ETag,
    Filter,
    ListResponse,
    MutabilityException,
    NotFoundException,
    NotImplementedException,
    Pagination,
    Patch,
    PatchOp,
    Path,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimFilter,
    ScimPolicy,
    ScimProvider,
    SearchRequest,
    ServiceProviderConfig,
    Sort,
)
from scim2_server.conditions import Conditions
from scim2_server.errors import MethodNotAllowedException
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Target
from scim2_server.service import ScimService

from core.scim.conditions import met
from core.scim.models import MODELS, EnterpriseUser, Group, User
from core.scim.schemes import ALWAYS

MAX_RESULTS = 1000
"""Resources on one page at most."""
DEFAULT_PAGE = 100
"""Resources on a page of which the client does not say how many it wants."""
CURSOR_SECONDS = 3600
"""How long a cursor can be used (RFC 9865 §4, cursorTimeout)."""
LAST_INDEX = 2**53 - 1
"""Where a page may begin at most: the largest integer that every JSON reader has."""
MAX_BODY = 8 * 1024 * 1024
"""Bytes of a request's body at most."""
MAX_OPERATIONS = 1000
"""Operations of one bulk request at most; authentik sends as many members in one PATCH."""

_PAGINATION = Pagination(
    cursor=True,
    index=True,
    default_pagination_method=Pagination.DefaultPaginationMethod.index,
    default_page_size=DEFAULT_PAGE,
    max_page_size=MAX_RESULTS,
    cursor_timeout=CURSOR_SECONDS,
)
_POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""What IdPs send beside the standard: unknown attributes, Entra's removal by value, and creation by path filter."""


_OF_ALL: tuple[Any, ...] = (ListResponse, SearchRequest, Path, ScimFilter)
_OF_EACH: tuple[Any, ...] = (SearchRequest, PatchOp, ResponseParameters, Path, ScimFilter)
_ALL: Any = Union[tuple(MODELS.values())]  # noqa: UP007 - made of a tuple
_HELD = (*(of[_ALL] for of in _OF_ALL), *(of[model] for of in _OF_EACH for model in MODELS.values()))
"""The types that the library asks for in every request: where nobody holds them, it takes milliseconds to make them."""
_KEPT = ("active", "members")
_NO_ME = "/Me is not served, because a token stands for an identity provider and no user: use /Users/<id>"


class _Service(ScimService):
    """The library's steps, save for where a page may begin, what a PUT keeps, what a PATCH answers, and some texts."""

    @staticmethod
    def match(request: ScimRequest) -> Target:
        """What a request asks for; a search by POST is no resource that could be read or deleted (RFC 7644 §3.4.3)."""
        if request.path.endswith("/.search") and request.method != "POST":
            raise MethodNotAllowedException(allowed=["POST"])
        return ScimService.match(request)

    def me_target(self, request: ScimRequest) -> tuple[ResourceType, str]:
        """None: a token is a provider's, which is no user (RFC 7644 §3.11)."""
        raise NotImplementedException(detail=_NO_ME)

    def me_creation_type(self, request: ScimRequest) -> ResourceType:
        """None, likewise."""
        raise NotImplementedException(detail=_NO_ME)

    def apply_replacement(
        self, current: Resource[Any], replacement: Resource[Any], conditions: Conditions
    ) -> Resource[Any] | None:
        """A PUT clears what it leaves out (RFC 7644 §3.5.1), save for what nobody may lose by a slip.

        No leaver is enabled, and no group emptied, by an IdP that does not tell `active` or `members`.
        """
        for name in _KEPT:
            if name in type(replacement).model_fields and name not in replacement.model_fields_set:
                setattr(replacement, name, getattr(current, name))
        try:
            return super().apply_replacement(current, replacement, conditions)
        except MutabilityException as refused:
            detail = f"{refused.attribute}: it cannot be changed once it is set: leave it as it is, or out"
            raise MutabilityException(detail=detail) from None

    def check_preconditions(self, resource: Resource[Any], method: str, conditions: Conditions) -> bool:
        """Whether the request goes on; a refused one is told what to do."""
        return met(conditions, resource.meta.version if resource.meta else None, method)

    def resource_type_at(self, endpoint: str) -> ResourceType:
        """The resource type that is served at a place, refused with those there are."""
        try:
            return super().resource_type_at(endpoint)
        except NotFoundException:
            raise NotFoundException(detail=f"nothing is served at /{endpoint}: use /Users or /Groups") from None

    def service_provider_config(self, location: str, query: Mapping[str, str]) -> ScimResponse:
        """What is served; pages by cursor are `core.scim.search`'s, and the library's steps know nothing of them."""
        self.forbid_filter(query)
        announced = self.config.model_copy(update={"pagination": _PAGINATION})
        return self.discovery_response(self.locate(announced, location))

    def patch_response(
        self, base_url: str, resource: Resource[Any], response_parameters: ResponseParameters[Any]
    ) -> ScimResponse:
        """Nothing: what is shown of a resource after a write is `core.scim.typed.showing`'s to say."""
        return ScimResponse(HTTPStatus.NO_CONTENT)


@lru_cache(maxsize=1)
def scim_service() -> ScimService:
    """The protocol's steps, shared by all requests; it holds no state of a request."""
    return _Service(_provider())


def _provider() -> ScimProvider:
    return ScimProvider(
        [User, EnterpriseUser, Group],
        resource_types=[ResourceType.from_resource(model) for model in MODELS.values()],
        config=_config(),
        policy=_POLICY,
    )


def _config() -> ServiceProviderConfig:
    return ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=Bulk(supported=True, max_operations=MAX_OPERATIONS, max_payload_size=MAX_BODY),
        filter=Filter(supported=True, max_results=MAX_RESULTS),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=True),
        etag=ETag(supported=True),
        authentication_schemes=list(ALWAYS),
    )
