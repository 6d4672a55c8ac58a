"""A target with what admins answered about it: its rules as they are now."""

from dataclasses import replace

from core.apply.site import Site
from core.planning.answers import with_answers
from core.store import answers


def answered(site: Site) -> Site:
    """The site with the answers that stand now, for one plan: what is answered later counts for the next one."""
    with site.store.read() as connection:
        known = tuple(answers.standing(connection, site.name))
    if not known and not site.answers:
        return site
    rules = with_answers(site.settings.rules, known)
    return replace(site, settings=replace(site.settings, rules=rules), answers=known)
