"""The guides of all kinds of IdP. Sources: each vendor's own documentation of its SCIM client, as of 2026."""

from collections.abc import Mapping
from types import MappingProxyType

from core.config.settings import ProviderKind
from core.config.setup_guide import SetupGuide

_ENTRA = SetupGuide(
    "Microsoft Entra ID",
    "the Entra admin center, https://entra.microsoft.com",
    (
        'Go to "Entra ID" (or "Identity", "Applications"), "Enterprise apps", "New application", "Create your own '
        'application".',
        'Name it, choose "Integrate any other application you don\'t find in the gallery (Non-gallery)", "Create".',
        'In the new application: "Provisioning", then "Connect your application" (or "Get started", with the mode '
        '"Automatic").',
        'Enter as "Tenant URL": {base_url}',
        'Enter the token as "Secret token". Where Entra asks for client credentials instead, issue an OAuth client '
        'here, and enter its client id, its secret and the "Token endpoint": {token_endpoint}',
        'Press "Test connection", then "Create" (or "Save").',
    ),
    '"Provisioning", "Test connection"',
    "GET /Users?filter=userName eq a random id, and where groups are mapped GET /Groups alike",
    (
        '"Users and groups", "Add user/group": assign who is to be provisioned.',
        '"Provisioning", "Provision on demand": try one user.',
        '"Start provisioning". The first cycle takes minutes to hours; later ones come every 40 minutes or so.',
    ),
    (
        "Entra calls from the internet, and accepts only a certificate of a public authority.",
        "Members of nested groups are not provisioned.",
        "Both of its PATCH styles are understood: the flag aadOptscim062020 is yours to set or leave.",
    ),
)
_OKTA = SetupGuide(
    "Okta",
    "the Okta Admin Console",
    (
        '"Applications", "Browse App Catalog", "SCIM 2.0 Test App (OAuth Bearer Token)", "Add integration".',
        'Name it, "Next", "Done". Then the tab "Provisioning", "Configure API integration", "Enable API integration".',
        'Enter as "SCIM 2.0 Base Url": {base_url}',
        'Enter the token as "OAuth Bearer Token".',
        'Press "Test API Credentials", then "Save".',
    ),
    '"Provisioning", "Integration", "Test API Credentials"',
    "GET /Users?startIndex=1&count=2",
    (
        '"Provisioning", "To App", "Edit": enable "Create Users", "Update User Attributes" and "Deactivate Users", '
        '"Save".',
        '"Assignments", "Assign": people or groups. One person first shows that it works.',
        '"Push Groups", "Push Groups": choose the groups; to assign a group does not push it.',
    ),
    (
        'An app of your own (SCIM with "HTTP Header") sends the header as you enter it: Bearer, a space and the token. '
        "The token alone is understood too.",
        "Okta deactivates users and never deletes them.",
    ),
)
_ONELOGIN = SetupGuide(
    "OneLogin",
    "the OneLogin administration",
    (
        '"Applications", "Applications", "Add App"; search for "SCIM" and choose "SCIM Provisioner with SAML (SCIM v2 '
        'Enterprise)" (or "Core").',
        'Name it, "Save". Then the tab "Configuration".',
        'Enter as "SCIM Base URL": {base_url}',
        'Enter the token as "SCIM Bearer Token".',
        'The "SCIM JSON Template" needs userName, displayName, name, and emails with type "work"; its schemas begin '
        "with urn:ietf:params:scim:schemas:core:2.0:User.",
        'Under "API Connection" press "Enable", then "Save".',
    ),
    '"Configuration", "API Connection", "Enable"',
    "GET /Users?filter=userName eq a name that nobody has",
    (
        '"Provisioning": tick "Enable provisioning"; what stays ticked under "Require admin approval" waits for you '
        "there.",
        '"Provisioning", "When users are deleted in OneLogin": "Suspend" deactivates, "Delete" deletes.',
        '"Parameters", "Groups": tick "Include in User Provisioning"; "Rules" says who gets which group.',
        '"Access": choose the roles. "Users" shows who was provisioned, and what waits.',
    ),
)
_PING = SetupGuide(
    "Ping Identity (PingOne)",
    "the PingOne admin console",
    (
        '"Integrations", "Provisioning", "+", "New Connection", "Identity Store": "Select".',
        'Choose "SCIM Outbound", "Select", "Next"; name it, "Next".',
        'Enter as "SCIM Base URL": {base_url}',
        '"Users Resource": /Users. "Groups Resource": /Groups. "SCIM Version": 2.0.',
        '"Authentication Method": "OAuth 2 Bearer Token", with the token as "OAuth Access Token", and "Auth Type '
        'Header": "Bearer". Or "OAuth 2 Client Credentials" with an OAuth client issued here; "OAuth Token Request": '
        "{token_endpoint}",
        'Press "Test Connection", then "Continue".',
    ),
    'the connection\'s "Test Connection"',
    "GET /Users",
    (
        'On "Configure preferences": "User Filter Expression" userName Eq "%s"; "Remove Action" "Disable" deactivates.',
        "Switch the connection on with its toggle.",
        '"Provisioning", "Rules", "+", "New Rule": from PingOne to this connection, a user filter, the attribute '
        'mapping and the groups; then switch the rule on. "Sync Status" shows what was sent.',
    ),
    ("PingFederate's SCIM connector is configured with the same URL and token, and updates users by PUT.",),
)
_JUMPCLOUD = SetupGuide(
    "JumpCloud",
    "the JumpCloud Admin Portal",
    (
        '"SSO Applications", "Add New Application", "Custom Application", "Next"; tick "Export users to this app '
        '(Identity Management)", "Next".',
        'Name it, "Save Application", "Configure Application". Then the tab "Identity Management".',
        '"API Type": "SCIM API", "SCIM Version": "SCIM 2.0".',
        'Enter as "Base URL": {base_url}',
        'Enter the token as "Token Key".',
        'Enter an address that no person has as "Test User Email", and the same under probes of this provider in '
        "config.toml.",
        'Press "Test Connection", then "Activate", "Save".',
    ),
    '"Identity Management", "Test Connection"',
    "GET /Users, then a test user and a test group that it creates, changes and deletes",
    (
        'Tick "Enable management of User Groups and Group Membership in this application".',
        '"User Groups": tick the groups whose members are to be provisioned, "Save".',
    ),
    (
        "Its test makes real users and groups for some seconds: new ones wait for two minutes here (the setting hold), "
        "so that they reach no target.",
    ),
)
_GOOGLE = SetupGuide(
    "Google Workspace",
    "the Google Admin console, https://admin.google.com",
    (
        'Google has no SCIM app of your own: "Apps", "Web and mobile apps", "Add app", "Search for apps", and choose '
        "one of the catalogue that takes an endpoint URL and a token for auto-provisioning.",
        "Finish its SAML set-up; if nobody is to log in by it, any values do.",
        'On the page of the app: "Auto-provisioning", "Configure auto-provisioning".',
        'Enter the token as "Access token", "Continue".',
        'Enter as "Endpoint URL": {base_url}',
        'Map "Username" to userName, "Primary email" to emails, first and last name to name, "Continue".',
        'Choose the groups that limit who is provisioned, and after how long leavers are suspended; "Finish".',
    ),
    'switching "Auto-provisioning" on',
    "GET /Users, perhaps with a filter",
    (
        '"User access": switch the app on for the organizational units that are to be provisioned.',
        '"Auto-provisioning": switch it on. Changes come every few hours.',
    ),
    (
        "Google pushes users only: groups limit who comes, and never arrive. Map groups by hand at the target, or "
        "give all users default groups.",
    ),
    pushes_groups=False,
)
_KEYCLOAK = SetupGuide(
    "Keycloak",
    "the Keycloak admin console, with a SCIM client extension",
    (
        "Keycloak itself is no SCIM client: put the jar of one (keycloak-scim) into its providers folder, and restart "
        "it.",
        'In the realm: "Realm settings", "Events", "Event listeners": add "scim", "Save".',
        '"User federation", "Add Scim provider" (or "Add new provider", "scim").',
        'Enter as "SCIM 2.0 endpoint": {base_url}',
        '"Endpoint content type": "application/scim+json". "Auth mode": "BEARER", with the token as "Auth '
        'password/token".',
        'Tick "Enable user propagation" and "Enable group propagation", "Save".',
    ),
    'a change to any user of the realm, or "Sync all users" of the federation provider: there is no test',
    "POST /Users of that user; it looks nobody up before",
    (
        '"Action", "Sync all users": everybody who is there already is sent.',
        "Watch one user arrive under Requests before you sync everybody.",
    ),
    (
        "Keycloak gives up after five seconds and tries again: a 409 after a slow answer is no fault.",
        "Basic works too, with basic = true under this provider in config.toml: user name {name}, the token as "
        "password.",
    ),
)
_AUTHENTIK = SetupGuide(
    "authentik",
    "the authentik admin interface",
    (
        '"Applications", "Providers", "Create" (or "New Provider"): "SCIM Provider", "Next".',
        'Name it. Enter as "URL": {base_url}',
        'Enter the token as "Token"; where there is an authentication mode, choose "Static token".',
        '"Compatibility Mode": "Default". Under "User filtering", choose the group whose members are to be '
        'provisioned, and tick "Exclude service accounts". "Finish".',
        '"Applications", "Applications", edit the application (or create one): add the provider under "Backchannel '
        'Providers", "Update".',
        'Open the provider: its "Schedules" (or "Sync status") has "Run sync again".',
    ),
    'the provider\'s "Run sync again"',
    "GET /ServiceProviderConfig, which needs no token, then GET /Users or POST /Users",
    (
        "Everybody in the filter comes with that first sync; from then on each change at once, and all of it every "
        "hour.",
        '"Sync single user" tries one.',
    ),
    ("A provider that is no application's backchannel provider never syncs.",),
)
_SAILPOINT = SetupGuide(
    "SailPoint",
    "SailPoint Identity Security Cloud (IdentityNow), or IdentityIQ",
    (
        '"Admin", "Connections", "Sources", "Create New": "SCIM 2.0", "Configure".',
        'Name it, choose an owner, "Continue".',
        '"Connection Settings": enter as "Host URL" (or "Base URL"): {base_url}',
        '"Authentication Type": "API Token", with the token as "API Token". Or "OAuth 2.0" with an OAuth client issued '
        'here, grant type "Client Credentials" and "Token URL": {token_endpoint}',
        '"Save", then "Review and Test", "Test Connection".',
    ),
    '"Review and Test", "Test Connection"',
    "GET /ServiceProviderConfig, /ResourceTypes and /Schemas, then GET /Users",
    (
        '"Account Schema", "Discover Schema": attributes and groups are read from here.',
        '"Accounts", "Account Aggregation" and "Entitlements", "Entitlement Aggregation": it reads what is here, which '
        "at first is nothing.",
        '"Provisioning", "Create Profile": map userName, displayName, name and the work e-mail; then assign an access '
        "profile to one person.",
    ),
    ("SailPoint reads as well as writes: its aggregations show under Requests as long lists.",),
)
_OTHER = SetupGuide(
    "another SCIM 2.0 client",
    "your identity provider's console",
    (
        "Make a SCIM 2.0 provisioning connection (also called an outbound connector, or a SCIM app).",
        "Enter as base, tenant or endpoint URL: {base_url}",
        "Enter the token as bearer or secret token: the header is Authorization: Bearer and the token.",
        "Or, for OAuth 2.0 client credentials, issue an OAuth client here; its token endpoint: {token_endpoint}",
        "Map userName, displayName, name, active, externalId, and the work e-mail.",
        "Test the connection.",
    ),
    "the test of the connection",
    "GET /Users or GET /ServiceProviderConfig, most often",
    ("Assign one person, and watch under Requests what it sends.", "Then assign the others, and the groups."),
    (
        "For a client that has HTTP Basic only, set basic = true under this provider in config.toml: user name {name}, "
        "the token as password.",
    ),
)

SETUP_GUIDES: Mapping[ProviderKind, SetupGuide] = MappingProxyType(
    {
        "entra": _ENTRA,
        "okta": _OKTA,
        "onelogin": _ONELOGIN,
        "ping": _PING,
        "jumpcloud": _JUMPCLOUD,
        "google": _GOOGLE,
        "keycloak": _KEYCLOAK,
        "authentik": _AUTHENTIK,
        "sailpoint": _SAILPOINT,
        "other": _OTHER,
    }
)
"""One guide for each kind."""
