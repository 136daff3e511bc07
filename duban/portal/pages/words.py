"""How the pages say days, moments, states and lights; one place, so that they say them alike."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote

from duban.clock import SHANGHAI
from duban.ledger.standing import STATES
from duban.portal.pages.matter_shown import address_name
from duban.reports.lights import LIGHTS

WEEKDAYS = "一二三四五六日"

ERRORS = {401: "请先登录", 403: "没有权限", 404: "没有找到", 409: "没有办成", 413: "文件太大", 503: "暂时办不了"}
"""Status -> heading of its page."""
SENTENCES = {
    404: "没有这一页，或者它不是给您看的。请从菜单进入。",
    405: "这一页不能这样提交，请从菜单进入。",
    500: "系统出错，这次没有办成。请稍后再试；一再出现时请告诉管理员。",
}
"""Status -> what is said where nobody said anything better."""

MOMENT = "%H:%M"


def day(value: date | str | None, year: bool = False) -> str:
    """Say a day as 3月5日 周四 (with `year` 2026年3月5日 周四); nothing for None."""
    if not value:
        return ""
    on = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    before = f"{on.year}年" if year else ""
    return f"{before}{on.month}月{on.day}日 周{WEEKDAYS[on.weekday()]}"


def moment(value: datetime | str | None, year: bool = False) -> str:
    """Say a moment (aware) as 3月5日 15:04, Asia/Shanghai; nothing for None."""
    if not value:
        return ""
    at = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(SHANGHAI)
    before = f"{at.year}年" if year else ""
    return f"{before}{at.month}月{at.day}日 {at.strftime(MOMENT)}"


def until(value: datetime | str | None) -> str:
    """Say the end of a limit (aware): midnight is 24时 of the day before; nothing for None."""
    if not value:
        return ""
    at = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(SHANGHAI)
    if at.time() == time():
        on = at.date() - timedelta(days=1)
        return f"{on.month}月{on.day}日24时"
    return moment(at)


FILTERS: dict[str, Any] = {
    "day": day,
    "moment": moment,
    "until": until,
    "state_name": lambda key: STATES.get(key, key),
    "in_address": lambda name, kind: quote(address_name(kind, name)),  # the name itself may be the title
    "light": lambda key: LIGHTS.get(key, ""),
}
