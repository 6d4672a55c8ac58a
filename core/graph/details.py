"""Details of a user that provisioning by SCIM would not bring: for rules, below a name of their own, `directory.…`.

They are an extension of the document, so that everything else about a user stays byte for byte as by SCIM.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from core.graph.documents import user_name
from core.store import graph_facts, graph_feeds
from core.store.graph_objects import Mirrored

Properties = Mapping[str, Any]
_BETWEEN = ", "

DETAILS: Mapping[str, str] = {
    "companyName": "the company, as the directory has it",
    "employeeType": "the kind of employment",
    "userType": "Member or Guest",
    "officeLocation": "the office",
    "city": "the city of the address",
    "country": "the country of the address",
    "domain": "what stands behind the @ of the userPrincipalName",
    "mailDomain": "what stands behind the @ of the e-mail address",
    "mailDomainVerified": "true where that is a verified domain of the tenant, else false",
    "tenant": "the tenant's display name",
    "tenantId": "the tenant's id",
    "managerName": "the manager's display name",
    "managerMail": "the manager's e-mail address",
    "managerUserName": "the manager's userName",
    "roles": "the application roles that the user is assigned with, by name, with a comma between",
    "licences": "the licences that are assigned, by part number, with a comma between",
}
"""Name → what it says. Each is `directory.<name>` in rules; one without a value is left out."""
_PLAIN = ("companyName", "employeeType", "userType", "officeLocation", "city", "country")


@dataclass(frozen=True, slots=True)
class DetailsView:
    """What the details of one provider's users are made of, at one moment."""

    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    roles: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Object id of who is assigned to the application → ids of the roles."""

    def of(self, user: Mirrored, groups: Collection[str], manager: Mirrored | None) -> dict[str, str]:
        """The details of a user who is a member of `groups`."""
        properties = user.document
        details: dict[str, Any] = {name: properties.get(name) for name in _PLAIN}
        details |= self._domains(properties)
        details |= _of_manager(manager.document if manager is not None else {})
        details["roles"] = self._roles({user.id, *groups})
        details["licences"] = self._named("licences", _licences(properties))
        return {name: details[name] for name in DETAILS if isinstance(details.get(name), str) and details[name]}

    def _domains(self, properties: Properties) -> dict[str, Any]:
        tenant = self.facts.get("tenant", {})
        domain, mail = _domain(properties.get("userPrincipalName")), _domain(properties.get("mail"))
        domains = {str(each).casefold() for each in tenant.get("domains") or ()}
        verified = str(mail.casefold() in domains).lower() if mail and domains else ""
        known = {"tenant": tenant.get("name"), "tenantId": tenant.get("id")}
        return known | {"domain": domain, "mailDomain": mail, "mailDomainVerified": verified}

    def _roles(self, principals: Collection[str]) -> str:
        return self._named("roles", {role for each in principals for role in self.roles.get(each, ())})

    def _named(self, fact: str, ids: Collection[str]) -> str:
        names = self.facts.get(fact, {})
        # A role without a name is the default access, which says no more than that somebody is assigned.
        return _BETWEEN.join(sorted({str(names[each]) for each in ids if names.get(each)}))


def details_of(connection: Connection, provider: str) -> DetailsView:
    """What is known at present."""
    facts = {name: fact.value for name, fact in graph_facts.known(connection, provider).items()}
    readable = {name: value for name, value in facts.items() if graph_facts.REFUSED not in value}
    return DetailsView(readable, graph_feeds.roles(connection, provider))


def _of_manager(manager: Properties) -> dict[str, Any]:
    if not manager.get("userPrincipalName"):
        return {}
    return {
        "managerName": manager.get("displayName"),
        "managerMail": manager.get("mail"),
        "managerUserName": user_name(manager),
    }


def _licences(properties: Properties) -> list[str]:
    held = properties.get("assignedLicenses")
    return [str(each.get("skuId")) for each in held if isinstance(each, dict)] if isinstance(held, list) else []


def _domain(address: object) -> str:
    return str(address).rpartition("@")[2] if isinstance(address, str) and "@" in address else ""
