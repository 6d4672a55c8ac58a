"""The rules about a target group, asked one by one: what feeds it, whether it is made, and who is taken out of it."""

from collections.abc import Iterator, Mapping

from core.planning.changes import Change
from core.planning.defaults import FOR_ALL, FOR_NEW
from core.planning.explaining import NOTHING, Basis, Step, coming, protection
from core.planning.globs import matching_glob
from core.planning.manual import is_glob
from core.planning.names import group_key, normalised
from core.planning.on_the_fly import made_name
from core.planning.probes import withheld
from core.planning.rules import ANSWER, OnTheFly
from core.planning.values import SourceGroup
from core.planning.wording import counted, listed


def explain_group(found: Basis, key: str) -> tuple[Step, ...]:
    """Every rule of `[target.groups]` that is asked about a target group, by the key of its name."""
    return (
        *_mapping(found, key),
        *_existence(found, key),
        *default_steps(found, key, is_holder=True, is_new=True),
        _taking(found, key),
        protection("groups.protect", found.rules.groups.protect, (name_of(found, key),)),
    )


def coming_for_group(found: Basis, key: str) -> tuple[Step, ...]:
    """What the next plan would do about a target group; of its members, only how many come and go."""
    changes = [change for change in found.plan.changes if group_key(change.group or "") == key]
    own = [change for change in changes if change.account is None]
    sources = concerned(found, key)
    subjects = frozenset({f"target-group:{key}"} | {f"group:{group_id}" for group_id in sources})
    names = frozenset({name_of(found, key)} | {normalised(group.display_name) for group in sources.values()})
    return (*coming(found, own, subjects, names), *_members(changes)) or (NOTHING,)


def concerned(found: Basis, key: str) -> Mapping[str, SourceGroup]:
    """The IdP groups that feed a target group, that did, or that have its name, by id."""
    ids = {group_id for group_id, fed in found.feeding.fed.items() if any(each.key == key for each in fed)}
    ids |= found.lookup.feeders(key)
    for group_id, group in found.lookup.groups.items():
        made = made_name(group, found.rules.groups.on_the_fly) if found.rules.groups.mode == "on-the-fly" else None
        if key in (group_key(group.display_name), group_key(made or "")):
            ids.add(group_id)
    return {group_id: found.lookup.groups[group_id] for group_id in sorted(ids & found.lookup.groups.keys())}


def name_of(found: Basis, key: str) -> str:
    """A target group's name, as the target writes it or as it would be made."""
    if key in found.lookup.target_groups:
        return found.lookup.target_groups[key].name
    fed = (each for groups in found.feeding.fed.values() for each in groups)
    return next((each.name for each in fed if each.key == key), key)


def _mapping(found: Basis, key: str) -> Iterator[Step]:
    mode = found.rules.groups.mode
    if mode == "off":
        yield Step("groups.mode", "no", 'It is "off": the IdP\'s groups are left alone.')
        return
    sources = concerned(found, key)
    for group in sources.values():
        yield group_record(group)
        if not group.deleted and mode == "on-the-fly":
            yield from on_the_fly_steps(found, group, key)
    if mode == "manual":
        yield from _maps(found, key)
    if not sources:
        yield Step("record", "no", "No IdP group feeds it, did so, or has its name.")


def group_record(group: SourceGroup) -> Step:
    """What the IdP says of a group."""
    state = "is deleted at the IdP" if group.deleted else "is there"
    return Step(
        "record", "no" if group.deleted else "yes", f"IdP group '{group.display_name}' {state}.", None, group.exchange
    )


def on_the_fly_steps(found: Basis, group: SourceGroup, key: str) -> Iterator[Step]:
    """Whether an IdP group is mapped on the fly, to which name, and whether that is this target group."""
    rules, rule = found.rules.groups.on_the_fly, "groups.on_the_fly"
    name = normalised(group.display_name)
    included, excluded = matching_glob(rules.include, name), matching_glob(rules.exclude, name)
    if included is None:
        yield Step(f"{rule}.include", "no", f"No pattern of it names '{name}'.")
        return
    yield Step(f"{rule}.include", "yes", f"'{included}' names '{name}'.")
    if excluded is not None:
        yield Step(f"{rule}.exclude", "no", f"'{excluded}' names '{name}': it is not mapped.")
        return
    if topic := withheld(group, found.world.probes):
        yield Step("provider.probes", "no", f"{topic.text}.")
        return
    yield from _named(rules, group)
    if any(each.key == key for each in found.feeding.fed.get(group.id, ())):
        yield Step(rule, "yes", f"'{name}' feeds '{name_of(found, key)}'{_followed(found, group, key)}.")
    else:
        fed = found.feeding.fed.get(group.id, ())
        other = f": it feeds '{fed[0].name}'" if fed else ""
        yield Step(rule, "no", f"'{name}' does not feed '{name_of(found, key)}'{other}.")


