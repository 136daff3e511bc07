"""Any year that can have happened: its chains hold, and told in the words of the list it happens again the same."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_year import EVENING

from duban.history import replay, sheets, telling, year
from duban.ledger.append import projected
from duban.ledger.chain import digest
from duban.ledger.held import Book
from duban.ledger.projection import apply

UNITS = ("治安支队", "经侦支队", "洮北分局", "交警支队", "大安市局")
HEAD = {"来源": "4", "批示领导": "顾长风", "批示日期": "2026-01-05", "批示内容": "请办理。", "办理要求": "按期办结。"}
#: What decides where a matter stands and what it scores.
WEIGHTS = ("due_on", "due_at", "level", "reason", "scores", "unit", "on_time", "how", "signed_by", "opens", "desks")


@st.composite
def steps(draw: st.DrawFn) -> list[dict[str, Any]]:
    """What may happen to one matter, one thing after the other, each with its day and perhaps its hour."""
    on = date(2026, 1, 5) + timedelta(days=draw(st.integers(0, 200)))
    said: list[dict[str, Any]] = []

    def happens(word: str, after: int = 0, **more: Any) -> None:
        nonlocal on
        on += timedelta(days=after)
        if on <= EVENING.date():
            hour = draw(st.sampled_from(["", "", "18:40"]))
            said.append({"日期": on.isoformat(), "时间": hour, "事项": word, **more})

    days = st.integers(1, 9)
    happens("下达")
    if draw(st.booleans()):
        happens("领收", draw(st.integers(0, 3)))
    for _round in range(draw(st.integers(0, 3))):
        turn = draw(st.sampled_from(["", "", "进展", "新批示", "延期", "跟踪"]))
        if turn == "新批示":
            until = on + timedelta(days=draw(st.integers(12, 40)))
            happens(turn, 1, 由谁="顾长风", 新期限=until.isoformat(), 说明=f"第{_round + 1}次要求。")
        elif turn == "延期":
            happens(
                turn,
                1,
                由谁="某人",
                新期限=(on + timedelta(days=draw(st.integers(30, 60)))).isoformat(),
                说明="还差一步。",
            )
        elif turn:
            until = {"新期限": (on + timedelta(days=20)).isoformat()} if turn == "进展" else {}
            happens(
                turn, draw(days), **({"理由": "电话"} if turn == "跟踪" else {}), 说明=f"第{_round + 1}次。", **until
            )
        happens("回复", draw(days), 由谁="某人")
        if draw(st.booleans()):
            happens(
                "退回",
                1,
                由谁=draw(st.sampled_from(["办公室", "分管领导"])),
                理由=draw(st.sampled_from(["敷衍塞责", "补充修改"])),
            )
            continue
        happens("审核通过", 1, 理由=draw(st.sampled_from(["", "格式不规范"])))
        happens("办结", 1)
        if draw(st.booleans()):
            happens("表扬", 1, 由谁="通报", 文号="通报1号", 说明="办得好。")
        break
    return said


def played(tmp_path: Path, matters: list[dict[str, Any]], events: list[dict[str, Any]]) -> tuple[Book, list[str]]:
    """The book of a year given as rows."""
    file = tmp_path / "年.json"
    file.write_text(json.dumps({"督办件": matters, "经过": events}, ensure_ascii=False, default=str), encoding="utf-8")
    found, faults = year.of_tables(sheets.read(file), EVENING)
    assert [str(fault) for fault in faults] == []
    for nth, matter in enumerate(found.matters, start=1):
        matter.number, matter.reference = f"BC-2026-{nth:04d}", f"白公督〔2026〕{nth}号"
    book, faults = replay.play(found.matters, EVENING, "property")
    return book, [str(fault) for fault in faults]


def weighed(book: Book) -> list[tuple[object, ...]]:
    """Everything of the events but the words, and where the matters stand."""
    pages = [book.pages[number] for number in sorted(book.pages)]
    return [
        (event.number, event.seq, event.kind, event.key, event.at, event.clause, weights(event.data))
        for page in pages
        for event in page.events
    ] + [({**projected(page.state), "run_key": ""},) for page in pages if page.state]


def weights(data: dict[str, Any]) -> list[str]:
    """What is left of an event's data."""
    return [str(data.get(name)) for name in WEIGHTS]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    walks=st.lists(
        st.tuples(st.sampled_from(UNITS), st.sampled_from(["一般", "复杂"]), steps()), min_size=1, max_size=4
    )
)
def test_a_year_told_in_its_own_words_happens_again_the_same(
    walks: list[tuple[str, str, list[dict[str, Any]]]], tmp_path: Path
) -> None:
    matters, events = [], []
    for nth, (unit, kind, said) in enumerate(walks, start=1):
        matters.append(
            {
                "编号": str(nth),
                "类型": kind,
                "标题": f"第{nth}件",
                "承办单位": unit,
                "登记日期": said[0]["日期"],
                **HEAD,
            }
        )
        matters[-1]["批示日期"] = said[0]["日期"]
        events += [{"编号": str(nth), **row} for row in said]
    book, faults = played(tmp_path, matters, events)
    for one in faults:  # what cannot be true is told with its place, whatever it was
        assert one.startswith(("“经过”第", "“督办件”第"))
        assert "走不通" not in one
    for page in book.pages.values():
        state = None
        for event in page.events:
            assert event.hash == digest(event)
            assert event.at <= EVENING
            state = apply(state, event)
        assert state == page.state
    if faults:
        return
    pages = [page for _number, page in sorted(book.pages.items())]
    rows = [telling.matter(page.state, page.state.unit) for page in pages if page.state]
    told = [row for page in pages if page.state for row in telling.steps(page.state, page.events)]
    again, faults = played(tmp_path, rows, told)
    assert faults == []
    assert weighed(again) == weighed(book)


def test_the_hours_of_a_day_stay_in_the_order_of_its_rows(tmp_path: Path) -> None:
    head = {"编号": "1", "类型": "一般", "标题": "一件", "承办单位": "治安支队", **HEAD}
    rows = [("下达", ""), ("领收", "09:30"), ("阅批", ""), ("回复", "15:00"), ("审核通过", ""), ("办结", "")]
    events = [{"编号": "1", "日期": "2026-01-05", "时间": hour, "事项": word} for word, hour in rows]
    book, faults = played(tmp_path, [head], events)
    assert faults == []
    hours = {event.kind: event.at.time() for event in book.pages["BC-2026-0001"].events}
    assert [hours[kind] for kind in ("dispatched", "received", "read", "replied", "accepted", "approved")] == [
        time(9, 30),
        time(9, 30),
        time(12),
        time(15),
        time(15),
        time(15),
    ]
    assert datetime.combine(date(2026, 1, 5), hours["filed"], EVENING.tzinfo) < EVENING
