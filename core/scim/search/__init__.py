"""Lists and queries: what was asked for, found in the store, ordered, paged and shown."""
