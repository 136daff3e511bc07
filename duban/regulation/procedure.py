"""The rule shapes of the way to the unit and of the time there, as a matter meets them (立项 … 催办)."""

from typing import Annotated

from pydantic import Field

from duban.regulation import vocabulary
from duban.regulation.shape import Desks, Shape
from duban.regulation.values import (
    Consequence,
    Name,
    NoticeKind,
    Period,
    Persons,
    Post,
    When,
    YesNo,
    word,
)


class Duty(Shape):
    """督办责任: whom every unit must name before it is given anything."""

    heads: Persons | None = Field(alias="主要负责人", default=None)
    leaders: Persons | None = Field(alias="督办领导", default=None)
    liaisons: Persons | None = Field(alias="联络员", default=None)
    checkers: Persons | None = Field(alias="审核人", default=None)
    single_channel: YesNo = Field(alias="只经办公室收发", default=False)

    def posts(self) -> tuple[tuple[str, str], ...]:
        """Return whom every unit must name: (the word for it, the post)."""
        asked = (
            ("主要负责人", "unit_head", self.heads),
            ("督办领导", "unit_leader", self.leaders),
            ("联络员", "liaison", self.liaisons),
            ("审核人", "unit_checker", self.checkers),
        )
        return tuple((word, post) for word, post, persons in asked if persons)


class Source(Shape):
    """来源: a kind of matter in the scope chapter, and which notice it may take; the first is usual.

    `upward`: the result goes up, in the form that 上报 lays down for this case (leader_above, body_above, all).
    `upward_to_leader`: the case instead when the matter answers the instruction of a named leader.
    """

    name: Name = Field(alias="名称")
    notices: tuple[NoticeKind, ...] = Field(alias="通知单", default=())
    stages: YesNo = Field(alias="可分阶段", default=False)
    upward: Annotated[str, word(vocabulary.UPWARD_CASES, "上报情形")] | None = Field(alias="上报", default=None)
    upward_to_leader: Annotated[str, word(vocabulary.UPWARD_CASES, "上报情形")] | None = Field(
        alias="有批示领导时上报", default=None
    )


class Notice(Shape):
    """通知单: a form in which a matter is handed over. `needs_leader`: it answers an instruction of a named leader."""

    document: Name = Field(alias="文书")
    needs_leader: YesNo = Field(alias="须有批示领导", default=False)


class Mode(Shape):
    """督办方式: written, by phone, on site, jointly, covertly, or by the office itself.

    `requires`: what must be on record before it may be used (chief_order, party_consent, special_importance).
    """

    document: Name | None = Field(alias="文书", default=None)
    signed: YesNo = Field(alias="须签发", default=False)
    requires: Annotated[str, word(vocabulary.PREREQUISITES, "前提")] | None = Field(alias="前提", default=None)
    partners: tuple[Name, ...] = Field(alias="参加部门", default=())


class Registration(Shape):
    """立项: what must be known, and the way of a proposal from a department."""

    requires: tuple[Annotated[str, word(vocabulary.REGISTRATION_PARTS, "立项要素")], ...] = Field(
        alias="必备", default=()
    )
    proposal: Name | None = Field(alias="呈批文书", default=None)
    proposal_desks: Desks | None = Field(alias="呈批", default=None)
    record_instead: YesNo = Field(alias="可备案代替呈批", default=False)


class SignChain(Shape):
    """送审签发: the desks that a notice passes, in order. Not issued before the last has signed."""

    desks: Desks = Field(alias="岗位")


class Dispatch(Shape):
    """交办: how soon the signed notice goes out; `limit` None: the regulation does not say."""

    limit: Period | None = Field(alias="时限", default=None)
    direct: YesNo = Field(alias="可直接送达", default=False)


class PhoneNotice(Shape):
    """电话通知: which notices are announced by phone, and the record of the call."""

    notices: tuple[NoticeKind, ...] = Field(alias="通知单", default=())
    document: Name | None = Field(alias="文书", default=None)


class Receipt(Shape):
    """领收: how soon the unit collects the notice. `notices` empty: every notice."""

    limit: Period | None = Field(alias="时限")
    notices: tuple[NoticeKind, ...] = Field(alias="通知单", default=())
    late: Consequence | None = Field(alias="超时", default=None)


class Reading(Shape):
    """阅批: who in the unit reads and decides, and how soon; `limit` None: at once (及时), without a number."""

    limit: Period | None = Field(alias="时限", default=None)
    post: Post | None = Field(alias="岗位", default=None)
    late: Consequence | None = Field(alias="超时", default=None)


class Interval(Shape):
    """跟踪: how often the office asks, by urgency, and how long before the due date the unit is reminded."""

    intervals: dict[Annotated[str, word(vocabulary.URGENCIES, "紧急程度")], Period] = Field(alias="间隔", default={})
    reminders: tuple[Period, ...] = Field(alias="到期提醒", default=())


class WarningStep(Shape):
    """One step of urging by colour or name: 黄牌, three working days before the limit."""

    name: Name = Field(alias="名称")
    when: When = Field(alias="时机")
    document: Name | None = Field(alias="文书", default=None)


class Urge(Shape):
    """催办: when, in which forms, with which paper, how long it gives, and what follows.

    `discretionary`: the office decides whether there is an urge at all. `min_interval`: between any two urges.
    """

    forms: tuple[Annotated[str, word(vocabulary.URGE_FORMS, "催办形式")], ...] = Field(alias="形式", default=())
    document: Name | None = Field(alias="文书", default=None)
    discretionary: YesNo = Field(alias="必要时发", default=False)
    before_due: YesNo = Field(alias="到期前可催", default=False)
    issue: Period | None = Field(alias="发出", default=None)
    grace: Period | None = Field(alias="宽限", default=None)
    min_interval: Period | None = Field(alias="最短间隔", default=None)
    stopped_by: tuple[Annotated[str, word({"结果": "result", "进展情况": "progress"}, "内容")], ...] = Field(
        alias="报来即止", default=()
    )
    then: tuple[Consequence, ...] = Field(alias="其后", default=())
    account_to: tuple[Post, ...] = Field(alias="说明报送", default=())
    without_leader: Post | None = Field(alias="无批示领导时", default=None)
    warnings: tuple[WarningStep, ...] = Field(alias="分级", default=())


class Decomposition(Shape):
    """分解: what the units that share one matter are called, and how far each of them answers for it."""

    lead: Name = Field(alias="牵头称谓")
    co_handler: Name = Field(alias="配合称谓")
    lead_duty: Name | None = Field(alias="牵头责任", default=None)
    co_handler_duty: Name | None = Field(alias="配合责任", default=None)
