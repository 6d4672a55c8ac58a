"""The rules about one user, asked one by one: its record, its values, scope, matching, leaving and staying."""

from collections.abc import Iterator
from dataclasses import replace

from core.planning.changes import ChangeKind
from core.planning.explaining import Basis, Step, protection, verdict
from core.planning.globs import matching_glob
from core.planning.leavers import goes
from core.planning.mapping import MappedUser, map_user, map_value
from core.planning.matching import BY, matches
from core.planning.names import account_key, normalised
from core.planning.probes import withheld
from core.planning.rules import ANSWER, UserAnswers, UserRules, UserScope, ValueRule
from core.planning.scope import failing, holds, scope_of
from core.planning.staying import wants_rename
from core.planning.user_decisions import grace_ends, is_leaver, is_present
from core.planning.values import Account, SourceUser
from core.planning.wording import called, counted, listed


def explain_user(found: Basis, user_id: str) -> tuple[Step, ...]:
    """Every rule of `[target.users]` that is asked about a user, in the order of the questions."""
    user, rules = found.lookup.users[user_id], found.rules.users
    mapped = map_user(user, rules)
    is_in_scope = scope_of(found.lookup, rules.scope, found.rules.groups.nested)(user)
    leaves = is_leaver(user, rules, lambda _: is_in_scope)
    account = found.account_of(user_id)
    names = dict.fromkeys(filter(None, (account.name if account else None, mapped.username)))
    stays = is_in_scope and not leaves
    return (
        _record(user, rules),
        *_answered(user, rules.answers),
        *_values(found, user),
        *_scope(found, user, is_in_scope=is_in_scope),
        *_newcomer(found, mapped, is_in_scope=is_in_scope, leaves=leaves),
        *(_leaving(found, user, account, leaves=leaves) if not mapped.skipped_by else ()),
        *(_staying(found, mapped, account) if account and stays and not mapped.skipped_by else ()),
        protection("users.protect", rules.protect, names),
    )


def _record(user: SourceUser, rules: UserRules) -> Step:
    who = f"{called(user)} ({user.user_name})"
    if user.deleted:
        return Step("record", "no", f"{who} is deleted at the IdP.", user.gone_at, user.exchange)
    if not user.active:
        return Step("record", "no", f"{who} is inactive at the IdP.", user.gone_at, user.exchange)
    if user.missed_reads:
        reads = counted(user.missed_reads, "complete read")
        text = f"{who} was missing from {reads} of the IdP; {rules.missed_reads} make it gone (users.missed_reads)."
        return Step("record", "yes" if is_present(user, rules) else "no", text, user.gone_at, user.exchange)
    return Step("record", "yes", f"{who} is active at the IdP.", None, user.exchange)


def _answered(user: SourceUser, answers: UserAnswers) -> Iterator[Step]:
    """What admins answered to conflicts about a user, as far as it stands: it goes before the rules."""
    if user.id in answers.left_out:
        yield Step(ANSWER, "no", "An admin answered to leave this user out: account and memberships stay as they are.")
    for given, what in ((answers.names, "account name"), (answers.display_names, "display name")):
        if user.id in given:
            yield Step(ANSWER, "yes", f"An admin gave the {what} '{given[user.id]}', whatever the mapping makes.")
    if user.id in answers.linked:
        yield Step(ANSWER, "yes", f"An admin gave the account with the id {answers.linked[user.id]}.")
    if user.id in answers.successors:
        yield Step(ANSWER, "yes", f"An admin gives what the account leads to '{answers.successors[user.id]}'.")


def _values(found: Basis, user: SourceUser) -> Iterator[Step]:
    rules, able = found.rules.users, found.world.capabilities.attributes
    for name, rule in (("username", rules.username), ("email", rules.email), ("display_name", rules.display_name)):
        yield explain_value(f"users.{name}", rule, user)
    for name, rule in sorted(rules.attributes.items()):
        step = explain_value(f"users.attributes.{name}", rule, user)
        yield step if name in able else Step(step.rule, "n/a", "Accounts of this product have no such attribute.")


