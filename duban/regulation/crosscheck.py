"""What only shows when a regulation is seen as a whole: rules that refer to, or contradict, each other."""

from collections.abc import Iterator, Mapping

from duban.clerk_yaml import Fault
from duban.regulation.law import Regulation

Lines = Mapping[tuple[str, ...], int]


def crosscheck(law: Regulation, lines: Lines) -> Iterator[Fault]:
    """Yield every fault between the rules of `law`; `lines` says where each rule was laid down."""
    yield from _notices(law, lines)
    yield from _scores(law, lines)


def _notices(law: Regulation, lines: Lines) -> Iterator[Fault]:
    users: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
        (("来源", str(number)), rule.notices) for number, rule in law.sources.items()
    ]
    users += [(("电话通知",), law.phone_notice.notices), (("领收",), law.receipt.notices)]
    for place, kinds in users:
        for kind in kinds:
            if kind not in law.notices:
                yield Fault(lines.get(place, 1), "这里用到的通知单没有在“通知单”里规定文书名称")
    for number, rule in law.sources.items():
        if not rule.notices:
            yield Fault(lines[("来源", str(number))], f"来源第{number}项没有写用哪种“通知单”")


def _scores(law: Regulation, lines: Lines) -> Iterator[Fault]:
    for event, item in law.score_items.items():
        line = lines[("计分", event)]
        if law.scoring.method not in ("points", "qualitative"):
            yield Fault(line, "写了“计分”，但“考核”没有规定办法是“计分”还是“定性”")
        elif law.scoring.method == "points" and item.points is None:
            yield Fault(line, "考核办法是“计分”，这一项缺少“分值”，例如“-0.5分”")
        elif law.scoring.method == "qualitative" and item.points is not None:
            yield Fault(line, "考核办法是“定性”，这一项不应写“分值”")
        for other in item.stands_with:
            if other not in law.score_items:
                yield Fault(line, "“可与并计”里的情形没有规定分值")
        if set(item.reasons) - set(law.returns.reasons):
            yield Fault(line, "“限于理由”里有“退回”规则没有列出的理由")
    if law.scoring.method == "points" and law.scoring.base is None:
        yield Fault(lines[("考核",)], "考核办法是“计分”，缺少“基础分”，例如“80分”")
