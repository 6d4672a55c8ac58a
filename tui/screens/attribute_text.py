"""The attributes of a provider's users in words: what rules can use, with what people really have there."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from core.config.settings import ProviderSettings
from core.store import graph_facts
from core.store.attribute_samples import Samples, samples
from core.store.graph_facts import Fact, told
from tui.counting import counted
from tui.screens.provider_lines import labelled, paragraph
from tui.widgets.page import Line, Words, line


@dataclass(frozen=True, slots=True)
class Attributes:
    """What is known of the users of one provider, and of its directory."""

    provider: ProviderSettings
    samples: Samples
    facts: Mapping[str, Fact]
    """What is known of the directory as a whole."""


def read_attributes(connection: Connection, provider: ProviderSettings) -> Attributes:
    """Read them from the newest users."""
    facts = graph_facts.known(connection, provider.name) if provider.graph is not None else {}
    return Attributes(provider, samples(connection, provider.name), facts)


def attribute_lines(attributes: Attributes, width: int) -> list[Line]:
    """Each attribute with how many have it and what stands there; before them what is known of the directory."""
    provider, found, facts = attributes.provider, attributes.samples, attributes.facts
    rows = [line(Words(f" What rules can use of users of {provider.name}", "page--title"))]
    for fact, known in facts.items():
        rows += labelled(fact, told(fact, known), width)
    if not found.attributes:
        return [*rows, line(Words("   It has no users yet.", "page--dim"))]
    rows.append(line(Words(f"   from {counted(found.looked_at, 'user')}, the newest", "page--dim")))
    for each in found.attributes:
        rows.append(line(f"   {each.name}", Words(f"  {counted(each.users, 'user')}", "page--dim")))
        rows += paragraph(" · ".join(each.values), 5, width, "page--dim")
    if provider.graph is not None and not provider.graph.details:
        text = "details = true in [provider.graph] brings manager, company, domain, roles and licences, too."
        rows += paragraph(text, 1, width, "page--key")
    return rows