def explain_value(name: str, rule: ValueRule, user: SourceUser) -> Step:
    """What a rule makes of a user's attribute, and how."""
    source = user.user_name if rule.source == "userName" else user.attributes.get(rule.source)
    made = map_value(rule, source)
    is_matched = not map_value(replace(rule, no_match="skip-user"), source).skip_user
    what = f"{rule.source} is '{source}'" if source and source.strip() else f"{rule.source} is empty"
    how = "" if rule.match is None else f", which {'matches' if is_matched else 'does not match'} '{rule.match}'"
    if made.clear or not is_matched:
        how += f', and no_match is "{rule.no_match}"'
    if made.skip_user:
        return Step(name, "no", f"{what}{how}: the whole user is left out.")
    if made.clear:
        return Step(name, "yes", f"{what}{how}: the value is emptied.")
    if made.value is None:
        return Step(name, "no", f"{what}{how}: it gives no value, so what an account has stays.")
    return Step(name, "yes", f"{what}{how}: it gives '{made.value}'.")


def _scope(found: Basis, user: SourceUser, *, is_in_scope: bool) -> Iterator[Step]:
    rules = found.rules.users
    scope, names = rules.scope, found.groups_of(user)
    if scope == UserScope():
        yield Step("users.scope", "n/a", "There is no scope: every user is in it.")
        return
    for check in scope.where:
        value = user.user_name if check.attribute == "userName" else user.attributes.get(check.attribute, "")
        pattern = f"match '{check.match}'" if check.match is not None else f"not_match '{check.not_match}'"
        yield Step("users.scope.where", verdict(holds(check, user)), f"{check.attribute} is '{value}'; {pattern}.")
    if scope.groups:
        within = sorted(name for name in names.values() if matching_glob(scope.groups, name))
        text = f"It is in {listed(within)}." if within else "It is in none of the IdP groups that it names."
        yield Step("users.scope.groups", verdict(bool(within)), text)
    if scope.exclude_groups:
        within = sorted(name for name in names.values() if matching_glob(scope.exclude_groups, name))
        text = f"It is in {listed(within)}." if within else "It is in none of the IdP groups that it names."
        yield Step("users.scope.exclude_groups", verdict(not within), text)
    reason = failing(scope, user, names)
    yield Step("users.scope", verdict(is_in_scope), "In scope." if is_in_scope else f"Out of scope: {reason}.")
    if not is_in_scope:
        is_kept = rules.when_out_of_scope == "keep" and is_present(user, rules)
        result = "an account that it has stays as it is" if is_kept else "an account that it has is a leaver's"
        gone = "" if is_present(user, rules) else ", and gone at the IdP"
        yield Step("users.when_out_of_scope", "yes", f'It is "{rules.when_out_of_scope}"{gone}: {result}.')


def _newcomer(found: Basis, mapped: MappedUser, *, is_in_scope: bool, leaves: bool) -> Iterator[Step]:
    user = mapped.user
    link = found.lookup.links.get(user.id)
    if link is not None:
        yield Step("users.matching", "n/a", f"It is linked to '{link.account_name}' already, by immutable ids.")
        return
    if leaves or not is_in_scope or mapped.skipped_by:
        yield Step("users.create", "n/a", "It has no account here, and gets none as it is.")
        return
    if topic := withheld(user, found.world.probes):
        yield Step("provider.probes", "no", f"{topic.text}.")
        return
    is_matched = False
    for criterion in found.rules.users.matching:
        step = _criterion(found, mapped, criterion, is_over=is_matched)
        is_matched = is_matched or step.verdict == "yes"
        yield step
    if not is_matched:
        on = found.rules.users.create
        yield Step("users.create", verdict(on), "A new account is made." if on else "It is off: no account is made.")


