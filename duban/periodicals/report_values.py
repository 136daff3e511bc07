"""A report as its JSON says it (`duban.reports`) -> the values of its paper."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from duban.acts.form import is_secret
from duban.acts.paper_values import day
from duban.documents import Picture
from duban.ledger.standing import ENDED
from duban.reports.heading import as_of_text

Said = Mapping[str, Any]
#: What is rounded, and how, stands below every table of rates.
ROUNDED = "百分数四舍五入，保留一位小数。"


def report_values(report: Said) -> dict[str, Any]:
    """What a template may use of a weekly report, a month's progress, a digest or a bulletin (its `as_json()`)."""
    return _head(report["heading"]) | _KINDS[report["heading"]["kind"]](report)


def _head(heading: Said) -> dict[str, Any]:
    mark = heading["mark"]
    issued = heading["issued_on_text"] or ""
    return {
        "bureau": heading["organization_name"],
        "office_name": heading["office"],
        "regulation": heading["regulation_title"],
        "clause": heading["clause"],
        "title": heading["title"],
        "span": heading["period_text"],
        "as_of": as_of_text(datetime.fromisoformat(heading["as_of"])),
        "document_on": issued,
        "printed_by": heading["office"],
        "printed_on": issued,
        "mark": mark,
        "copy_number": "000001" if is_secret(mark) else "",
    }


def _value(said: Said, key: str) -> int:
    """The count of one class of a partition; 0 for a class that it does not have."""
    return next((int(part["figure"]["value"]) for part in said["parts"] if part["key"] == key), 0)


_RATES = {"closed_rate": "办结率", "on_time_rate": "按期办结率", "overdue_rate": "逾期率", "report_rate": "报送率"}


def _rates(rates: Iterable[Said], *told: str) -> dict[str, Any]:
    """The rates; of those that the paper prints (`told`) the base too, so that nobody has to guess of what it is."""
    found = {one["name"]: one for one in rates}
    bases = "，".join(f"{_RATES[one]}以“{found[_RATES[one]]['base_name']}”为基数" for one in told)
    texts = {value: found[name]["text"] for value, name in _RATES.items() if name in found}
    return texts | {"base_text": f"{bases}；{ROUNDED}" if bases else ""}


def _line(nth: int, line: Said) -> dict[str, Any]:
    """One matter of a list. Of a state secret there is its number, its mark and its unit, and where the rest is."""
    progress = line["progress"]
    if progress and line["progress_on"]:
        progress = f"{day(line['progress_on']).partition('年')[2]}：{progress}"
    helpers = line["cohandlers"]
    return {
        "nth": nth,
        "number": line["number"],
        "reference": line["reference"] or line["number"],
        "title": line["title"],
        "unit": line["unit_name"] + (f"（协办：{helpers}）" if helpers else ""),
        "issued_on": line["registered_on"] or "",
        "due_on": line["due_on"] or "",
        "state": line["state_name"],
        "light": line["light_name"].removesuffix("灯"),
        "days": line["due_text"],
        "progress": progress,
        "change": "；".join(line["changes"]),
        "mark": line["mark"],
    }


def _lines(lines: Iterable[Said]) -> list[dict[str, Any]]:
    return [_line(nth, one) for nth, one in enumerate(lines, start=1)]


def _weekly(report: Said) -> dict[str, Any]:
    every = [line for unit in report["units"] for line in unit["lines"]]
    late = sorted((one for one in every if one["overdue"]), key=lambda one: one["days_left"] or 0)
    units = [
        {
            "nth": nth,
            "unit": unit["name"],
            "open": unit["open"]["value"],
            "overdue": unit["overdue"]["value"],
            "lights": _lights(unit["lights"]),
        }
        for nth, unit in enumerate(report["units"], start=1)
    ]
    return {
        "open_count": report["open"]["value"],
        "overdue_count": report["overdue"]["value"],
        "secret_count": report["secret"]["value"] or "",
        "opened_count": report["new"]["value"],
        "closed_count": report["closed"]["value"],
        "cancelled_count": report["cancelled"]["value"],
        "total_count": report["open"]["value"] + report["closed"]["value"] + report["cancelled"]["value"],
        "lights_told": report["lights_told"],
        "overdue_matters": _lines(late),
        "open_matters": _lines(one for one in every if not one["overdue"]),
        "unit_sums": units,
        "overdue_chart": _overdue(report["ages"]),
    }


def _lights(lights: Said) -> str:
    shown = [(part["name"], part["figure"]["value"]) for part in lights["parts"]]
    return "　".join(f"{name}{value}" for name, value in shown if value)


def _summary(said: Said) -> dict[str, Any]:
    return {
        "total_count": said["total"]["value"],
        "opened_count": _value(said["origin"], "new"),
        "closed_count": _value(said["outcome"], "closed"),
        "cancelled_count": _value(said["outcome"], "cancelled"),
        "open_count": _value(said["outcome"], "open"),
        "overdue_count": _value(said["open"], "overdue"),
    } | _rates(said["rates"], "closed_rate", "on_time_rate")


