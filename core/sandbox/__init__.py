"""Simulated identity providers and Atlassian products, for `manciple demo`, `manciple sandbox` and the tests.

A simulator follows the product's documentation, its wrong habits included. It is never taught a behaviour to make a
test pass: where the documentation is silent, the behaviour is a setting with a stated default. Nothing here is used
when manciple provisions a real product.
"""
