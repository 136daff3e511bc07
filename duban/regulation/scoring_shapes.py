"""The rule shapes of the assessment chapter (考核)."""

from itertools import pairwise
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from duban.clerk_yaml import NOT_EMPTY
from duban.regulation import vocabulary
from duban.regulation.shape import Desks, Shape
from duban.regulation.values import Consequence, Matters, Name, Percent, Period, Points, YesNo, word

Event = Annotated[str, word(vocabulary.SCORED_EVENTS, "计分情形")]


class Scoring(Shape):
    """考核: numbers, words, or nothing; the base and its bounds; how often it is published, and after what.

    `objection`: how long a unit may object to the draft; `desks`: who agrees to it before it is published. A regulation
    without them has no such step.
    """

    method: Annotated[str, word({"计分": "points", "定性": "qualitative", "不考核": "none"}, "考核办法")] | None = (
        Field(alias="办法")
    )
    base: Points | None = Field(alias="基础分", default=None)
    base_with_items: Points | None = Field(alias="有督办件的基础分", default=None)
    floor_shown: Points | None = Field(alias="显示下限", default=None)
    cap: Points | None = Field(alias="上限", default=None)
    published: Annotated[str, word({"每月": "month", "每季": "quarter", "年终": "year"}, "通报周期")] | None = Field(
        alias="通报周期", default=None
    )
    period: Annotated[str, word({"自然年": "calendar_year"}, "累计期间")] | None = Field(alias="累计期间", default=None)
    co_handler: Percent | None = Field(alias="协办折算", default=None)
    objection: Period | None = Field(alias="异议期", default=None)
    desks: Desks | None = Field(alias="审批", default=None)
    document: Name | None = Field(alias="文书", default=None)


class ScoreItem(Shape):
    """计分: what one event adds or takes, and how it lives with others.

    `reasons`: only for returns given for one of them. `group`: events of one group in the same matter and reply
    count once: `pick` "once", or only the one with the most points: "highest".
    """

    points: Points | None = Field(alias="分值", default=None)
    per: Annotated[
        str,
        word({"每件次": "matter_time", "每次": "time", "每个到期日": "due_date", "每件": "matter"}, "计次"),
    ] = Field(alias="计次")
    reasons: tuple[Annotated[str, word(vocabulary.RETURN_REASONS, "退回理由")], ...] = Field(
        alias="限于理由", default=()
    )
    group: Name | None = Field(alias="合并", default=None)
    pick: Annotated[str, word({"一次": "once", "最高": "highest"}, "合并取法")] | None = Field(
        alias="合并取", default=None
    )
    stands_with: tuple[Event, ...] = Field(alias="可与并计", default=())
    then: tuple[Consequence, ...] = Field(alias="其后", default=())
    account_by: tuple[Name, ...] = Field(alias="说明单位", default=())
    consider: YesNo = Field(alias="供年终考评", default=False)


class Corner(Shape):
    """A corner of the line: so many points at this rate."""

    rate: Percent = Field(alias="率")
    points: Points = Field(alias="分值")


def _corner(value: object) -> object:
    """Let `90%: -1分` stand for a corner."""
    if isinstance(value, dict) and len(value) == 1:
        ((rate, points),) = value.items()
        return {"率": rate, "分值": points}
    raise ValueError("请写成“90%: -1分”（率: 分值）")


Corners = Annotated[
    tuple[Annotated[Corner, BeforeValidator(_corner)], ...],
    NOT_EMPTY,
    "列表，每项写“率: 分值”，如 [100%: +2分, 90%: 0分, 80%: -3分]，从高到低；两点之间按直线折算，两头之外取端点的分值",
]


class Rate(Shape):
    """按率计分: the points that a rate of the period is worth, along straight lines between corners.

    `least`: with fewer matters than that behind it a rate says nothing and is worth nothing.
    """

    corners: Corners = Field(alias="折点")
    least: Matters | None = Field(alias="最少件数", default=None)

    @model_validator(mode="after")
    def _a_line(self) -> Self:
        rates = [corner.rate for corner in self.corners]
        if len(rates) < 2:
            raise ValueError("“折点”至少要写两点，中间才有直线可折算")
        if any(rate > 1 for rate in rates):
            raise ValueError("“折点”里的率不能超过100%")
        if any(low >= high for high, low in pairwise(rates)):
            raise ValueError("“折点”要从高到低写，同一个率只写一次")
        return self
