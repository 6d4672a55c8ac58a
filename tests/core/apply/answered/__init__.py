"""Every kind of conflict, from the store to the target: seeded, shown, answered by command, verified, undone."""
