"""What people and steps do to a matter. Each act is one transaction, safe to repeat, and refuses in one sentence."""

from duban.acts.act import OPERATOR, SYSTEM, lapse
from duban.acts.asking import Question
from duban.acts.cases import may_account, owed_by, render_account, resolve_case
from duban.acts.deciding import decide
from duban.acts.decomposing import decompose, instruct_parts
from duban.acts.delivering import deliver, read, receive
from duban.acts.extending import extend, object_extension
from duban.acts.handling import reply, reply_on_paper, report_progress
from duban.acts.noting import coordinate, criticise, follow_up, hold_to_account, praise, report_leak
from duban.acts.own import report_own
from duban.acts.questions import question
from duban.acts.reassigning import decline
from duban.acts.registering import check, register, register_all
from duban.acts.reminding import inspect, track, write_papers
from duban.acts.reporting import report_period, return_period
from duban.acts.reviewing import file_away, further_work, leader_return, write_report
from duban.acts.seeing import may_see
from duban.acts.turning import consult, instruct, withdraw
from duban.acts.upward import draft_upward
from duban.acts.urging import account, demand_account, urge, urge_by_hand
from duban.acts.visiting import visit

__all__ = [
    "OPERATOR",
    "SYSTEM",
    "Question",
    "account",
    "check",
    "consult",
    "coordinate",
    "criticise",
    "decide",
    "decline",
    "decompose",
    "deliver",
    "demand_account",
    "draft_upward",
    "extend",
    "file_away",
    "follow_up",
    "further_work",
    "hold_to_account",
    "inspect",
    "instruct",
    "instruct_parts",
    "lapse",
    "leader_return",
    "may_account",
    "may_see",
    "object_extension",
    "owed_by",
    "praise",
    "question",
    "read",
    "receive",
    "register",
    "register_all",
    "render_account",
    "reply",
    "reply_on_paper",
    "report_leak",
    "report_own",
    "report_period",
    "report_progress",
    "resolve_case",
    "return_period",
    "track",
    "urge",
    "urge_by_hand",
    "visit",
    "withdraw",
    "write_papers",
    "write_report",
]
