"""The requests that make up nearly all traffic, answered without the library: a create, a read by id, a match query,
a PUT, a PATCH of plain attributes or of members, a DELETE.

Each of these modules takes what it fully understands and gives `None` for everything else, which then goes to the
library. So nothing is decided twice: a differential test holds both to the same answers over generated requests.
"""
