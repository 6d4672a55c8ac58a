"""Puts this folder on the path, for the contract tests in the folder below that use what is here."""
