"""What this service provider serves and announces: users with the enterprise extension, and groups.

`ServiceProviderConfig` tells the truth (RFC 7643 §5): what is announced here is what the identity storage can do.
"""

from functools import lru_cache

from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    EnterpriseUser,
    ETag,
    External,
    Filter,
    Group,
    Patch,
    Reference,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    User,
)
from scim2_server.service import ScimService

MAX_RESULTS = 1000
"""Resources on one page at most."""
MAX_BODY = 1024 * 1024
"""Bytes of a request's body at most."""

_POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""What IdPs send beside the standard: unknown attributes, Entra's removal by value, and creation by path filter."""


@lru_cache(maxsize=1)
def scim_service() -> ScimService:
    """The protocol's steps, shared by all requests; it holds no state of a request."""
    return ScimService(_provider())


def _provider() -> ScimProvider:
    return ScimProvider(
        [User, EnterpriseUser, Group],
        resource_types=[ResourceType.from_resource(User[EnterpriseUser]), ResourceType.from_resource(Group)],
        config=_config(),
        policy=_POLICY,
    )


def _config() -> ServiceProviderConfig:
    return ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
        filter=Filter(supported=True, max_results=MAX_RESULTS),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=True),
        etag=ETag(supported=True),
        authentication_schemes=[
            AuthenticationScheme(
                type=AuthenticationScheme.Type.oauthbearertoken,
                name="Bearer token",
                description="The token that `manciple token issue` showed for this provider",
                spec_uri=Reference[External]("https://www.rfc-editor.org/info/rfc6750"),
            )
        ],
    )
