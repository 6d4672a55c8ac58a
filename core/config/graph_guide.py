"""What an admin does in Entra so that a directory can be read over Microsoft Graph: the steps, in Entra's words.

Names of menus, buttons and fields stand in double quotes. Sources: Microsoft Learn, "Register an application",
"Microsoft Graph permissions reference"; as of 2026.
"""

from core.config.graph_settings import GraphSettings
from core.config.settings import ProviderSettings

CONSOLE = "the Entra admin center, https://entra.microsoft.com (in a national cloud, its own)"


def permissions(provider: ProviderSettings) -> tuple[str, ...]:
    """The application permissions that a provider needs as it is configured, least privileged; none can write."""
    graph, reads = provider.graph or provider.provisioning_log or GraphSettings(), provider.graph is not None
    needs_application = graph.application is not None and (graph.scope == "assigned" or graph.details or not reads)
    wanted = {
        "User.Read.All": reads,
        "Group.Read.All": reads,
        "Application.Read.All": needs_application,
        "Organization.Read.All": reads and graph.details,
        "AuditLog.Read.All": provider.provisioning_log is not None,
    }
    return tuple(name for name, is_wanted in wanted.items() if is_wanted)


def graph_steps(provider: ProviderSettings) -> tuple[str, ...]:
    """One thing to do each, as the provider is configured."""
    graph = provider.graph or GraphSettings()
    steps = (
        '"Entra ID", "App registrations", "New registration": name it, "Accounts in this organizational directory '
        'only", "Register".',
        'From its "Overview" copy "Application (client) ID" as client_id, and "Directory (tenant) ID" as tenant.',
        '"API permissions", "Add a permission", "Microsoft Graph", "Application permissions": tick '
        f'{", ".join(permissions(provider))}; "Add permissions".',
        '"Grant admin consent for …", "Yes": without it the permissions are asked for, and not given.',
        *_sign_in(graph),
    )
    if graph.scope != "assigned":
        return steps
    return (
        *steps,
        '"Enterprise applications", the application whose assignments count: "Users and groups", "Add user/group".',
        'From its "Overview" copy "Application ID" as application.',
    )


def _sign_in(graph: GraphSettings) -> tuple[str, ...]:
    if graph.managed_identity:
        return ("Permissions of a managed identity are granted by PowerShell: see docs/graph.md.",)
    if graph.workload_identity is not None:
        where = '"Certificates & secrets", "Federated credentials", "Add credential"'
        return (f"{where}: issuer and subject of the workload.",)
    if graph.is_by_hand:
        return ('"Authentication": "Allow public client flows", "Yes"; the permissions are then "Delegated" ones.',)
    if graph.credential is not None:
        return (
            '"Certificates & secrets", "Client secrets", "New client secret": its "Value" goes where '
            f"{graph.credential} points; Entra shows it only once.",
        )
    return ('"Certificates & secrets", "Certificates", "Upload certificate": the certificate alone, without its key.',)
