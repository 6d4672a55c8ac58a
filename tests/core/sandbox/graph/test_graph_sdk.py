"""The real msgraph-sdk against the simulated Graph: what works, and the traps that it has."""

from typing import Any

import pytest
from graph_sdk import INSTALLED, MISSING, adapter, client, raw

from core.sandbox.graph import ENTERPRISE_APP, Graph, Quirks

pytestmark = pytest.mark.skipif(not INSTALLED, reason=MISSING)


def no_retry() -> Any:
    from kiota_http.middleware.options import RetryHandlerOption

    return RetryHandlerOption(max_retries=0)


async def test_a_round_of_delta_with_empty_pages_followed_by_hand(graph: Graph, url: str) -> None:
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from msgraph.generated.users.delta.delta_request_builder import DeltaRequestBuilder

    query = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(select=["id", "displayName", "accountEnabled"])
    sdk = client(url)
    page = await sdk.users.delta.get(request_configuration=RequestConfiguration(query_parameters=query))
    sizes, found = [], []
    while True:
        sizes.append(len(page.value))
        found += [user.id for user in page.value]
        if page.odata_next_link is None:
            break
        page = await sdk.users.delta.with_url(page.odata_next_link).get()
    assert sizes == [2, 0, 2, 0, 1, 0]
    assert found == list(graph.tenant.users)
    with graph.editing() as tenant:
        tenant.delete_user(found[0])
        tenant.update_user(found[1], department=None, display_name="New")
    page = await sdk.users.delta.with_url(page.odata_delta_link).get()
    removed, changed = page.value
    assert removed.additional_data["@removed"] == {"reason": "changed"}
    assert (changed.display_name, changed.department) == ("New", None)


async def test_the_page_iterator_of_the_sdk_stops_at_an_empty_page_and_loses_the_delta_link(url: str) -> None:
    from msgraph_core import PageIterator

    sdk = client(url)
    found: list[str] = []
    iterator = PageIterator(await sdk.users.delta.get(), sdk.request_adapter)
    await iterator.iterate(lambda user: found.append(user.id) is None)
    assert len(found) < 5
    assert not iterator.delta_link


async def test_a_group_spread_over_pages_has_its_members_in_the_additional_data(graph: Graph, url: str) -> None:
    graph.quirks = Quirks(members_per_page=2)
    group = graph.tenant.new_group("Jira Users", graph.tenant.users)
    sdk = client(url)
    page = await sdk.groups.delta.get()
    members = list(page.value[0].additional_data["members@delta"])
    while page.odata_next_link:
        page = await sdk.groups.delta.with_url(page.odata_next_link).get()
        members += page.value[0].additional_data["members@delta"]
        assert page.value[0].id == group.id
    # What has no model is guessed: a text that looks like a GUID is one.
    assert [type(member["id"]).__name__ for member in members] == ["UUID"] * 5
    assert [str(member["id"]) for member in members] == list(graph.tenant.users)


async def test_extension_properties_are_guessed_to_be_dates_and_guids(graph: Graph, url: str) -> None:
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from msgraph.generated.users.users_request_builder import UsersRequestBuilder

    ann, *_ = graph.tenant.users
    badge = "extension_1_badge"
    graph.tenant.update_user(ann, further={badge: "2026-01-02"})
    query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(select=["id", badge], top=1)
    sdk = client(url)
    (typed,) = (await sdk.users.get(RequestConfiguration(query_parameters=query))).value
    assert type(typed.additional_data[badge]).__name__ == "datetime"
    untouched = await sdk.users.get(RequestConfiguration(query_parameters=query, options=[raw()]))
    assert untouched.json()["value"] == [{"id": ann, badge: "2026-01-02"}]


async def test_an_expired_token_raises_with_the_place_to_begin_anew(graph: Graph, url: str) -> None:
    from msgraph.generated.models.o_data_errors.o_data_error import ODataError

    graph.quirks = Quirks()
    sdk = client(url)
    link = (await sdk.users.delta.get()).odata_delta_link
    graph.expire_delta_tokens()
    with pytest.raises(ODataError) as raised:
        await sdk.users.delta.with_url(link).get()
    error = raised.value
    assert (error.response_status_code, error.error.code) == (410, "syncStateNotFound")
    assert error.response_headers["location"].endswith("/users/delta?$deltatoken=")
    assert error.error.inner_error.request_id


