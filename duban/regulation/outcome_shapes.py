"""The rule shapes of what comes back from the unit and what becomes of it (回复 … 归档, 通报, 追责)."""

from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import Field, PrivateAttr, model_validator

from duban.clerk_yaml import NOT_EMPTY
from duban.regulation import vocabulary
from duban.regulation.shape import Desks, Shape
from duban.regulation.values import Consequence, Name, Period, Post, Term, Times, YesNo, word


class Section(Shape):
    """A section that a reply must carry, and when."""

    when: Annotated[str, word(vocabulary.SECTION_CONDITIONS, "条件")] = Field(alias="条件")


class Reply(Shape):
    """回复: the report of the unit: who looks it through and signs, whether it is sealed, on paper and/or as a file."""

    document: Name = Field(alias="文书")
    signers: Annotated[tuple[Post, ...], NOT_EMPTY] = Field(alias="签字")
    checker: Post | None = Field(alias="把关", default=None)
    seal: YesNo = Field(alias="盖章", default=False)
    copies: Annotated[
        str, word({"纸质和电子": "both", "纸质或电子": "either", "纸质": "paper", "电子": "electronic"}, "份式")
    ] = Field(alias="份式")
    pattern: Name | None = Field(alias="模式", default=None)


class Extension(Shape):
    """延期: put on record, or approved; what must be stated; how often and how long."""

    document: Name | None = Field(alias="文书", default=None)
    mode: Annotated[str, word({"备案": "record", "批准": "approve", "不准": "none"}, "延期办法")] | None = Field(
        alias="办法"
    )
    requires: tuple[Annotated[str, word(vocabulary.EXTENSION_PARTS, "延期要素")], ...] = Field(alias="必备", default=())
    only_before_due: YesNo = Field(alias="限到期前", default=False)
    office_may_object: YesNo = Field(alias="办公室可不同意", default=False)
    desks: Desks | None = Field(alias="审批", default=None)
    max_times: Times | None = Field(alias="最多", default=None)
    max_length: Period | None = Field(alias="每次最长", default=None)

    @model_validator(mode="after")
    def _approved_by_somebody(self) -> Self:
        if (self.mode == "approve") != (self.desks is not None):
            raise ValueError("延期办法是“批准”的，要写“审批”由谁批；是“备案”或“不准”的，不写“审批”")
        return self


class Review(Shape):
    """审核: how deep the office looks into a reply."""

    depth: Annotated[str, word({"实质": "substantive", "形式": "formal", "不审核": "none"}, "审核深度")] | None = Field(
        alias="深度"
    )
    post: Post | None = Field(alias="岗位", default=None)


class ReturnLevel(Shape):
    """退回: from where a reply may be sent back."""

    when: Annotated[
        str,
        word({"审核时": "review", "回复后至审批": "until_approval", "审批起至归档前": "from_approval"}, "退回时段"),
    ] = Field(alias="时段")


class Returns(Shape):
    """退回补办: its limit, who may return and when, for which reasons. Which reasons deduct points stands with 计分."""

    document: Name | None = Field(alias="文书", default=None)
    limit: Period | None = Field(alias="时限")
    levels: dict[Post, ReturnLevel] = Field(alias="级别", default={})
    reasons: tuple[Annotated[str, word(vocabulary.RETURN_REASONS, "退回理由")], ...] = Field(alias="理由", default=())
    _scored: frozenset[str] = PrivateAttr(default=frozenset())

    def scores(self, reason: str) -> bool:
        """Return whether a return for `reason` (falsified, supplement …) deducts points at any level (A8)."""
        return reason in self._scored

    def scored_for(self, reasons: Iterable[str]) -> Self:
        """Return this rule knowing for which reasons the assessment chapter (计分) deducts points."""
        known = self.model_copy()
        known._scored = frozenset(reasons)
        return known


class CloseChain(Shape):
    """办结: the report that the office writes and the desks that approve it."""

    document: Name | None = Field(alias="文书", default=None)
    desks: Desks = Field(alias="岗位")


