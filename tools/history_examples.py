"""examples/历史台账.xlsx (empty, to be filled in) and examples/历史样例.xlsx (nine months of a made-up bureau).

python -m tools.history_examples [FOLDER]        writes both; the words of the sample stand in tools/history_year.txt
"""

import re
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from duban import workdays
from duban.history.listing import fill

YEAR = 2026
LETTERS = "白公督"
LEADER = {"批示领导": "顾长风", "批示内容": "请查清情况，按期办结，结果报我。"}
WORDS = Path(__file__).with_name("history_year.txt")
#: Ordinary matters between the told ones: received, answered in time, closed.
ORDINARY = (
    ("关于{}辖区盗窃警情上升的督办", "分析原因，报打防措施。"),
    ("关于{}信访事项答复的督办", "当面答复信访人，报答复情况。"),
    ("关于{}警务公开栏更新的督办", "更新到位，报照片。"),
)
UNITS = (
    "洮北分局",
    "洮南市局",
    "大安市局",
    "镇赉县局",
    "通榆县局",
    "刑侦支队",
    "网安支队",
    "法制支队",
    "出入境支队",
    "治安支队",
)

Cells = dict[str, Any]


def sample() -> tuple[list[Cells], list[Cells]]:
    """The rows of 督办件 and of 经过, by the day of registration."""
    matters, events = told()
    first = {row["编号"]: row["日期"] for row in reversed(events)}
    for row in matters:
        row["登记日期"] = first[row["编号"]]
        if row.get("批示领导"):
            row["批示日期"] = first[row["编号"]]
    for number, (matter, steps) in enumerate(ordinary(), start=len(matters) + 1):
        matter |= {"编号": str(number), "文号": f"{LETTERS}〔{YEAR}〕{number}号"}
        matters.append(matter)
        events += [step | {"编号": str(number)} for step in steps]
    return matters, events


def told() -> tuple[list[Cells], list[Cells]]:
    """The matters of the text file."""
    matters: list[Cells] = []
    events: list[Cells] = []
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        if line.startswith("="):
            matters.append(_matter(line))
        elif line and not line.startswith("#"):
            events.append({"编号": matters[-1]["编号"], **_event(line)})
    return matters, events


def _matter(line: str) -> Cells:
    number, kind, title, unit, source, wanted, *more = (part.strip() for part in line[1:].split("|"))
    said = dict(part.split("=", 1) for part in more)
    cells = {"编号": number, "文号": f"{LETTERS}〔{YEAR}〕{number}号", "类型": kind, "标题": title, "承办单位": unit}
    cells |= {"来源": source, "办理要求": wanted, **LEADER, **said}
    if not cells["批示领导"]:
        cells["批示内容"] = ""
    if "阶段" in cells:
        cells["阶段"] = cells["阶段"].replace(";", "\n")
    return cells


def _event(line: str) -> Cells:
    head, _colon, text = line.partition(" ：")
    on, *words = head.split()
    hour = words.pop(0) if re.fullmatch(r"\d\d:\d\d", words[0]) else ""
    said = dict(word.split("=", 1) for word in words[1:])
    if "新期限" in said:
        said["新期限"] = date.fromisoformat(said["新期限"])
    return {"日期": date(YEAR, int(on[:2]), int(on[3:])), "时间": hour, "事项": words[0], **said, "说明": text}


def ordinary() -> Iterator[tuple[Cells, list[Cells]]]:
    """One matter a unit, in the months that are not told."""
    for n, unit in enumerate(UNITS):
        title, wanted = ORDINARY[n % len(ORDINARY)]
        start = workdays.roll(date(YEAR, 4, 20) + timedelta(days=14 * n), "next")
        matter = {
            "类型": "一般",
            "标题": title.format(unit),
            "承办单位": unit,
            "来源": "4",
            "办理要求": wanted,
            **LEADER,
        }
        matter |= {"登记日期": start, "批示日期": start}
        days = [start, workdays.add(start, 2), workdays.add(start, 3), workdays.add(start, 4)]
        words = ("下达", "回复", "审核通过", "办结")
        yield matter, [{"日期": on, "事项": word} for on, word in zip(days, words, strict=True)]


def main(folder: Path) -> None:
    """Write both files."""
    fill(folder / "历史台账.xlsx", [], [])
    matters, events = sample()
    numbers = [
        {"机关代字": "白公催", "年份": str(YEAR), "已用到": "5"},
        {"机关代字": "白公报", "年份": str(YEAR), "已用到": "3"},
    ]
    fill(folder / "历史样例.xlsx", matters, events, numbers)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "examples"))
