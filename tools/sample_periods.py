"""Invented values for the papers of a period, as many units, entries and matters as asked for; with their charts."""

from decimal import Decimal
from typing import Any

from duban import charts

UNITS = (
    *("洮北分局", "洮南市局", "大安市局", "镇赉县局", "通榆县局", "刑侦支队", "经侦支队"),
    *("治安支队", "交警支队", "网安支队", "禁毒支队", "法制支队", "出入境支队"),
)
_ITEMS = (
    ("超期回复", "七（一）3", "-2"),
    ("办公室退回（敷衍塞责）", "七（一）1", "-0.5"),
    ("报告格式不规范", "七（一）2", "-0.5"),
    ("主要领导批示表扬", "七（二）", "+2"),
)
_TITLES = (
    "关于洮北区青年南大街夜间噪声扰民警情重复上报问题的督办",
    "关于推进派出所“两队一室”改革任务落实的督办",
    "关于核查群众来信反映驾驶证补换领窗口排队时间过长问题的督办",
)
_LIGHTS = (("红", "逾期3天"), ("黄", "还有2天"), ("绿", "还有9天"))
_LATER = {"month": "2026年2月", "note": "2月28日超期，3月补记"}


def unit(place: int) -> str:
    return UNITS[place] if place < len(UNITS) else f"第{place}大队"


