"""The rule shapes of the assessment chapter (考核)."""

from typing import Annotated

from pydantic import Field

from duban.regulation import vocabulary
from duban.regulation.shape import Shape
from duban.regulation.values import Consequence, Name, Percent, Points, YesNo, word

Event = Annotated[str, word(vocabulary.SCORED_EVENTS, "计分情形")]


class Scoring(Shape):
    """考核: numbers, words, or nothing; the base and its bounds; how often it is published."""

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
