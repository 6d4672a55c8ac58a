"""`manciple attributes`: what rules can use of the users of a provider, with what people really have there."""

from typing import Annotated

import typer

from core.cli.exits import DONE
from core.cli.naming import manciple
from core.cli.opening import open_store, provider_named, read_config
from core.cli.options import AsJson, ConfigPath, example
from core.cli.output import columns, say, say_all, say_json
from core.cli.table import table
from core.config import ProviderSettings
from core.planning.wording import counted
from core.store import attribute_samples, graph_facts
from core.store.attribute_samples import Samples
from core.store.graph_facts import Fact


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "attributes",
        short_help="What rules can use of users.",
        epilog=example("manciple attributes entra", "manciple attributes entra --json"),
    )(attributes)


def attributes(
    provider: Annotated[str, typer.Argument(metavar="PROVIDER", help="The name of a [[provider]].")],
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> int:
    """List the attributes that the users of a provider have, by the names that rules use, with real values."""
    settings = read_config(config)
    found = provider_named(settings, provider)
    with open_store(settings, make=True) as store, store.read() as connection:
        samples = attribute_samples.samples(connection, found.name)
        facts = graph_facts.known(connection, found.name)
    if as_json:
        say_json(_document(samples, facts))
    else:
        _say(found, samples, facts)
    return DONE


def _say(provider: ProviderSettings, samples: Samples, facts: dict[str, Fact]) -> None:
    for name, fact in facts.items():
        say(f"{name.capitalize():<9} {graph_facts.told(name, fact)}")
    if not samples.attributes:
        first = "pull" if provider.graph is not None else "check"
        say(f"{provider.name} has no users yet. Look: {manciple(f'{first} {provider.name}')}")
        return
    rows = [(each.name, f"{each.users:,}", " · ".join(each.values)) for each in samples.attributes]
    say_all(table(("ATTRIBUTE", "USERS", "VALUES"), rows, right=("USERS",), columns=columns()))
    say(f"From {counted(samples.looked_at, 'user')}; rules call them by these names.")
    if provider.graph is not None and not provider.graph.details:
        say("details = true in [provider.graph] brings manager, company, domain, roles and licences, too.")


def _document(samples: Samples, facts: dict[str, Fact]) -> dict[str, object]:
    return {
        "items": [{"name": each.name, "users": each.users, "values": list(each.values)} for each in samples.attributes],
        "looked_at": samples.looked_at,
        "directory": {name: fact.value for name, fact in facts.items()},
    }