def values(
    *, units: int = 13, entries: int = 6, matters: int = 8, corrections: int = 1, objections: int = 1, named: int = 2,
    files: int = 6, secret: bool = False, drawn: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """What the papers of a period say; `drawn`: with charts."""
    opened = [_matter(place) for place in range(matters)]
    if secret and opened:
        opened[-1] |= {"title": "（涉密件，内容见纸质件）", "progress": "", "light": "", "days": "", "mark": "机密★5年"}
        opened[-1] |= {"change": "", "issued_on": "", "due_on": "", "reference": "BC-2026-0099"}
    late = [one for one in opened if one["light"] == "红"]
    others = [one for one in opened if one["light"] != "红"]
    said = {
        "issue": "白公督通〔2026〕4号",
        "span": "2026年3月1日至3月31日",
        "edition": "2026年3月",
        "as_of": "2026年3月31日24时",
        "unit_count": units,
        "entry_count": entries,
        "total_count": matters + 12,
        "closed_count": 12,
        "open_count": matters,
        "overdue_count": len(late),
        "opened_count": 5,
        "cancelled_count": 0,
        "secret_count": 1 if secret else "",
        "closed_rate": f"{Decimal(1200) / (matters + 12):.1f}%",
        "on_time_rate": "91.7%",
        "overdue_rate": "25.0%",
        "base_text": "办结率以总件数减去撤销为基数，按期办结率以办结件数为基数；百分数保留一位小数。",
        "lights_told": "灯号：逾期为红，2个工作日内到期为黄，其余为绿。",
        "bulletin_text": "3月以来，仍有个别单位超期反馈。\n各单位主要负责人要过问逾期事项，4月10日前清零。",
        "base_points": "80",
        "report_rate": "87.5%",
        "reported_count": 7,
        "missing_count": 1,
        "listed_count": len(late),
        "correction_count": corrections,
        "objection_count": objections,
        "ranking_title": "2026年2月督办考核",
        "objection_unit": "白城市公安局治安管理支队",
        "objection_by": "易佳宁",
        "objection_on": "2026年4月2日",
        "objection_text": "该件3月9日已经书面报备延期，办公室同意顺延到3月16日，当天按时回复，不应按超期记分。",
        "objection_entry": "超期回复（2026年3月10日）",
        "objection_points": "-2",
        "objection_clause": "七（一）3",
        "objection_reference": "白公督〔2026〕12号",
        "objection_ruling": "异议成立，该条记分不计入",
        "objection_answer": "经核对台账，延期备案3月9日10时20分登记，早于原办理时限，顺延有效。",
        "objection_decided_by": "田雨欣",
        "objection_decided_on": "2026年4月3日",
        "archive_year": "2026",
        "fonds": "0107",
        "retention": "30年",
        "office_code": "办公室",
        "file_count": files,
        "overdue_matters": late,
        "open_matters": others,
        "closed_matters": [_matter(place) | {"state": "办结"} for place in range(min(matters, 3))],
        "unit_sums": [_sums(place) for place in range(units)],
        "type_sums": [],
        "instructions": [_matter(place) | _instructed(place) for place in range(matters)],
        "scores": _scores(units),
        "score_entries": [_entry(place) for place in range(entries)],
        "corrections": [_entry(place) | _LATER for place in range(corrections)],
        "objections": [_objection(place) for place in range(objections)],
        "praised": [_named(place) | {"reason": "办理质量好、反馈及时"} for place in range(named)],
        "criticised": [_named(place + 5) | {"reason": "未按规定时限反馈"} for place in range(named)],
        "archived_files": [_file(place) for place in range(files)],
    }  # fmt: skip
    if secret:
        said |= {"mark": "机密★5年", "copy_number": "000001"}
    return said | (_charts(units, len(late)) if drawn else {})


def _matter(place: int) -> dict[str, Any]:
    light, days = _LIGHTS[place % 3]
    return {
        "nth": place + 1,
        "number": f"BC-2026-{place + 1:04d}",
        "reference": f"白公督〔2026〕{place + 1}号",
        "title": _TITLES[place % 3],
        "unit": unit(place % 13),
        "issued_on": f"2026-03-{place % 28 + 1:02d}",
        "due_on": f"2026-04-{place % 28 + 1:02d}",
        "state": "办理中",
        "light": light,
        "days": days,
        "progress": ("3月13日：完成警情核查87件，约谈3家经营单位。", "", "3月20日：已增开窗口2个。")[place % 3],
        "change": ("新逾期；催办1次", "", "报送进展")[place % 3],
        "mark": "",
        "reported": ("本期已报", "本期未报", "本期不需报")[place % 3],
        "percent": (70, "", 100)[place % 3],
        "obstacle": ("材料没有到货", "", "")[place % 3],
        "plan": ("3月25日改造完成并验收", "", "回访当事人")[place % 3],
    }


def _instructed(place: int) -> dict[str, Any]:
    late = place % 3 == 0
    opinion = "请责任单位说明原因，5个工作日内反馈" if late else ""
    return {
        "leader": "顾长风",
        "instructed_on": "2026-03-04",
        "opinion": opinion,
        "days": 3 if late else "",
        "state": "逾期未反馈" if late else "办理中",
    }


def _sums(place: int) -> dict[str, Any]:
    closed, still, late = place % 4, place % 3, place % 2
    rate = f"{Decimal(100 * closed) / (closed + still):.1f}%" if closed + still else "—"
    return {
        "nth": place + 1, "unit": unit(place), "total": closed + still, "opened": place % 2, "closed": closed,
        "open": still, "overdue": min(late, still), "closed_rate": rate, "on_time_rate": "100.0%" if closed else "—",
        "asked": place % 5 * 2, "reported": 1, "missing": 0, "not_asked": 1,
        "lights": f"红{min(late, still)} 绿{still - min(late, still)}",
    }  # fmt: skip


def _points(place: int) -> Decimal:
    return (Decimal(-2), Decimal("-0.5"), Decimal(0), Decimal(2))[place % 4]


def _scores(units: int) -> list[dict[str, Any]]:
    ranked = sorted(range(units), key=lambda place: -_points(place))
    shown = [Decimal(80) + _points(place) for place in ranked]
    return [
        {
            "rank": shown.index(shown[nth]) + 1, "unit": unit(place), "opening": "80",
            "added": "+2" if _points(place) > 0 else "0", "deducted": str(min(_points(place), Decimal(0))),
            "change": str(_points(place)), "corrected": "0", "closing": str(shown[nth]), "shown": str(shown[nth]),
            "matters": place % 6,
        }
        for nth, place in enumerate(ranked)
    ]  # fmt: skip


def _entry(place: int) -> dict[str, Any]:
    item, clause, points = _ITEMS[place % 4]
    return {
        "nth": place + 1, "unit": unit(place % 13), "reference": f"白公督〔2026〕{place + 1}号", "item": item,
        "clause": clause, "points": points, "on": f"2026-03-{place % 28 + 1:02d}", "evidence": "办结报告", "month": "",
        "note": "",
    }  # fmt: skip


def _objection(place: int) -> dict[str, Any]:
    item, _clause, points = _ITEMS[place % 4]
    return {
        "nth": place + 1, "unit": unit(place), "item": item, "reference": f"白公督〔2026〕{place + 1}号",
        "points": points, "reason": "已在到期前报备延期。",
        "ruling": "异议成立，不计入" if place % 2 == 0 else "维持原记分",
        "answer": "延期备案登记在先。" if place % 2 == 0 else "报备在到期之后。",
    }  # fmt: skip


def _named(place: int) -> dict[str, Any]:
    matter = _matter(place)
    return {"nth": place + 1, "unit": matter["unit"], "title": matter["title"], "reference": matter["reference"]}


def _file(place: int) -> dict[str, Any]:
    return {
        "nth": place + 1, "code": f"0107-WS·2026-D30-BGS-{place + 1:04d}",
        "reference": f"白公督〔2026〕{place // 4 + 1}号", "author": "白城市公安局办公室",
        "title": f"{_TITLES[place % 3]}通知单", "on": f"202603{place % 28 + 1:02d}",
        "mark": "", "pages": place % 7 + 1, "note": "",
    }  # fmt: skip


def _charts(units: int, late: int) -> dict[str, Any]:
    scores = [(one["unit"], Decimal(one["shown"])) for one in _scores(units)]
    sums = [_sums(place) for place in range(units)]
    drawn = {
        "ranking_chart": charts.ranking(scores, "2026年3月", Decimal(80)),
        "overdue_chart": charts.overdue_by_age([("3天以内", late), ("4至7天", 1), ("8至15天", 0), ("30天以上", 2)]),
        "rounds_chart": charts.rounds_per_matter([("1轮", 14), ("2轮", 5), ("3轮", 1)]),
        "load_chart": charts.load_per_unit([(one["unit"], one["total"], one["asked"]) for one in sums]),
    }
    return {name: charts.picture(chart) for name, chart in drawn.items()}
