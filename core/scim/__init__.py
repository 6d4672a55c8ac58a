"""The SCIM service: what an identity provider speaks to."""