async def test_assignments_members_and_deleted_users_are_parsed(graph: Graph, url: str) -> None:
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from msgraph.generated.groups.item.transitive_members.graph_user.graph_user_request_builder import (
        GraphUserRequestBuilder,
    )

    tenant = graph.tenant
    first, second, *_ = tenant.users
    inner = tenant.new_group("Inner", [first])
    outer = tenant.new_group("Outer", [second, inner.id])
    tenant.add_application(ENTERPRISE_APP)
    tenant.assign(ENTERPRISE_APP.id, outer.id)
    sdk = client(url)
    app = await sdk.service_principals_with_app_id(ENTERPRISE_APP.app_id).get()
    (row,) = (await sdk.service_principals.by_service_principal_id(app.id).app_role_assigned_to.get()).value
    assert (str(row.principal_id), row.principal_type) == (outer.id, "Group")
    kinds = [each.odata_type for each in (await sdk.groups.by_group_id(outer.id).members.get()).value]
    assert kinds == ["#microsoft.graph.user", "#microsoft.graph.group"]
    query = GraphUserRequestBuilder.GraphUserRequestBuilderGetQueryParameters(count=True, select=["id"])
    configuration = RequestConfiguration(query_parameters=query)
    configuration.headers.add("ConsistencyLevel", "eventual")
    found = await sdk.groups.by_group_id(outer.id).transitive_members.graph_user.get(configuration)
    assert {user.id for user in found.value} == {first, second}
    assert found.odata_count == 2
    with graph.editing():
        tenant.delete_user(first)
    deleted = await sdk.directory.deleted_items.graph_user.get()
    assert [user.id for user in deleted.value] == [first]


async def test_a_link_drops_the_headers_of_the_first_call(graph: Graph, url: str) -> None:
    from kiota_abstractions.base_request_configuration import RequestConfiguration

    sdk = client(url)
    link = (await sdk.users.delta.get()).odata_next_link
    for headers, applied in (({}, None), ({"Prefer": "return=minimal"}, "return=minimal")):
        configuration = RequestConfiguration(options=[raw()])
        for name, value in headers.items():
            configuration.headers.add(name, value)
        answer = await sdk.users.delta.with_url(link).get(configuration)
        assert answer.headers.get("preference-applied") == applied


async def test_the_raw_answer_keeps_null_apart_from_absent_and_raises_nothing(graph: Graph, url: str) -> None:
    from kiota_abstractions.base_request_configuration import RequestConfiguration

    graph.quirks = Quirks()
    ann, *_ = graph.tenant.users
    sdk = client(url)
    link = (await sdk.users.delta.get()).odata_delta_link
    with graph.editing() as tenant:
        tenant.update_user(ann, mail="a@b.example")
        tenant.update_user(ann, mail=None)
    configuration = RequestConfiguration(options=[raw()])
    configuration.headers.add("Prefer", "return=minimal")
    assert (await sdk.users.delta.with_url(link).get(configuration)).json()["value"] == [{"id": ann, "mail": None}]
    typed = (await sdk.users.delta.with_url(link).get()).value[0]
    assert typed.mail is None
    assert typed.mobile_phone is None
    graph.expire_delta_tokens()
    assert (await sdk.users.delta.with_url(link).get(configuration)).status_code == 410


async def test_the_sdk_waits_by_itself_unless_told_not_to(graph: Graph, url: str) -> None:
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from msgraph.generated.models.o_data_errors.o_data_error import ODataError

    sdk = client(url)
    graph.throttle_next(1, retry_after=1)
    assert len((await sdk.users.get()).value) == 5
    assert graph.requests["GET", "users"] == 2
    graph.throttle_next(1, retry_after=17)
    with pytest.raises(ODataError) as raised:
        await sdk.users.get(RequestConfiguration(options=[no_retry()]))
    assert raised.value.response_status_code == 429
    assert raised.value.response_headers["retry-after"] == "17"


async def test_a_batch_is_sent_as_bare_json_through_the_adapter(graph: Graph, url: str) -> None:
    import orjson
    from kiota_abstractions.method import Method
    from kiota_abstractions.request_information import RequestInformation

    request = RequestInformation(Method.POST, "{+baseurl}/$batch", {"baseurl": f"{url}/v1.0"})
    requests = [{"id": str(n), "method": "GET", "url": f"/users/{user}"} for n, user in enumerate(graph.tenant.users)]
    request.set_stream_content(orjson.dumps({"requests": requests}), "application/json")
    content = await adapter(url).send_primitive_async(request, "bytes", {})
    assert sorted(each["status"] for each in orjson.loads(content)["responses"]) == [200] * 5
