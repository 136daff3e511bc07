"""Where a matter can stand, and all that is known of one that stands there."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

#: States and what people call them. Those after `issued` and before `closed` are "with the clock running".
STATES: dict[str, str] = {
    "proposed": "呈批中",
    "registered": "已登记",
    "visiting": "实地督办中",
    "director_review": "主任审核",
    "signing": "领导签发",
    "issued": "已签发",
    "dispatched": "已交办待领收",
    "declined": "退件待定",
    "received": "已领收待阅批",
    "in_progress": "办理中",
    "returned": "退回补办",
    "overdue": "逾期",
    "urged": "已催办",
    "account": "书面说明",
    "replied": "已回复待审",
    "checking": "阶段检查",
    "accepted": "审核通过",
    "report_review": "办理报告审核",
    "chief_approval": "领导审批",
    "report_up": "待上报",
    "closed": "办结",
    "cancelled": "撤销",
    "archived": "归档",
    # Where a period file (期) stands.
    "opened": "已建期",
    "redrafting": "待重新起草",
    "objecting": "异议期内",
    "deciding": "异议待裁定",
    "editing": "待核稿",
    "approving": "待审批",
    "publishing": "待印发",
    "collected": "已收集",
    "packed": "已打包",
    "published": "已印发",
}
BEFORE_DISPATCH = ("proposed", "registered", "visiting", "director_review", "signing", "issued")
WITH_UNIT = ("dispatched", "declined", "received", "in_progress", "returned", "overdue", "urged", "account")
UNDER_REVIEW = ("replied", "checking", "accepted", "report_review", "chief_approval", "report_up")
ENDED = ("closed", "cancelled", "archived")
#: The period files (期): each run of a scheduled DAG has one; its type is the id of the DAG.
PERIODICALS: dict[str, str] = {
    "weekly_progress": "办件进展周报",
    "monthly_scoring": "督办考核",
    "instruction_digest": "定期汇总",
    "bulletin": "督办情况通报",
    "year_end_archive": "年度归档",
}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Round(_Frozen):
    """One clock, one reply, one verdict (轮次)."""

    number: int
    opened_at: datetime
    opened_by: str  # dispatched, extended, returned, further_work, instructed, progress, accounted
    requirement: str = ""
    due_on: date
    due_at: datetime
    lapsed: bool = False
    urges: int = 0
    replied_at: datetime | None = None
    reply: str = ""  # sha256 of the file
    verdict: str = ""  # kind of the event that ended the round


class Document(_Frozen):
    """A document that was made for the matter or came in for it."""

    kind: str
    name: str
    sha256: str
    at: datetime


class Part(_Frozen):
    """A matter that was split off for one unit (分办件), as its parent knows it."""

    number: str
    unit: str
    due_on: date
    ended: str = ""  # closed, cancelled


class Node(_Frozen):
    """One date at which something has to be reported: a week of a routine matter, a phase of a staged one."""

    number: int
    name: str
    starts_on: date | None = None
    due_on: date
    due_at: datetime
    by: str = "unit"  # unit, or office for a phase in which the office checks
    reported_at: datetime | None = None
    closed_at: datetime | None = None  # reported and, where there is a review, accepted
    lapsed: bool = False  # its date passed before the round was about it, or while it was
    note: str = ""  # why a date that passed is nobody's fault: under_review, office, final_report, before_dispatch


class Case(_Frozen):
    """A case of accountability (问责); it lives on after the matter until its outcome is recorded."""

    id: str
    clause: str
    reason: str = ""
    unit: str = ""
    opened_at: datetime
    closed_at: datetime | None = None
    outcome: str = ""
    owes: tuple[str, ...] = ()  # units whose heads still owe a written account


class Objection(_Frozen):
    """A unit says that one of its score entries is wrong (考核异议)."""

    number: int
    entry: str  # id of the score entry
    unit: str
    reason: str
    by: str
    at: datetime
    upheld: bool | None = None  # None: the office has not decided
    answer: str = ""


class Period(_Frozen):
    """What is known of a period file beyond what it has in common with a matter."""

    period: str  # 2026-03, 2026-Q1, 2026, or the day of a weekly report
    snapshot: str = ""  # sha256 of the stored file with all figures and lists of the draft in force
    summary: dict[str, Any] = {}
    drafted_at: datetime | None = None
    redraft: str = ""  # why another draft is wanted: a desk's reason, 异议成立
    clause: str = ""  # the clause on which the file was opened
    desks: tuple[str, ...] = ()
    signatures: dict[str, dict[str, Any]] = {}
    objections_until: datetime | None = None
    objections: tuple[Objection, ...] = ()
    waived: tuple[str, ...] = ()  # ids of entries that were objected to rightly: they never count
    text: str = ""  # what the office wrote into a bulletin
    named: dict[str, list[dict[str, str]]] = {}  # whom the desks last named, praised and criticised; redrafts keep it
    published_at: datetime | None = None
    completed_at: datetime | None = None
    packages: tuple[dict[str, Any], ...] = ()  # of an archive

    @property
    def open_objections(self) -> tuple[Objection, ...]:
        """Those that the office has not decided."""
        return tuple(one for one in self.objections if one.upheld is None)


class State(_Frozen):
    """A matter as its events have left it. Times are aware, Asia/Shanghai."""

    number: str
    reference: str
    type: str
    title: str
    unit: str
    regulation: str
    organization: str
    mark: str = ""
    form: dict[str, Any]
    run_key: str = ""
    registered_at: datetime
    mode: str = "written"
    released: bool = True  # a covert matter is nothing that a unit may see until it is
    cohandlers: tuple[str, ...] = ()
    parent: str = ""
    parts: tuple[Part, ...] = ()
    nodes: tuple[Node, ...] = ()
    node: int = 0  # the date to report on that the running round is about
    ends_on: date | None = None  # the last day of a matter that is reported on regularly

    state: str = "registered"
    desk: str | None = None
    assignment: int = 1  # the nth unit that it was given to
    proposal_desks: tuple[str, ...] = ()
    sign_desks: tuple[str, ...] = ()
    close_desks: tuple[str, ...] = ()
    attempt: int = 0
    sent_back: str = ""  # why the notice came back from a desk
    signatures: dict[str, dict[str, Any]] = {}
    issued_at: datetime | None = None

    round: int = 0
    rounds: tuple[Round, ...] = ()
    awaiting: tuple[str, ...] = ()
    timers: dict[str, datetime] = {}
    due_on: date | None = None
    due_at: datetime | None = None

    received_at: datetime | None = None
    read_at: datetime | None = None
    flags: tuple[str, ...] = ()  # late_receipt, late_reading: named in the bulletin, not scored
    cases: tuple[Case, ...] = ()  # of accountability; they live on after the matter
    visits: int = 0
    urged_at: datetime | None = None
    tracked_at: datetime | None = None  # when the office last asked how it goes (过问)
    reminded: tuple[str, ...] = ()
    extension: dict[str, Any] = {}  # the latest request for time that somebody has to grant, and what was said to it
    declined: dict[str, Any] = {}  # why the unit says that it is not the one to handle it
    check: dict[str, Any] = {}  # what a machine saw of the reply that lies with the office
    visit_differed: bool = False  # what a follow-up visit found is not what the last reply says (回访不符)
    upward: dict[str, Any] = {}
    pending_papers: tuple[str, ...] = ()  # documents that are due by time alone and not made yet
    instructions: tuple[dict[str, Any], ...] = ()
    documents: tuple[Document, ...] = ()
    closed_at: datetime | None = None
    filed_at: datetime | None = None
    archived: dict[str, Any] = {}  # how it ended, and year, term and 档号 of its papers in a year's archive (T35)
    periodical: Period | None = None  # only in a period file

    @property
    def wake_at(self) -> datetime | None:
        """The next moment at which time itself changes the matter."""
        return min(self.timers.values(), default=None)

    @property
    def ended(self) -> bool:
        """Closed or withdrawn; a new instruction may still open it again until it is archived."""
        return self.state in ENDED

    @property
    def outcome(self) -> str:
        """How it ended, also after it was archived: closed, cancelled; "" while it is open."""
        return (self.archived.get("how") or self.state) if self.ended else ""

    @property
    def current(self) -> Round:
        """The round that runs; only after dispatch."""
        return self.rounds[-1]

    def awaits(self, kind: str) -> str | None:
        """The key of this kind that the matter waits for, if it does (`awaits("reply")` -> "reply:2")."""
        return next((key for key in self.awaiting if key.rpartition(":")[0] == kind), None)
