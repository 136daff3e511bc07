"""件: what is one piece of the archive, what comes first in it, and how it is entered (DA/T 22-2015 5.1, 5.5).

A round (轮次) is one question and one answer, so notice and reply of a round are one 件: the reply first, then the
sheet that went with the notice (proposal, record of the call), then the notice. A bureau may also have each as a 件 of
its own (来文与复文: 各为一件). A report stands by itself, the signed copy (正本) before the draft (定稿); so does
every other paper. Of a state secret there is one pointer to the paper and no file.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from duban.archive.story import ANSWERS, IN, ISSUE, OPENERS, OUT, OWN, REPORT, SHEET, UP, Paper, Story
from duban.marks import is_secret
from duban.organization import OFFICE, Organization

FAIR, DRAFT, ANSWER, SHEET_ROLE, ENCLOSED = "正本", "定稿", "复文", "处理单", "附件"
#: What the other half of an answer is called by whoever keeps the file: the office sent it, the unit got it.
QUESTION = {True: "去文", False: "来文"}
SECRET_TITLE = "涉密件，题名见纸质件"
READERS_TITLE = "限指定人员阅看，题名见办公室"
READERS = "限指定人员阅看，件存办公室"


@dataclass(frozen=True)
class Piece:
    """One 件 as it is entered: the first paper describes it. Without papers it is a pointer to what lies elsewhere."""

    seq: int  # the first of its papers: what its 档号 was taken for
    title: str
    reference: str
    author: str
    at: datetime
    mark: str
    note: str
    papers: tuple[tuple[str, Paper], ...] = ()

    def as_json(self, code: str) -> dict[str, Any]:
        """The piece under its 档号, as it stands in the event."""
        listed = [
            {"role": role, "name": paper.name, "sha256": paper.sha256, "seq": paper.seq, "made": paper.made}
            for role, paper in self.papers
        ]
        said = {name: getattr(self, name) for name in ("title", "reference", "author", "mark", "note")}
        return {"code": code, **said, "on": f"{self.at:%Y%m%d}", "papers": listed}


def of_office(story: Story, org: Organization) -> list[Piece]:
    """The 件 that the office files of this matter, those that have their 档号 already left out."""
    state = story.state
    if is_secret(state.mark):
        return [] if state.archived else [_pointer(story, org, _where(story))]
    return _pieces(story, org, story.pending, office=True)


def of_unit(story: Story, org: Organization, unit: str) -> list[Piece]:
    """The 件 that a unit files: only what it sent and what was sent to it.

    A covert matter that is not released is nothing to it; of one for named readers or of a state secret, a pointer.
    """
    state = story.state
    if not state.released or unit == OFFICE:
        return []
    if state.periodical is not None:
        issue = [paper for paper in story.pending if paper.way == ISSUE and unit in story.sent_to]
        return _pieces(story, org, issue, office=False)
    mine = [paper for paper in story.pending if _is_of(paper, unit, state.cohandlers)]
    if is_secret(state.mark) or state.form.get("readers"):
        had = unit in story.sent_to or any(_is_of(paper, unit, ()) for paper in story.papers)
        where = _where(story) if is_secret(state.mark) else READERS
        return [_pointer(story, org, where)] if had and not state.archived else []
    return _pieces(story, org, mine, office=False)


def units(story: Story, org: Organization) -> list[str]:
    """The units that may have something to file of this matter, in the order of the organization file."""
    named = {unit for paper in story.papers for unit in paper.to} | story.sent_to | {*story.state.cohandlers}
    return [code for code in org.units if code in named]


def _is_of(paper: Paper, unit: str, cohandlers: Iterable[str]) -> bool:
    if unit in paper.to:
        return paper.way in (IN, OUT)
    return unit in cohandlers and paper.cause == "dispatched" and paper.way == OUT


def _pointer(story: Story, org: Organization, where: str) -> Piece:
    state = story.state
    title = SECRET_TITLE if is_secret(state.mark) else READERS_TITLE
    at = state.closed_at or state.registered_at
    return Piece(0, title, state.reference, org.name, at, state.mark, where)


def _where(story: Story) -> str:
    return f"见纸质件：{story.state.form.get('paper') or '存放处未登记'}"


def _pieces(story: Story, org: Organization, papers: Sequence[Paper], *, office: bool) -> list[Piece]:
    groups: dict[str, list[Paper]] = {}
    for paper in papers:
        groups.setdefault(_group(org, paper), []).append(paper)
    made = [_piece(story, org, _in_order(group, office=office), office=office) for group in groups.values()]
    return sorted(made, key=lambda piece: (piece.at, piece.seq))


def _group(org: Organization, paper: Paper) -> str:
    """What goes into one 件 has one word here."""
    if paper.way == ISSUE:
        return ISSUE  # 简报、周报一期一件
    first = max(paper.round, 1)
    if paper.way == SHEET or (paper.cause in OPENERS and paper.way == OUT):
        return f"round:{first}" if org.archiving.merged else f"question:{first}"
    if paper.cause in ANSWERS and paper.way == IN:
        return f"round:{first}" if org.archiving.merged else f"answer:{first}"
    if paper.way in (REPORT, UP):
        return f"{paper.way}:{paper.kind}:{first}"
    return f"single:{paper.seq}"


def _in_order(group: list[Paper], *, office: bool) -> list[tuple[str, Paper]]:
    """The papers of one 件 and what each is in it: 复文 before 来文, 正本 before 定稿, 处理单 before its document."""
    answers = [paper for paper in group if paper.cause in ANSWERS and paper.way == IN]
    sheets = [paper for paper in group if paper.way == SHEET]
    others = [paper for paper in group if paper not in answers and paper not in sheets]
    answer = ANSWER if others else FAIR
    ordered = [(answer, paper) for paper in reversed(answers)] + [(SHEET_ROLE, paper) for paper in sheets]
    last = {paper.kind: paper.seq for paper in others}
    fair = [paper for paper in others if last[paper.kind] == paper.seq]
    drafts = [paper for paper in others if last[paper.kind] != paper.seq]
    called = QUESTION[office] if answers else FAIR
    if group[0].way == ISSUE:  # the bulletin itself, then its tables
        return [(ENCLOSED if place else FAIR, paper) for place, paper in enumerate(group)]
    if not answers and not sheets:
        return [(FAIR, paper) for paper in fair] + [(DRAFT, paper) for paper in reversed(drafts)]
    if not answers:  # a notice that nothing came back to: it describes the 件, so it cannot come after its sheet
        return [(called, paper) for paper in fair] + [(DRAFT, p) for p in reversed(drafts)] + ordered
    return ordered + [(called, paper) for paper in fair] + [(DRAFT, paper) for paper in reversed(drafts)]


def _piece(story: Story, org: Organization, papers: list[tuple[str, Paper]], *, office: bool) -> Piece:
    lead = papers[0][1]
    question = next((paper for role, paper in papers if role == QUESTION[office]), None)
    reference = lead.reference or (question.reference if question else "")
    notes = [f"含{QUESTION[office]}：{question.kind}{question.reference}"] if question is not None else []
    if reference != story.state.reference and lead.way != ISSUE:  # so that what belongs together is found together
        notes.append(f"督办文号：{story.state.reference}")
    return Piece(
        seq=min(paper.seq for _, paper in papers),
        title=_title(story, lead),
        reference=reference,
        author=_author(lead, org),
        at=lead.at,
        mark=story.state.mark,
        note="；".join(notes),
        papers=tuple(papers),
    )


def _title(story: Story, lead: Paper) -> str:
    if lead.way == ISSUE:
        return story.state.title
    core = re.sub(r"的?(督办|督查|督办通知|督查通知|通知)$", "", story.state.title.removeprefix("关于"))
    return f"关于{core}的{lead.kind}"


def _author(lead: Paper, org: Organization) -> str:
    if lead.way == IN:
        return org.unit(lead.unit).name if lead.unit in org.units else lead.unit
    return org.office if lead.way in (OWN, REPORT, SHEET) else org.name
