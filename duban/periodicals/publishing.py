"""印发: the draft that was agreed to gets its number and is published; then its papers are made."""

from duban import ledger, numbering
from duban.acts.act import SYSTEM, Act, act
from duban.acts.cases import paper_for
from duban.acts.papers import make
from duban.errors import Refusal
from duban.ledger import Actor, State
from duban.marks import is_secret
from duban.periodicals import naming
from duban.periodicals.opening import rule_of
from duban.periodicals.reading import of

#: The series of 机关代字 in the organization file in which notices are numbered.
SERIES = "通报"
TABLE = "表格"
#: What is a notice to all: it goes to the units too.
NOTICES = ("monthly_scoring", "bulletin")
ALL_YEARS = 0
"""The year of a series that goes on through the years (总第37期)."""
#: Type -> what the catalogue says of its paper (用于), where the regulation names none.
PAPERS = {
    "weekly_progress": "周报",
    "monthly_scoring": "考核通报",
    "instruction_digest": "汇总",
    "bulletin": "通报",
}


def publish(number: str) -> State:
    """Publish the draft: its number, who is praised or criticised in it, and a case for who is criticised too often.

    One transaction; the second time it changes nothing. What comes into the ledger later changes nothing of it either.
    """
    with act(number, periodical=True) as it:
        period = of(it.state).periodical
        key = it.state.awaits("publish")
        if key is None:
            return it.state
        named, actor = _named(it)
        naming.gates(it, named)
        data = {
            "attempt": it.state.attempt,
            "reference": _reference(it),
            "period": period.period,
            "issued_on": it.now.date().isoformat(),
            "snapshot": {"sha256": period.snapshot},
            "waived": list(period.waived),
            "to": _readers(it),
        }
        it.record("published", key, SYSTEM, period.clause, data)
        naming.record(it, actor, named)
        return it.state


def complete(number: str) -> State:
    """Make the papers of a published file; safe to run twice and to kill."""
    with act(number, periodical=True) as it:
        key = of(it.state).awaits("papers")
        if key is None:
            return it.state
        if it.state.type != "year_end_archive":  # its catalogue was made with the packages
            make(it, document_of(it))
            _enter_table(it)
        return it.record("completed", key, SYSTEM, of(it.state).periodical.clause)


def _enter_table(it: Act) -> None:
    """The table of the draft that was published becomes one of its papers; it was stored with the draft."""
    table = ledger.events(it.session, it.number, "drafted")[-1].data["table"]
    it.record("documented", "document:table", SYSTEM, of(it.state).periodical.clause, {"kind": TABLE} | table)


def document_of(it: Act) -> str | None:
    """The kind of paper: as the rule names it, else as the catalogue has one for this use; None where it has none."""
    rule = rule_of(it.state.type, it.law)
    named = rule.document if rule is not None else None
    return named or paper_for(it, PAPERS[it.state.type])


def _named(it: Act) -> tuple[dict[str, list[dict[str, str]]], Actor]:
    """Whom the deciding desk named, and who sat there; without desks, whom the office named when it edited the text."""
    deciding = ledger.events(it.session, it.number, "draft_signed", "draft_edited")
    if not deciding:
        return {}, SYSTEM
    last = deciding[-1]
    return {name: last.data.get(name, []) for name in naming.NAMED}, last.actor


def _readers(it: Act) -> list[str]:
    """Where it goes: every post of the bureau that is held; a notice (通报) to every unit as well (BC-5.10).

    Not so one that carries the mark of a state secret: who may have it, the office decides on paper.
    """
    posts = [post for post in ("office", "director", "deputy", "chief") if it.org.holders(post)]
    if it.state.type not in NOTICES or is_secret(it.state.mark):
        return posts
    today = it.now.date()
    return [*posts, *(code for code in it.org.units if it.org.standing_for(code, today) == code)]


def _reference(it: Act) -> str:
    """The number as the bureau writes it (期号): 白公通〔2026〕3号, 2026年第3期 or 总第37期; none for what has none.

    Where the rule says nothing, the 机关代字 for notices if the organization file has one, else the issue of the year.
    """
    listed = it.state.type == "monthly_scoring" and it.law.scoring.method != "points"  # a list for those who assess
    if listed or it.state.type not in ("monthly_scoring", "bulletin"):
        return ""
    letters, year = it.org.series.get(SERIES), it.now.year
    form = (it.law.bulletin.issue if it.state.type == "bulletin" else None) or ("document" if letters else "year")
    if form == "document" and letters is None:
        raise Refusal(f"{it.org.name}的机构文件里没有“{SERIES}”的机关代字，编不出文号，请先补上。")
    series, of_year, text = {
        "document": (SERIES, year, f"{letters}〔{year}〕{{}}号"),
        "year": (f"{SERIES}期号", year, f"{year}年第{{}}期"),
        "total": (f"{SERIES}总期号", ALL_YEARS, "总第{}期"),
    }[form]
    return text.format(numbering.allocate(it.session, series, of_year, it.number, number=it.number))
