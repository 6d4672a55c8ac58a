"""Pull: the directory of an Entra ID tenant, read over Microsoft Graph by delta, into the identity store.

A pull first follows the feeds of users and groups into a mirror (`core.store.tables.pulled`), then brings the identity
store to what the mirror and the scope say. Everything in the mirror is as Graph told it; everything in the identity
store is as Entra's own provisioning would have brought it by SCIM, so nothing behind the store knows the difference.

Microsoft's libraries are large. Only `core.graph.sdk` and `core.graph.sign_in` load them, when a pull begins.
"""