def _named(rules: OnTheFly, group: SourceGroup) -> Iterator[Step]:
    if (given := rules.answers.names.get(group.id)) is not None:
        yield Step(ANSWER, "yes", f"An admin mapped '{group.display_name}' to '{given}', whatever the rules make.")
        return
    if rules.match is None:
        return
    made = made_name(group, rules)
    if made is None:
        yield Step("groups.on_the_fly.match", "no", f"'{rules.match}' does not match, and no_match is skip-group.")
    else:
        yield Step("groups.on_the_fly.match", "yes", f"'{rules.match}' makes '{made}' of '{group.display_name}'.")


def _followed(found: Basis, group: SourceGroup, key: str) -> str:
    """That it is known by its id, where its name says something else."""
    made = made_name(group, found.rules.groups.on_the_fly)
    is_linked = key in found.lookup.fed_by(group.id)
    return ", which it is linked to by its id" if is_linked and group_key(made or "") != key else ""


def _maps(found: Basis, key: str) -> Iterator[Step]:
    theirs = [each for each in found.rules.groups.map if key in map(group_key, each.target)]
    if not theirs:
        yield Step("groups.map", "no", "No [[target.groups.map]] names it as a target.")
    feeding = {group_id for group_id, fed in found.feeding.fed.items() if any(each.key == key for each in fed)}
    names = sorted(found.lookup.groups[group_id].display_name for group_id in feeding)
    for mapping in theirs:
        text = f"It takes the members of {listed([_quoted(name) for name in mapping.idp])}"
        yield Step("groups.map", "yes", f"{text}{'' if mapping.keep_existing_members else ', and keeps nobody else'}.")
    if theirs:
        text = f"IdP groups that feed it: {listed(names, shown=20)}." if names else "No IdP group feeds it now."
        yield Step("groups.map", "yes" if names else "no", text)


def _quoted(name: str) -> str:
    return f"all that '{name}' matches" if is_glob(name) else f"'{name}'"


def _existence(found: Basis, key: str) -> Iterator[Step]:
    if key in found.lookup.target_groups:
        yield Step("groups.create_missing", "n/a", "The group is at the target.")
        return
    rules = found.rules.groups
    is_fly = rules.mode == "on-the-fly" and any(each.key == key for fed in found.feeding.fed.values() for each in fed)
    on = rules.on_the_fly.create_missing if is_fly else rules.create_missing
    rule = "groups.on_the_fly.create_missing" if is_fly else "groups.create_missing"
    yield Step(rule, "yes" if on else "no", "The group is not at the target." + ("" if on else " It is off."))


def default_steps(found: Basis, key: str, *, is_holder: bool, is_new: bool) -> Iterator[Step]:
    """Which defaults name a target group, and whether they are for this account."""
    rules = found.rules.groups
    for rule, names, is_asked in (
        (FOR_ALL, rules.default_for_all, is_holder),
        (FOR_NEW, rules.default_for_new, is_new),
    ):
        if key not in map(group_key, names):
            yield Step(rule, "n/a", "It does not name this group.")
        elif is_asked:
            yield Step(rule, "yes", "It names this group.")
        else:
            yield Step(rule, "n/a", "It names this group, and does not apply to this account now.")


def _taking(found: Basis, key: str) -> Step:
    """What becomes of members that no rule gives."""
    rule = keeping_rule(found)
    if key in found.feeding.frozen:
        return Step(rule, "n/a", "Nobody is taken out while a conflict about its name or its IdP group is open.")
    if key in found.feeding.emptied:
        return Step(rule, "no", "It is off: linked accounts that no rule puts into it are taken out.")
    return Step(rule, "yes", "Only who was added by manciple is taken out, once no rule gives the membership.")


def keeping_rule(found: Basis) -> str:
    """The setting that keeps members whom manciple did not add."""
    is_manual = found.rules.groups.mode == "manual"
    return "groups.map.keep_existing_members" if is_manual else "groups.on_the_fly.keep_existing_groups"


def _members(changes: list[Change]) -> Iterator[Step]:
    for kind, verb in (("add-member", "Adds"), ("remove-member", "Removes")):
        theirs = [change for change in changes if change.kind == kind]
        if theirs:
            names = listed(sorted(change.account or "" for change in theirs))
            yield Step(theirs[0].because.rule, "yes", f"{verb} {counted(len(theirs), 'member')}: {names}.")
