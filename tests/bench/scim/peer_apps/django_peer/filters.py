"""The filters of django-scim2, with externalId besides."""

from django_scim.filters import UserFilterQuery


class Query(UserFilterQuery):
    attr_map = UserFilterQuery.attr_map | {("externalId", None, None): "scim_external_id"}