def _criterion(found: Basis, mapped: MappedUser, criterion: str, *, is_over: bool) -> Step:
    by = BY.get(criterion, "name")
    if is_over:
        return Step("users.matching", "n/a", f"By {by}: not asked, since a criterion before it decided.")
    if criterion == "username":
        key = account_key(normalised(mapped.username or ""))
        account = found.lookup.accounts_by_key.get(key)
        is_there = bool(mapped.username) and found.lookup.is_taken(key)
        name = account.name if account else mapped.username
        text = f"the account '{name}' is there" if is_there else f"no account is named '{mapped.username or ''}'"
        return Step("users.matching", verdict(is_there), f"By {by}: {text}.")
    alone = replace(found.rules.users, matching=(criterion,))  # type: ignore[arg-type]
    match = matches(found.lookup, [mapped], alone).of_user.get(mapped.user.id)
    if match is None:
        return Step("users.matching", "no", f"By {by}: no account that is nobody's has it.")
    names = listed([f"'{account.name}'" for account in match.accounts])
    return Step("users.matching", "yes", f"By {by}: {names}.")


def _leaving(found: Basis, user: SourceUser, account: Account | None, *, leaves: bool) -> Iterator[Step]:
    rules = found.rules.users
    if not leaves:
        yield Step("users.when_inactive", "n/a", "It is active: it is asked once the IdP deactivates or deletes it.")
        return
    if user.id not in found.lookup.links:
        yield Step("users.when_inactive", "n/a", "No account was ever linked to it, so none is taken away.")
        return
    if account is None:
        yield Step("users.when_inactive", "n/a", "Its account is not at the target any more.")
        return
    ends = grace_ends(user, rules, found.world.now)
    if ends is not None:
        yield Step("users.grace", "yes", f"Nothing is done before its grace of {rules.grace} s ends.", ends)
        yield Step("users.when_inactive", "n/a", f'It is "{rules.when_inactive}", which waits for that.')
        return
    yield Step("users.grace", "n/a", "It is over." if rules.grace and user.gone_at else "There is none.")
    yield _end(found, account)


def _end(found: Basis, account: Account) -> Step:
    wish, reason = found.rules.users.when_inactive, found.world.capabilities.delete_user
    if goes(wish, account, found.world.capabilities):
        instead = f" Deactivated instead: {reason}" if wish == "delete" and reason else ""
        return Step("users.when_inactive", "yes", f'It is "{wish}".{instead}')
    if wish == "keep":
        return Step("users.when_inactive", "no", 'It is "keep": the account stays as it is.')
    return Step("users.when_inactive", "yes", f'It is "{wish}", and the account is inactive already.')


def _staying(found: Basis, mapped: MappedUser, account: Account) -> Iterator[Step]:
    rules = found.rules.users
    if account.active:
        yield Step("users.reactivate", "n/a", "The account is active.")
    else:
        yield Step("users.reactivate", verdict(rules.reactivate), "The account is inactive." + _off(rules.reactivate))
    kinds = {change.kind for change in found.users.changes if change.user_id == mapped.user.id}
    if not rules.update:
        yield Step("users.update", "no", "It is off: the account's values are left alone.")
    elif ChangeKind.UPDATE_ACCOUNT in kinds:
        yield Step("users.update", "yes", "The account's values differ from those above.")
    elif any(conflict.user_id == mapped.user.id for conflict in found.users.conflicts):
        yield Step("users.update", "n/a", "A conflict is in the way.")
    else:
        yield Step("users.update", "n/a", "The account has the values above.")
    if not wants_rename(mapped, account):
        yield Step("users.rename", "n/a", f"The account is called '{account.name}', as it is to be.")
        return
    text = f"The account is called '{account.name}' and is to be '{mapped.username}'."
    reason = found.world.capabilities.rename_user
    if rules.rename and reason:
        yield Step("users.rename", "no", f"{text} {reason}")
    else:
        yield Step("users.rename", verdict(rules.rename), text + _off(rules.rename))


def _off(is_on: bool) -> str:
    return "" if is_on else " It is off."
