"""Targets: the product instances that are provisioned, one file per product behind one protocol."""
