"""Who is who in a bureau, as its organization file says: posts, units, partners, number series."""

from duban.organization.bureau import OFFICE, Holder, Merged, Organization, Partner, Person, Unit
from duban.organization.file import POSTS, parse
from duban.organization.loader import check, chosen, load

__all__ = [
    "OFFICE",
    "POSTS",
    "Holder",
    "Merged",
    "Organization",
    "Partner",
    "Person",
    "Unit",
    "check",
    "chosen",
    "load",
    "parse",
]
