"""What the REST interface answers with. Times are ISO 8601 with the offset of Asia/Shanghai, days are ISO dates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from duban.ledger import State


class Refused(BaseModel):
    """Why not: one sentence to show to the person."""

    detail: str = Field(title="原因", description="一句话：什么不对、在哪里、怎么办。")


class Line(BaseModel):
    """A matter's line in the register 台账."""

    number: str = Field(title="编号", examples=["BC-2026-0001"])
    reference: str | None = Field(title="文号")
    type: str | None = Field(title="督办类型")
    title: str | None = Field(title="标题", description="涉密件不显示标题。")
    unit: str | None = Field(title="承办单位代码")
    regulation: str | None = Field(title="所依据的制度")
    mark: str | None = Field(title="密级")
    state: str | None = Field(title="状态")
    desk: str | None = Field(title="在谁案头")
    round: int | None = Field(title="轮次")
    due_on: date | None = Field(title="办理期限")
    due_at: datetime | None = Field(title="过了这一刻算逾期")
    wake_at: datetime | None = Field(title="下一个到期时刻")
    awaiting: list[str] = Field(title="等待的事项")
    registered_at: datetime | None = Field(title="登记时间")
    closed_at: datetime | None = Field(title="办结或撤销时间")
    run_key: str | None = Field(title="登记时的键")
    version: int = Field(title="记录条数")


class Asked(BaseModel):
    """What is asked of the register, in the words of its page (督办台账)."""

    q: str = Field("", title="搜索", description="编号、文号、标题里的词，几个用空格隔开；不显示的标题不搜。")
    unit: str = Field("", title="承办单位代码", description="按单位查时不含尚未公开的暗访件。")
    state: str = Field("", title="状态", examples=["in_progress"])
    open: bool | None = Field(None, title="是否在办", description="否：已经办结、撤销、归档。")
    overdue: bool = Field(False, title="只要逾期的")
    light: str = Field("", title="灯号", examples=["red"])
    type: str = Field("", title="督办类型", examples=["general"])
    leader: str = Field("", title="批示领导", description="姓名。")
    month: str = Field("", title="登记月份", examples=["2026-03"])
    round: str = Field("", title="轮次", description="1 至 4；more：更多。")
    mark: str = Field("", title="密级", examples=["内部"])
    figure: str = Field("", title="数字", description="概览里的一个数字所指的件。", examples=["open"])
    sort: str = Field(
        "", title="排序", description="列名__asc 或 列名__desc；不写的按办理期限。", examples=["number__asc"]
    )
    limit: int | None = Field(None, title="最多几件", description="不写的不限。", ge=1, le=1000)
    offset: int = Field(0, title="跳过几件", ge=0, le=1_000_000)


class Who(BaseModel):
    """Who did it."""

    user: str = Field(title="用户名")
    name: str = Field(title="姓名")
    post: str | None = Field(title="岗位")
    unit: str | None = Field(title="单位代码")


class Happened(BaseModel):
    """One entry of the ledger. Each holds the hash of the one before it: nothing can be changed unseen."""

    id: int = Field(title="总序号")
    number: str = Field(title="编号")
    seq: int = Field(title="本件的第几条")
    kind: str = Field(title="种类")
    key: str = Field(title="标识")
    round: int | None = Field(title="轮次")
    at: datetime = Field(title="发生时间")
    recorded_at: datetime = Field(title="记入时间")
    actor: Who = Field(title="谁办的")
    clause: str = Field(title="依据条款")
    data: dict[str, Any] = Field(title="内容")
    prev_hash: str = Field(title="上一条的校验值")
    hash: str = Field(title="校验值")


class Matter(BaseModel):
    """Where a matter stands, and all that happened to it."""

    state: State = Field(title="现状")
    events: list[Happened] = Field(title="经过")


class File(BaseModel):
    """A file of a matter."""

    sha256: str = Field(title="校验值")
    name: str = Field(title="文件名")
    size: int = Field(title="字节数")
    media_type: str = Field(title="文件类型")
    kind: str = Field(title="文书种类", description="系统制作或登记的文书；附件为空。")
    href: str = Field(title="下载地址", description="相对于本接口的地址（/duban/api）。")


