"""The simulated company: its sites, its departments, and the names that its groups bear.

Plain tables, no behaviour. Some names carry what trips clients and servers in the field: `&`, `+`, `/`, an
apostrophe, accents, brackets.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """An office, with everything about a person that follows from working there."""

    name: str
    code: str
    streets: tuple[str, ...]
    city: str
    state: str
    postal_code: str
    country: str
    language: str
    """BCP 47 tag, as Entra keeps preferredLanguage."""
    dialling: str
    """Country and area code of the switchboard."""
    locales: tuple[str, ...]
    """Where the names of the people here come from; the first is the usual one."""


@dataclass(frozen=True, slots=True)
class Department:
    """A department and its relative size."""

    name: str
    weight: int
    titles: tuple[str, ...]


SITES = (
    Site("London", "LON", ("1 Mill Street", "40 Gray's Inn Road"), "London", "LDN", "N1 7AA", "GB", "en-GB",
         "+44 20 5550", ("en_GB", "en_IE", "pl_PL", "en_US")),
    Site("Dublin", "DUB", ("7 Ha'penny Row",), "Dublin", "L", "D02 X285", "IE", "en-IE",
         "+353 1 555", ("en_IE", "en_GB", "pt_BR")),
    Site("Zürich", "ZRH", ("Bahnhofstraße 12", "Limmatquai 4"), "Zürich", "ZH", "8001", "CH", "de-CH",
         "+41 44 555", ("de_DE", "fr_FR", "it_IT")),
    Site("Paris", "PAR", ("3 rue de l'Église",), "Paris", "IDF", "75004", "FR", "fr-FR",
         "+33 1 5550", ("fr_FR", "es_ES")),
    Site("Kraków", "KRK", ("ul. Święty Krzyż 9",), "Kraków", "MA", "31-023", "PL", "pl-PL",
         "+48 12 555", ("pl_PL", "cs_CZ")),
    Site("København", "CPH", ("Ørestads Boulevard 5",), "København", "84", "2300", "DK", "da-DK",
         "+45 55 50", ("da_DK", "is_IS")),
    Site("İstanbul", "IST", ("Bağdat Caddesi 100",), "İstanbul", "34", "34728", "TR", "tr-TR",
         "+90 212 555", ("tr_TR",)),
    Site("Tokyo", "TYO", ("2-1 Marunouchi",), "Tokyo", "13", "100-0005", "JP", "ja-JP",
         "+81 3 5550", ("ja_JP", "en_US")),
    Site("Austin", "AUS", ("500 Congress Avenue",), "Austin", "TX", "78701", "US", "en-US",
         "+1 512 555", ("en_US", "es_ES", "ja_JP")),
)  # fmt: skip
SITE_WEIGHTS = (26, 8, 14, 10, 12, 6, 5, 5, 14)

DEPARTMENTS = (
    Department("Engineering", 34, ("Software Engineer", "Senior Software Engineer", "Site Reliability Engineer")),
    Department("R&D", 8, ("Analyst", "Research Scientist", "Laboratory Technician")),
    Department("Product", 8, ("Product Manager", "Designer", "Technical Writer")),
    Department("Customer Support", 16, ("Support Engineer", "Support Agent", "Escalation Manager")),
    Department("Sales", 12, ("Account Executive", "Sales Engineer", "Sales Operations Analyst")),
    Department("Marketing", 5, ("Campaign Manager", "Editor", "Event Manager")),
    Department("Finance", 5, ("Accountant", "Controller", "Payroll Specialist")),
    Department("People & Culture", 4, ("Recruiter", "HR Business Partner", "Trainer")),
    Department("Legal", 2, ("Counsel", "Paralegal", "Privacy Officer")),
    Department("IT Operations", 6, ("System Administrator", "Network Engineer", "Service Desk Agent")),
)  # fmt: skip

STAFF_GROUP = "All Staff"

LICENCE_GROUPS = (
    ("Confluence Users", 0.85),
    ("Jira Users", 0.60),
    ("Jira Developers", 0.35),
    ("Jira Service Desk Agents", 0.12),
    ("Bitbucket Developers", 0.35),
    ("Confluence Space Creators", 0.05),
    ("Jira Project Admins", 0.03),
    ("Atlassian Administrators", 0.005),
)
"""Groups that grant a product, and the share of the people who are in them."""

COMMUNITY_GROUPS = (
    "C++ Guild", "Women's Network", "Café & Kultur", "First Aiders (London)", "Works Council / Betriebsrat",
    "Données Qualité", "On-call: Platform", "Łódź Running Club",
)  # fmt: skip

PROJECT_ADJECTIVES = (
    "Amber", "Blue", "Bright", "Calm", "Copper", "Distant", "Early", "Golden", "Green", "Hidden", "Iron", "Ivory",
    "Jade", "Lucid", "Northern", "Open", "Pale", "Quiet", "Rapid", "Red", "Silver", "Steady", "Velvet", "White",
)  # fmt: skip
PROJECT_NOUNS = (
    "Anchor", "Aurora", "Beacon", "Bridge", "Canyon", "Comet", "Delta", "Falcon", "Forest", "Garden", "Harbour",
    "Heron", "Horizon", "Lantern", "Meadow", "Mosaic", "Otter", "Pilot", "Quarry", "River", "Sparrow", "Summit",
    "Tide", "Turing", "Valley", "Voyager", "Willow", "Zephyr",
)  # fmt: skip
