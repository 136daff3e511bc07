"""Which rule of a regulation asks for which report, and the head of the report that stands on it."""

from collections.abc import Callable

from duban.errors import Refusal
from duban.organization import Organization
from duban.regulation import Basis, Regulation
from duban.regulation.time_shapes import Cadence
from duban.reports.heading import Heading, Period


def weekly_cadence(law: Regulation) -> Cadence | None:
    """The rule by which units report every week (BC 六（四）); None where the regulation has none."""
    known = (law.cadence, *(one.cadence for one in law.types.values()))
    return next((one for one in known if one is not None and one.every == "week"), None)


def _weekly(law: Regulation) -> Basis | None:
    """The weekly reports of the units; a bureau without them watches its matters by its rule of 跟踪 or 立项."""
    cadence = weekly_cadence(law)
    if cadence is not None:
        return cadence.basis
    return law.tracking.basis if law.laid_down("跟踪") else law.registration.basis


def _monthly(law: Regulation) -> Basis | None:
    return law.cadence.basis if law.laid_down("进展报送") and law.cadence.every == "month" else None


#: Kind of report -> what it is called, and the rule that asks for it (None: the regulation has none).
BASES: dict[str, tuple[str, Callable[[Regulation], Basis | None]]] = {
    "weekly": ("办件进展周报", _weekly),
    "monthly": ("每月进展汇总", _monthly),
    "digest": ("领导批示件汇总", lambda law: law.digest.basis if law.laid_down("批示件汇总") else None),
    "bulletin": ("督办情况通报", lambda law: law.bulletin.basis if law.laid_down("通报") else None),
}
#: What a regulation may call the paper itself (文书 of its rule).
_NAMED: dict[str, Callable[[Regulation], str | None]] = {
    "monthly": lambda law: law.cadence.document,
    "digest": lambda law: law.digest.document,
    "bulletin": lambda law: law.bulletin.document,
}


def basis(kind: str, law: Regulation) -> Basis:
    """The rule that asks for this report. Raises Refusal where the regulation has none."""
    name, rule = BASES[kind]
    found = rule(law)
    if found is None:
        raise Refusal(f"《{law.title}》没有规定{name}，不能出这种报表，请改用制度里有的报表。")
    return found


def title(kind: str, law: Regulation) -> str:
    """What the report is called: the regulation's own word for it, where it has one."""
    named = _NAMED.get(kind)
    return (named(law) if named else None) or BASES[kind][0]


def heading(kind: str, law: Regulation, org: Organization, period: Period, mark: str) -> Heading:
    """The head of a report of this kind. Raises Refusal where the regulation knows no such report."""
    return Heading(
        kind=kind,
        title=title(kind, law),
        organization=org.id,
        organization_name=org.name,
        office=org.office,
        regulation=law.id,
        regulation_title=law.title,
        clause=basis(kind, law).clause,
        period=period,
        mark=mark,
    )
