"""Every kind of conflict from the store to the target and back: seeded, shown, answered by command, verified, undone."""
