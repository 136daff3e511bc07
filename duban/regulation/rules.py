"""What a regulation file may lay down: the keys of its front matter and of its rule blocks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from duban import clerk_yaml
from duban.regulation import outcome_shapes as o
from duban.regulation import procedure as p
from duban.regulation import scoring_shapes as s
from duban.regulation import time_shapes as t
from duban.regulation import vocabulary
from duban.regulation.shape import Shape

# The keys of the front matter and the fields of `Regulation` that they fill.
FRONT: Mapping[str, str] = MappingProxyType(
    {
        "编号": "id",
        "名称": "title",
        "单位": "bureau",
        "施行日期": "valid_from",
        "废止日期": "valid_to",
        "替代": "replaces",
        "机构": "organization",
    }
)


@dataclass(frozen=True)
class Rule:
    """A key that may open a rule block: the field of `Regulation` that it fills, and its shape.

    `entry`: the rule is a table, and this turns the name of an entry into its id. A table may be spread over
    clauses (each type of matter has its own); any other rule is laid down once.
    """

    field: str
    shape: type[Shape]
    entry: Callable[[str], str | int] | None = None
    required: bool = False


def _from(words: Mapping[str, str], what: str) -> Callable[[str], str]:
    return lambda name: clerk_yaml.choose(name, words, what)


def _source_number(name: str) -> int:
    if not (name.isdecimal() and name.isascii() and 0 < int(name) < 100):
        raise ValueError(f"来源的序号“{name}”应是阿拉伯数字，从1起")
    return int(name)


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "督办责任": Rule("duty", p.Duty),
        "来源": Rule("sources", p.Source, _source_number),
        "通知单": Rule("notices", p.Notice, _from(vocabulary.NOTICES, "通知单种类")),
        "督办方式": Rule("modes", p.Mode, _from(vocabulary.MODES, "督办方式")),
        "立项": Rule("registration", p.Registration),
        "送审签发": Rule("sign_chain", p.SignChain, required=True),
        "交办": Rule("dispatch", p.Dispatch),
        "电话通知": Rule("phone_notice", p.PhoneNotice),
        "领收": Rule("receipt", p.Receipt),
        "阅批": Rule("reading", p.Reading),
        "跟踪": Rule("tracking", p.Interval),
        "催办": Rule("urge", p.Urge),
        "回复": Rule("reply", o.Reply, required=True),
        "回复内容": Rule("reply_sections", o.Section, str),
        "延期": Rule("extension", o.Extension),
        "审核": Rule("review", o.Review),
        "退回": Rule("returns", o.Returns),
        "办结": Rule("close_chain", o.CloseChain, required=True),
        "上报": Rule("upward", o.Upward, _from(vocabulary.UPWARD_CASES, "上报情形")),
        "续办": Rule("further_work", o.FurtherWork),
        "新批示": Rule("instruction", o.Instruction),
        "阶段反馈": Rule("stages", o.Stages),
        "分解": Rule("decomposition", p.Decomposition),
        "进展报送": Rule("cadence", t.Compilation),
        "批示件汇总": Rule("digest", t.Compilation),
        "归档": Rule("archive", o.Archive),
        "通报": Rule("bulletin", o.Bulletin),
        "事项类型": Rule("types", t.Type, _from(vocabulary.TYPES, "事项类型"), required=True),
        "计期": Rule("counting", t.Counting, required=True),
        "考核": Rule("scoring", s.Scoring),
        "计分": Rule("score_items", s.ScoreItem, _from(vocabulary.SCORED_EVENTS, "计分情形")),
        "按率计分": Rule("rates", s.Rate, _from(vocabulary.RATES, "指标")),
        "保密": Rule("secrecy", o.Secrecy),
        "追责情形": Rule("grounds", o.Ground, str),
    }
)
