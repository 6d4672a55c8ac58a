"""The IdP's side in short forms: people and groups come and go in the identity store, as SCIM would have it."""

from collections.abc import Iterable

from core.store import Store, identities, member_rows, pending
from core.store.identities import Kind, Stored

PROVIDER, TARGET = "entra", "wiki"


class Company:
    """Users and groups of the provider `entra`, each change touching the keys of the target `wiki`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def hire(self, name: str, *, display_name: str | None = None, email: str | None = "", active: bool = True) -> str:
        """A new user; the e-mail is made of the name unless given. Returns the id."""
        document = {"userName": name, "displayName": display_name or name.title(), "active": active}
        if email is not None:
            document["emails"] = [{"type": "work", "value": email or f"{name}@contoso.example"}]
        return self._create("User", document)

    def change(self, user: str, **values: object) -> None:
        """Change attributes of a user."""
        self._replace("User", user, values)

    def dismiss(self, user: str) -> None:
        """Make a user inactive."""
        self._replace("User", user, {"active": False})

    def form(self, name: str, members: Iterable[str] = ()) -> str:
        """A new group. Returns the id."""
        group = self._create("Group", {"displayName": name})
        self.join(group, *members)
        return group

    def rename_group(self, group: str, name: str) -> None:
        """Give a group another name."""
        self._replace("Group", group, {"displayName": name})

    def join(self, group: str, *users: str) -> None:
        """Add members."""
        self._store.writer.write_now(
            lambda tx: (
                member_rows.add(
                    tx,
                    self._stored("Group", group).key,
                    [(False, self._stored("User", user).key, None) for user in users],
                ),
                pending.touch(tx, [TARGET], "user", users, None),
            )
        )

    def leave(self, group: str, user: str) -> None:
        """Take a member out."""
        self._store.writer.write_now(
            lambda tx: (
                member_rows.remove(tx, self._stored("Group", group).key, [(False, self._stored("User", user).key)]),
                pending.touch(tx, [TARGET], "user", [user], None),
            )
        )

    def delete(self, kind: Kind, ident: str) -> None:
        """Delete a user or group for good."""
        self._store.writer.write_now(
            lambda tx: (
                identities.remove(tx, kind, self._stored(kind, ident)),
                pending.touch(tx, [TARGET], "user" if kind == "User" else "group", [ident], None),
            )
        )

    def pending(self) -> set[str]:
        """Ids of the keys that are pending, due or not."""
        with self._store.read() as connection:
            return {key.id for key in pending.claim(connection, TARGET, 1 << 60, 1 << 30)}

    def _create(self, kind: Kind, document: dict[str, object]) -> str:
        def create(tx: object) -> str:
            stored = identities.create(tx, PROVIDER, kind, document)  # type: ignore[arg-type]
            pending.touch(tx, [TARGET], "user" if kind == "User" else "group", [stored.id], None)  # type: ignore[arg-type]
            return stored.id

        return self._store.writer.write_now(create)

    def _replace(self, kind: Kind, ident: str, values: dict[str, object]) -> None:
        stored = self._stored(kind, ident)
        self._store.writer.write_now(
            lambda tx: (
                identities.replace(tx, kind, stored, stored.document | values),
                pending.touch(tx, [TARGET], "user" if kind == "User" else "group", [ident], None),
            )
        )

    def _stored(self, kind: Kind, ident: str) -> Stored:
        with self._store.read() as connection:
            stored = identities.find(connection, PROVIDER, kind, ident)
        assert stored is not None
        return stored
