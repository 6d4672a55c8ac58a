"""The tenant itself: organisation, domains, and the licences it has bought.

Source: Microsoft Graph REST API v1.0 reference, organization, domain and subscribedSku.
"""

from collections import Counter
from collections.abc import Iterable

from core.sandbox.graph.call import Call, Reply
from core.sandbox.graph.endpoint import DOMAINS, LICENCES, ORGANISATION, Endpoint

_COMMON = {"isVerified": True, "isAdminManaged": True, "authenticationType": "Managed"}


def endpoints() -> Iterable[Endpoint]:
    """The endpoints about the tenant."""
    return [
        Endpoint("GET", "organization", _organisation, ORGANISATION),
        Endpoint("GET", "domains", _domains, DOMAINS),
        Endpoint("GET", "subscribedSkus", _skus, LICENCES),
    ]


def _names(call: Call) -> tuple[str, str]:
    """The default domain, and the one that the tenant was born with."""
    domain = call.state.tenant.domain
    return domain, f"{domain.partition('.')[0]}.onmicrosoft.com"


def _organisation(call: Call) -> Reply:
    settings = call.state.settings
    domains = [
        {"name": name, "isDefault": not initial, "isInitial": bool(initial), "type": "Managed", "capabilities": "Email"}
        for initial, name in enumerate(_names(call))
    ]
    organisation: dict[str, object] = {
        "id": settings.tenant_id,
        "displayName": settings.organisation,
        "countryLetterCode": "GB",
        "createdDateTime": "2019-04-01T08:00:00Z",
        "tenantType": "AAD",
        "onPremisesSyncEnabled": None,
        "verifiedDomains": domains,
    }
    return _value(call, "organization", [organisation])


def _domains(call: Call) -> Reply:
    rows = [
        {"id": name, "isDefault": not initial, "isInitial": bool(initial), "isRoot": True, **_COMMON}
        for initial, name in enumerate(_names(call))
    ]
    return _value(call, "domains", rows)


def _skus(call: Call) -> Reply:
    tenant = call.state.tenant
    used = Counter(sku for user in tenant.live_users() for sku in user.licences)
    rows = [
        {
            "id": f"{call.state.settings.tenant_id}_{sku.id}",
            "skuId": sku.id,
            "skuPartNumber": sku.part_number,
            "capabilityStatus": "Enabled",
            "appliesTo": "User",
            "consumedUnits": used[sku.id],
            "prepaidUnits": {"enabled": len(tenant.users) + 10, "suspended": 0, "warning": 0},
            "servicePlans": [
                {"servicePlanId": plan, "servicePlanName": name, "provisioningStatus": "Success", "appliesTo": "User"}
                for plan, name in sku.service_plans
            ],
        }
        for sku in tenant.skus
    ]
    return _value(call, "subscribedSkus", rows)


def _value(call: Call, context: str, rows: list[dict[str, object]]) -> Reply:
    return Reply({"@odata.context": f"{call.base}/$metadata#{context}", "value": rows})
