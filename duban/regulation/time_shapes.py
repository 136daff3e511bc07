"""The rule shapes of time: kinds of matter with their limits, regular reports, and how periods are counted."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from duban.regulation import vocabulary
from duban.regulation.shape import Desks, Shape
from duban.regulation.values import Clock, DayOfMonth, Name, Term, YesNo, word


class Cadence(Shape):
    """进展报送: how often progress is reported, on which day, and where that day goes when nobody works."""

    every: Annotated[str, word({"每周": "week", "每月": "month", "不定期": "irregular"}, "周期")] | None = Field(
        alias="周期"
    )
    weekday: Annotated[int, word(vocabulary.WEEKDAYS, "星期")] | None = Field(alias="星期", default=None)
    day: DayOfMonth | None = Field(alias="日期", default=None)
    roll: Annotated[str, word({"提前": "previous", "顺延": "next", "不变": "none"}, "遇休")] = Field(
        alias="遇休", default="none"
    )
    document: Name | None = Field(alias="文书", default=None)


class Compilation(Cadence):
    """批示件汇总: what the office compiles regularly; `desks`: who agrees to it before it goes out."""

    desks: Desks | None = Field(alias="审批", default=None)


class Type(Shape):
    """事项类型: a kind of matter. `limit` None (另定): the date is stated in the notice, or only the cadence counts."""

    name: Name = Field(alias="名称")
    limit: Term = Field(alias="时限", default=None)
    leader_overrides: YesNo = Field(alias="领导另定优先", default=False)
    cadence: Cadence | None = Field(alias="报送", default=None)

    @model_validator(mode="after")
    def _limit_or_cadence(self) -> Self:
        if "limit" not in self.model_fields_set and self.cadence is None:
            raise ValueError("事项类型要写“时限”（如“5日”“另定”）或“报送”，两样都没有就不知道什么时候到期")
        return self

    @property
    def stated(self) -> bool:
        """Whether the notice itself must state the date."""
        return self.limit is None and self.cadence is None


class Counting(Shape):
    """计期: how periods run. Every reading of the ambiguous clauses on time is a key here, not a line of Python."""

    start: Annotated[str, word({"下达": "dispatch", "领收": "receipt"}, "起点")] = Field(alias="起点")
    first_day: YesNo = Field(alias="首日计入")
    days: Annotated[str, word({"自然日": "calendar", "工作日": "working"}, "日的含义")] = Field(alias="日")
    roll: Annotated[str, word({"提前": "previous", "顺延": "next", "不变": "none"}, "遇休")] = Field(alias="末日遇休")
    stated_roll: Annotated[str, word({"提前": "previous", "顺延": "next", "不变": "none"}, "遇休")] = Field(
        alias="写明日期遇休"
    )
    end_of_day: Clock = Field(alias="到期时刻")
    start_of_business: Clock | None = Field(alias="上班时刻", default=None)
    close_of_business: Clock = Field(alias="下班时刻")
