"""What the tests of the archive ask of a year and of its matters."""

from matters import Matter

from duban import acts, archive, ledger
from duban.archive import Collected


def collected(year: int = 2026) -> Collected:
    with ledger.transaction() as session:
        return archive.collect(session, year)


def codes(matter: Matter) -> list[str]:
    """The 档号 of a matter, of every `archived` event."""
    return [piece["code"] for event in matter.events if event.kind == "archived" for piece in event.data["pieces"]]


def roles(matter: Matter) -> list[list[tuple[str, str]]]:
    """Of each 件 of the office: what each paper is in it, and its kind as its name says."""
    pieces = matter.event("archived").data["pieces"]
    return [[(paper["role"], _kind(paper["name"])) for paper in piece["papers"]] for piece in pieces]


def _kind(name: str) -> str:
    return name.removesuffix(".docx").rpartition(" ")[2]


def withdrawn(matter: Matter) -> Matter:
    acts.withdraw(matter.number, matter.clerk, "领导决定不再办理", matter.chief.name)
    acts.file_away(matter.number)
    return matter
