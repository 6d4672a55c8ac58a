"""Real SCIM traffic as a conversation that tests can replay: masked, and independent of the store it came from."""
