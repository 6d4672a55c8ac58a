"""The seeded corpus: small worlds with one conflict of each kind of the catalogue, and what must come out."""
