"""A provider and a target with groups on both sides, and mappings between them: what the stories begin with."""

from collections.abc import Mapping, Sequence
from itertools import count

from console_stories import CONFIG

from core.planning.names import account_key, group_key
from core.planning.values import Account, TargetGroup
from core.store import Store, Transaction, identities, links, member_rows, observed, runs

MANUAL = f"""\
{CONFIG}
[target.groups]
mode = "manual"  # as of May

# Engineering, as Ada asked.
[[target.groups.map]]
idp = "Engineering"
target = "wiki-users"

# The editors.
[[target.groups.map]]
idp = ["Wiki *", "Gone"]
target = ["editors", "reviewers"]
keep_existing_members = false
"""
PEOPLE = ("ada", "bob", "cara", "dan", "eve")
GROUPS: Mapping[str, Sequence[str]] = {
    "Engineering": ("ada", "bob"),
    "Sales": ("cara",),
    "Wiki Editors": ("ada",),
    "Wiki Readers": ("bob", "cara"),
    "Test One": (),
}
AT_TARGET: Mapping[str, Sequence[str]] = {
    "wiki-users": ("ada", "dan"),
    "editors": ("dan",),
    "confluence-administrators": ("eve",),
}


def fill(
    store: Store,
    people: Sequence[str] = PEOPLE,
    groups: Mapping[str, Sequence[str]] = GROUPS,
    at_target: Mapping[str, Sequence[str]] = AT_TARGET,
) -> None:
    """People who all have an account, groups of the provider, and groups of the target, which was read whole."""

    def write(tx: Transaction) -> None:
        made = {name: identities.create(tx, "entra", "User", _user(name)) for name in people}
        for name, members in groups.items():
            group = identities.create(tx, "entra", "Group", {"displayName": name})
            member_rows.add(tx, group.key, [(False, made[member].key, None) for member in members])
        _see(tx, people, at_target)
        run = runs.start(tx, "wiki", "schedule", "all", "engine")
        for number, name in zip(count(1), people, strict=False):
            links.put(tx, "wiki", made[name].id, f"a{number}", name, account_key(name), "created", run)
        runs.note_read(tx, run, len(people))
        runs.finish(tx, run, "done")

    store.writer.write_now(write)


def _see(tx: Transaction, people: Sequence[str], at_target: Mapping[str, Sequence[str]]) -> None:
    inside = {name: frozenset(group_key(group) for group, has in at_target.items() if name in has) for name in people}
    accounts = [
        Account(f"a{number}", name, account_key(name), name.title(), f"{name}@contoso.example", True, inside[name])
        for number, name in zip(count(1), people, strict=False)
    ]
    observed.see_groups(tx, "wiki", [TargetGroup(name, group_key(name)) for name in at_target])
    observed.see_accounts(tx, "wiki", accounts)
    observed.see_members(tx, "wiki", [(group_key(name), len(members)) for name, members in at_target.items()])


def _user(name: str) -> dict[str, object]:
    mail = f"{name}@contoso.example"
    return {
        "userName": name,
        "displayName": name.title(),
        "active": True,
        "emails": [{"type": "work", "value": mail}],
    }
