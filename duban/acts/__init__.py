"""What people and steps do to a matter. Each act is one transaction, safe to repeat, and refuses in one sentence."""

from duban.acts.act import OPERATOR, SYSTEM, lapse
from duban.acts.asking import Question
from duban.acts.deciding import decide
from duban.acts.delivering import deliver, read, receive
from duban.acts.handling import account, demand_account, extend, reply, report_progress, urge
from duban.acts.own import report_own
from duban.acts.questions import question
from duban.acts.registering import check, register, register_all
from duban.acts.reviewing import file_away, leader_return, write_report
from duban.acts.seeing import may_see
from duban.acts.turning import consult, instruct, withdraw
from duban.acts.visiting import visit

__all__ = [
    "OPERATOR",
    "SYSTEM",
    "Question",
    "account",
    "check",
    "consult",
    "decide",
    "deliver",
    "demand_account",
    "extend",
    "file_away",
    "instruct",
    "lapse",
    "leader_return",
    "may_see",
    "question",
    "read",
    "receive",
    "register",
    "register_all",
    "reply",
    "report_own",
    "report_progress",
    "urge",
    "visit",
    "withdraw",
    "write_report",
]