class Upward(Shape):
    """上报: the form in which a result goes up, by what it answers."""

    form: Name = Field(alias="文种")
    series: Name | None = Field(alias="代字", default=None)
    signer: Post | None = Field(alias="签发", default=None)
    layout: Name | None = Field(alias="格式", default=None)


class FurtherWork(Shape):
    """续办: one more round that is no return. `limit` None: the office states a date."""

    document: Name | None = Field(alias="文书", default=None)
    limit: Term = Field(alias="时限")
    scores: YesNo = Field(alias="扣分", default=False)


class Instruction(Shape):
    """新批示: copied to the unit; what becomes of the limit."""

    document: Name | None = Field(alias="文书", default=None)
    until: Annotated[str, word({"归档前": "filed", "办结前": "closed"}, "时段")] | None = Field(alias="截至")
    unstated: Annotated[str, word({"原时限不变": "unchanged", "按类型时限": "type"}, "时限办法")] | None = Field(
        alias="未写时限", default=None
    )
    reopened: Annotated[str, word({"原时限不变": "unchanged", "按类型时限": "type"}, "时限办法")] | None = Field(
        alias="办结后重开", default=None
    )


class Stages(Shape):
    """阶段反馈: which paper each phase brings; each has its own date; the grades that an inspection of a phase gives.

    `shared_day`: a phase may begin on the day on which the one before it ends; the report is on time through that day.
    """

    document: Name | None = Field(alias="文书", default=None)
    own_limits: YesNo = Field(alias="各有时限", default=False)
    shared_day: YesNo = Field(alias="首尾可同日", default=False)
    inspection: Name | None = Field(alias="检查文书", default=None)
    grades: tuple[Name, ...] = Field(alias="检查等次", default=())


class Archive(Shape):
    """归档: when, by whom, and what a file must hold."""

    when: Annotated[str, word({"年底": "year_end", "办结后": "on_closing"}, "归档时间")] | None = Field(alias="时间")
    by: tuple[Post, ...] = Field(alias="单位", default=())
    requires: tuple[Annotated[str, word(vocabulary.ARCHIVE_PARTS, "归档材料")], ...] = Field(alias="必备", default=())


class Bulletin(Shape):
    """通报: how often, what is praised and criticised, and after how many criticisms the head answers for it.

    `desks`: who agrees to it after the office has edited it; `issue`: how its issues are numbered: 白公通〔2026〕3号,
    2026年第3期, 总第37期.
    """

    document: Name | None = Field(alias="文书", default=None)
    every: Annotated[str, word({"每周": "week", "每月": "month", "不定期": "irregular"}, "周期")] | None = Field(
        alias="周期"
    )
    desks: Desks | None = Field(alias="审批", default=None)
    issue: Annotated[str, word({"文号": "document", "年内期号": "year", "总期号": "total"}, "编号办法")] | None = Field(
        alias="期号", default=None
    )
    praised: tuple[Name, ...] = Field(alias="表扬情形", default=())
    criticised: tuple[Name, ...] = Field(alias="批评情形", default=())
    counted: Annotated[str, word({"通报批评": "criticism", "各类通报": "any"}, "计入范围")] | None = Field(
        alias="计入", default=None
    )
    limit_times: Times | None = Field(alias="问责次数", default=None)
    period: Annotated[str, word({"自然年": "calendar_year", "十二个月": "twelve_months"}, "计数期间")] | None = Field(
        alias="计数期间", default=None
    )
    then: tuple[Consequence, ...] = Field(alias="其后", default=())


class Secrecy(Shape):
    """保密: what every instruction and every report on it must carry, and what must not happen."""

    marked: YesNo = Field(alias="标明密级", default=False)
    distribution: YesNo = Field(alias="发放范围", default=False)
    registered: YesNo = Field(alias="专人登记", default=False)
    not_to_party: YesNo = Field(alias="不得告知当事人", default=False)
    named_readers: YesNo = Field(alias="指定人员", default=False)
    then: tuple[Consequence, ...] = Field(alias="泄密后果", default=())


class Ground(Shape):
    """追责情形: something for which people answer beyond the points: who, and what follows."""

    held: tuple[Post, ...] = Field(alias="追究", default=())
    then: Annotated[tuple[Consequence, ...], NOT_EMPTY] = Field(alias="其后")
