"""What a desk sees of a draft before it decides: the figures and lists in Markdown, at most a page of each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from duban import organization
from duban.ledger.standing import State
from duban.periodicals.reading import of
from duban.periodicals.scoring import entries_table, in_points, points, ranking_table, table

Content = Mapping[str, Any]


def chapters(state: State, content: Content) -> list[str]:
    """The draft in chapters, each a heading and a table or a line."""
    return [f"**{head}**\n\n{body}" for head, body in _CHAPTERS[state.type](state, content)]


def _scoring(state: State, content: Content) -> Iterator[tuple[str, str]]:
    if in_points(content):
        yield "排名", ranking_table(content)
        yield "计分", entries_table(content) or "这一期没有计分。"
    else:
        yield "供考评的情形", entries_table(content) or "这一期没有可列的情形。"
    objections = of(state).periodical.objections
    if objections:
        org = organization.load(state.organization)
        verdicts = {True: "成立", False: "不成立", None: "未裁定"}
        rows = [(org.unit(one.unit).short, one.reason, verdicts[one.upheld], one.answer or "—") for one in objections]
        yield "异议", table(("单位", "异议", "裁定", "理由"), rows)
    yield from _behind(content)


def _bulletin(state: State, content: Content) -> Iterator[tuple[str, str]]:
    said = content["report"]
    yield "总体情况", _summary(said["summary"])
    yield "各单位", _figures("单位", said["units"])
    named = [(_KINDS[one["kind"]], one["unit_name"], one["reason"], one["on"]) for one in said["named"]]
    named += [(_KINDS[one["kind"]], one["unit_name"], one["reason"], one["on"]) for one in content["notices"]]
    yield "表扬和批评", table(("类别", "单位", "理由", "日期"), named) if named else "没有。"
    if ranking := content["ranking"]:
        rows = [(one["rank"] or "—", one["name"], one["shown"], points(one["delta"])) for one in ranking["rows"]]
        yield f"得分排名（{ranking['title']}）", table(("名次", "单位", "得分", "本期"), rows)
    if text := of(state).periodical.text:
        yield "正文", text.replace("<", "&lt;")
    yield from _behind(content)


def _digest(_state: State, content: Content) -> Iterator[tuple[str, str]]:
    said = content["report"]
    if "instructions" in said:
        stands = [(one["name"], one["figure"]["value"]) for one in said["stands"]["parts"]]
        yield "总体情况", table(("情况", "件数"), [("批示件", said["total"]["value"]), *stands])
        named = [one for one in said["instructions"] if one["opinion"]]
        rows = [(one.get("unit_name", one.get("unit")), one["reference"], one["opinion"]) for one in named]
        yield "通报意见", table(("单位", "文号", "意见"), rows) if rows else "没有要通报的。"
    else:
        yield "总体情况", _summary(said["summary"])
        rows = [
            (one["name"], one["matters"]["value"], *(part["figure"]["value"] for part in one["reported"]["parts"]))
            for one in said["units"]
        ]
        names = tuple(part["name"] for part in said["reported"]["parts"])
        yield "报送情况", table(("单位", "件数", *names), rows)
    yield from _behind(content)


def _weekly(_state: State, content: Content) -> Iterator[tuple[str, str]]:
    said = content["report"]
    rows = [(one["name"], one["open"]["value"], one["overdue"]["value"]) for one in said["units"]]
    yield "在办", table(("单位", "在办", "逾期"), [("合计", said["open"]["value"], said["overdue"]["value"]), *rows])
    yield from _behind(content)


def _behind(content: Content) -> Iterator[tuple[str, str]]:
    if content["behind"]:
        yield "没有查成", f"以下督办件的时限没有更新，统计可能不全，请查看每日查看：{'、'.join(content['behind'])}。"


_KINDS = {"praised": "表扬", "criticised": "批评"}


def _figures(what: str, summaries: Sequence[Mapping[str, Any]]) -> str:
    """How matters ended or stand, a row each; the classes add up to the total."""
    names = [part["name"] for part in summaries[0]["outcome"]["parts"]] if summaries else []
    rows = [
        (one["name"], one["total"]["value"], *(part["figure"]["value"] for part in one["outcome"]["parts"]))
        for one in summaries
    ]
    return table((what, "总件数", *names), rows)


def _summary(summary: Mapping[str, Any]) -> str:
    rates = [(rate["name"], rate["text"]) for rate in summary["rates"]]
    return "\n\n".join([_figures("范围", [summary]), *([table(("比率", "值"), rates)] if rates else [])])


_CHAPTERS: dict[str, Callable[[State, Content], Iterator[tuple[str, str]]]] = {
    "monthly_scoring": _scoring,
    "bulletin": _bulletin,
    "instruction_digest": _digest,
    "weekly_progress": _weekly,
}


#: Types of which a draft can be shown so.
TYPES = tuple(_CHAPTERS)