def _sums(nth: int, said: Said) -> dict[str, Any]:
    found = _summary(said)
    columns = {name.removesuffix("_count"): value for name, value in found.items() if name.endswith("_count")}
    rates = {name: found.get(name, "") for name in ("closed_rate", "on_time_rate")}
    wanted = {name: columns[name] for name in ("total", "opened", "closed", "open", "overdue")}
    return {"nth": nth, "unit": said["name"], "name": said["name"]} | wanted | rates


def _monthly(report: Said) -> dict[str, Any]:
    every = [line for unit in report["units"] for line in unit["reports"]]
    said = [
        _line(nth, one)
        | {"reported": one["reported_name"], "percent": "" if one["percent"] is None else one["percent"]}
        | {"obstacle": "；".join(part for part in (one["obstacle"], one["remedy"]) if part), "plan": one["next_plan"]}
        for nth, one in enumerate(every, start=1)
    ]
    ended = [one["state"] in ENDED for one in every]
    units = [
        {"nth": nth, "unit": unit["name"], "total": unit["matters"]["value"]}
        | {key: _value(unit["reported"], key) for key in ("reported", "missing", "not_asked")}
        for nth, unit in enumerate(report["units"], start=1)
    ]
    rates = [*report["summary"]["rates"], report["rate"]]
    return _summary(report["summary"]) | {
        "base_text": _rates(rates, "closed_rate", "report_rate")["base_text"],
        "report_rate": report["rate"]["text"],
        "reported_count": _value(report["reported"], "reported"),
        "missing_count": _value(report["reported"], "missing"),
        "unit_sums": units,
        "open_matters": _numbered(one for one, over in zip(said, ended, strict=True) if not over),
        "closed_matters": _numbered(one for one, over in zip(said, ended, strict=True) if over),
    }


def _numbered(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one | {"nth": nth} for nth, one in enumerate(lines, start=1)]


def _digest(report: Said) -> dict[str, Any]:
    stands = report["stands"]
    overdue = _value(stands, "overdue")
    said = [
        _line(one["nth"], one)
        | {"leader": one["instruction_by"], "instructed_on": one["instruction_on"], "opinion": one["opinion"]}
        | {"state": one["stands_name"], "days": one["days_overdue"] or ""}
        for one in report["instructions"]
    ]
    return _rates([report["rate"]], "closed_rate") | {
        "total_count": report["total"]["value"],
        "secret_count": report["secret"]["value"] or "",
        "closed_count": _value(stands, "closed"),
        "cancelled_count": _value(stands, "cancelled"),
        "open_count": _value(stands, "open") + overdue,
        "overdue_count": overdue,
        "listed_count": report["listed"]["value"],
        "instructions": said,
        "overdue_chart": _overdue(report["ages"]),
    }


def _bulletin(report: Said) -> dict[str, Any]:
    load = {one["unit"]: one for one in report["load"]}
    units = [
        _sums(nth, one) | {"asked": load[one["key"]]["asked"]["value"] if one["key"] in load else ""}
        for nth, one in enumerate(report["units"], start=1)
    ]
    loads = [(one["name"], one["open"]["value"], one["asked"]["value"]) for one in report["load"]]
    return (
        _summary(report["summary"])
        | {
            "secret_count": report["secret"]["value"] or "",
            "unit_count": len(report["units"]),
            "unit_sums": units,
            "type_sums": [_sums(nth, one) for nth, one in enumerate(report["types"], start=1)],
            "overdue_matters": _lines(report["overdue_lines"]),
            "overdue_chart": _overdue(report["ages"]),
            "rounds_chart": _drawn("rounds_per_matter", _classes(report["rounds"])),
            "load_chart": _drawn("load_per_unit", loads),
            "checks": [_check(nth, one) for nth, one in enumerate(report.get("graded", ()), start=1)],
        }
        | named_values(report["named"])
    )


def _check(nth: int, one: Said) -> dict[str, Any]:
    return {
        "nth": nth,
        "unit": one["unit_name"],
        "title": one["title"] or one["number"],
        "name": one["node"],
        "grade": one["grade"],
        "on": day(one["on"]),
    }


def named_values(named: Sequence[Said]) -> dict[str, Any]:
    """Praise and criticism as two lists: unit, matter, reason."""
    return {
        kind: [
            {"nth": nth, "unit": one["unit_name"], "title": one.get("title", ""), "reason": one["reason"]}
            for nth, one in enumerate((one for one in named if one["kind"] == kind), start=1)
        ]
        for kind in ("praised", "criticised")
    }


def _classes(partition: Said) -> list[tuple[str, int]]:
    return [(part["name"], part["figure"]["value"]) for part in partition["parts"]]


def _overdue(ages: Said) -> Callable[[], Picture]:
    return _drawn("overdue_by_age", _classes(ages))


def _drawn(chart: str, rows: Sequence[tuple[Any, ...]]) -> Callable[[], Picture]:
    """What draws a chart when a template wants it."""

    def draw() -> Picture:
        from duban import charts  # matplotlib takes a second to load, and most papers have no chart

        return charts.picture(getattr(charts, chart)(rows))

    return draw


_KINDS: dict[str, Callable[[Said], dict[str, Any]]] = {
    "weekly": _weekly,
    "monthly": _monthly,
    "digest": _digest,
    "bulletin": _bulletin,
}
