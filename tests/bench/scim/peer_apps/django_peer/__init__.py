"""A peer: `django-scim2` over SQLite in WAL mode, synchronous=FULL; it runs in an environment of its own."""