class Done(BaseModel):
    """Where the matter stands after a deed."""

    number: str = Field(title="编号")
    state: str = Field(title="状态")
    round: int = Field(title="轮次")
    due_on: date | None = Field(title="办理期限")


class Accounted(BaseModel):
    """The account of a case was taken; the matter itself may be another unit's."""

    number: str = Field(title="编号")
    case: str = Field(title="问责编号")


class Registered(BaseModel):
    """A matter that was registered, now or when the same key was sent before."""

    number: str = Field(title="编号")
    reference: str = Field(title="文号")
    state: str = Field(title="状态")
    due_on: date | None = Field(title="办理期限")
    repeated: bool = Field(title="此前已登记", description="同一个键以前已经登记过，这次没有再登记。")
    started: bool = Field(title="流程已启动", description="没有启动的，用同一个键再提交一次，或等系统每天补启动。")
    note: str = Field(title="流程没有启动的原因")


class Owed(BaseModel):
    """A case in which one's own unit owes its written account."""

    number: str = Field(title="编号")
    reference: str = Field(title="文号")
    case: str = Field(title="问责编号")
    clause: str = Field(title="依据条款")
    reason: str = Field(title="原因")
    opened_at: datetime = Field(title="登记时间")


class Noted(BaseModel):
    """One thing that the office should look at today."""

    kind: str = Field(title="种类")
    kind_text: str = Field(title="种类名称")
    number: str = Field(title="编号")
    unit: str = Field(title="单位代码")
    clause: str = Field(title="依据条款")
    sentence: str = Field(title="提示")
    days: int = Field(title="已有几天", description="负数表示还有几天。")


class Watch(BaseModel):
    """What the office should look at today 每日提示."""

    at: datetime = Field(title="截至")
    summary: str = Field(title="概况")
    findings: list[Noted] = Field(title="逐条")


class Counted(BaseModel):
    """When a limit is due, and how it was counted."""

    due_on: date = Field(title="到期日")
    due_at: datetime = Field(title="过了这一刻算逾期")
    clause: str = Field(title="依据条款")
    counted: list[date] = Field(title="逐日计算")
    rolled: str | None = Field(title="为什么顺延")


class Result(BaseModel):
    """A matter that has ended, with the papers that say how."""

    number: str = Field(title="编号")
    reference: str = Field(title="文号")
    key: str | None = Field(title="登记时您给的键", description="不是经本接口、由您本人登记的，为空。")
    title: str = Field(title="标题", description="涉密件不显示标题。")
    unit: str = Field(title="承办单位代码")
    unit_name: str = Field(title="承办单位")
    outcome: str = Field(title="结果", examples=["closed", "cancelled"])
    closed_at: datetime = Field(title="办结或撤销时间")
    report: File | None = Field(title="办理报告", description="最后一份，已审批的优先；撤销件和涉密件没有。")
    reply: File | None = Field(title="承办单位的回复", description="最后一轮的；报送纸质件的没有。")


class Results(BaseModel):
    """What has ended since a moment; ask next time from `until` on."""

    until: datetime = Field(title="截至", description="下次作为 since。")
    results: list[Result] = Field(title="办结和撤销的督办件")


class Question(BaseModel):
    """A decision that waits for whoever asks."""

    number: str = Field(title="编号")
    key: str = Field(title="事项")
    subject: str = Field(title="事由")
    body: str = Field(title="内容", description="Markdown。")
    options: list[str] = Field(title="可选的答复")
    fields: dict[str, dict[str, Any]] = Field(title="要填写的内容", description="各项为 JSON Schema。")


class Answer(BaseModel):
    """The answer to a decision."""

    model_config = {"extra": "forbid"}

    option: str = Field(title="答复", description="options 中的一个。", max_length=100)
    fields: dict[str, Any] = Field({}, title="填写的内容")
