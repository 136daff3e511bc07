"""How each word of 经过 happens again: through the acts that write it when it happens in Duban.

What an act checks because it may still be put right (who may sign, how often more time may be granted, how long after
an urge the next may follow) is not asked of the past; what would make the ledger untrue is.
"""

from collections.abc import Callable

from duban.history import entering, handling, outcomes
from duban.history.turn import Turn

__all__ = ["HAPPENS", "Turn"]

#: Word of 经过 -> what it does.
HAPPENS: dict[str, Callable[[Turn], None]] = {
    "签发": entering.signed,
    "下达": entering.dispatched,
    "领收": entering.received,
    "阅批": entering.read,
    "退件": entering.declined,
    "改派": entering.reassigned,
    "维持原单位": entering.kept,
    "督办记录": entering.visited,
    "跟踪": handling.tracked,
    "检查": handling.inspected,
    "进展": handling.progressed,
    "周报": handling.period_reported,
    "延期": handling.extended,
    "申请延期": handling.asked_for_time,
    "不同意延期": handling.not_extended,
    "催办": handling.urged,
    "书面说明": handling.accounted,
    "重定期限": handling.date_set,
    "回复": handling.replied,
    "退回": outcomes.returned,
    "审核通过": outcomes.accepted,
    "阶段检查": outcomes.checked,
    "续办": outcomes.continued,
    "新批示": outcomes.instructed,
    "办理结果": outcomes.own_result,
    "办结": outcomes.closed,
    "上报": outcomes.sent_up,
    "归档": outcomes.filed,
    "撤销": outcomes.withdrawn,
    "表扬": outcomes.praised,
    "批评": outcomes.criticised,
    "回访": outcomes.followed_up,
    "问责处理": outcomes.resolved,
}
