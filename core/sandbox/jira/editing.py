"""What must hold before an account or a group is changed: it is there, its directory can be written, one may."""

from collections.abc import Iterable

from core.sandbox.embedded_crowd import Account, DirectoryContent
from core.sandbox.jira.access import access_of
from core.sandbox.jira.answers import Refusal
from core.sandbox.jira.endpoint import Access, Call
from core.sandbox.jira.projects import Component, Project
from core.sandbox.jira.state import State

NO_WRITABLE = "Cannot add user, all the user directories are read-only."


def existing_account(state: State, name: str) -> Account:
    """The account of that name.

    :raises Refusal: 404 when there is none.
    """
    account = state.crowd.account(name)
    if account is None:
        raise Refusal(404, f"The user named '{name}' does not exist")
    return account


def existing_group(state: State, name: str) -> str:
    """The name of a group as stored.

    :raises Refusal: 400 without a name, 404 when there is none.
    """
    if not name:
        raise Refusal(400, "The group name is required.")
    stored = state.crowd.group(name)
    if stored is None:
        raise Refusal(404, f"The group named '{name}' does not exist.")
    return stored


def managed_here(state: State) -> None:
    """Refuse while external user management is switched on."""
    if state.settings.external_user_management:
        raise Refusal(
            state.quirks.external_management_status,
            "Users and groups cannot be changed while external user management is switched on.",
        )


def editable(call: Call, name: str) -> tuple[DirectoryContent, Account]:
    """The account with the directory that it counts from.

    :raises Refusal: when it is not there, or may not be edited by this caller or at all.
    """
    state = call.state
    account = existing_account(state, name)
    managed_here(state)
    content = state.crowd.home(name)
    if content is None or not content.directory.writable:
        raise Refusal(400, "Cannot edit user, as the user's directory is read only.")
    if access_of(state, account) == Access.SYSTEM_ADMINISTRATOR and call.access < Access.SYSTEM_ADMINISTRATOR:
        status = state.quirks.edit_sysadmin_status
        raise Refusal(status, "Only system administrators can edit other system administrators.")
    return content, account


def first_writable(state: State) -> DirectoryContent:
    """Where a new user or group lands.

    :raises Refusal: 400 when no directory can be written.
    """
    content = state.crowd.first_writable()
    if content is None:
        raise Refusal(400, NO_WRITABLE)
    return content


def refuse_while_leading(state: State, account: Account) -> None:
    """Refuse to deactivate who leads something, as DefaultUserService does.

    It looks at components first and at projects then, and writes both under the same key: the second text replaces
    the first.

    :raises Refusal: 400.
    """
    projects, components = leading(state, account)
    errors = {}
    if components:
        keys = _listed(component.project for component in components)
        errors["active"] = (
            f"Cannot deactivate user because they are currently a component lead on these projects: {keys}"
        )
    if projects:
        keys = _listed(project.key for project in projects)
        errors["active"] = f"Cannot deactivate user because they are currently project lead on these projects: {keys}"
    if errors:
        raise Refusal(400, errors=errors)


def possible_lead(state: State, name: str, field: str) -> Account:
    """The account that shall lead something.

    :raises Refusal: 400 when there is none of that name that is active; `field` is at fault.
    """
    account = state.crowd.account(name)
    if account is None or not account.active:
        raise Refusal(400, errors={field: f"The user '{name}' does not exist or is not active."})
    return account


def leading(state: State, account: Account) -> tuple[list[Project], list[Component]]:
    """What of an account's leads keeps it from being deactivated."""
    projects, components = state.projects.led_by(account.user_key)
    if state.quirks.archived_lead_blocks:
        return projects, components
    kept = [each for each in components if not state.projects.by_key[each.project].archived]
    return [project for project in projects if not project.archived], kept


def _listed(keys: Iterable[str]) -> str:
    return ", ".join(sorted(set(keys)))
