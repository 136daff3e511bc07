"""One message over one channel, by Apprise; what went wrong in a sentence, and never the address, which is a secret.

The group robots (企业微信, 钉钉, 飞书) answer 200 to what they refuse and say so only in the text of the answer, which
Apprise does not read. `_Answers` does.
"""

import re
from collections.abc import Sequence
from importlib import import_module
from typing import Any
from urllib.parse import quote

import apprise
import requests
from apprise.result import AppriseResultStatus

from duban.organization import Person

SECONDS = 20.0
"""How long one message may take; a channel that is slower has failed."""
PLACES = {"{邮箱}": ("mail", "邮箱"), "{手机}": ("mobile", "手机")}
"""What stands for the address of the person in the address of a channel."""
_ROBOTS = ("wecombot", "dingtalk", "feishu", "lark")


class UnaddressedError(Exception):
    """The person has no such address, or a group's channel wants a person's: trying again changes nothing."""


class _Answers:
    """`requests` as a robot's plugin sees it: an answer that says no has its error for a status."""

    def __getattr__(self, name: str) -> Any:
        return getattr(requests, name)

    def post(self, *args: Any, **options: Any) -> requests.Response:
        """Post; the plugin takes any status but 200 for a failure and notes its number."""
        answer = requests.post(*args, **options)
        try:
            said = answer.json()
        except ValueError:
            return answer
        codes = (said.get(name) for name in ("errcode", "code", "StatusCode")) if isinstance(said, dict) else ()
        if code := next((code for code in codes if isinstance(code, int) and code), 0):
            answer.status_code = code
        return answer


def _listen() -> None:
    for name in _ROBOTS:
        vars(import_module(f"apprise.plugins.{name}"))["requests"] = _Answers()


_listen()


def send(urls: Sequence[str], title: str, body: str, person: Person | None = None, seconds: float = SECONDS) -> str:
    """Send one message to all these addresses; return "" when each took it, else what went wrong in one sentence.

    `person`: whose mail or mobile number goes into the address where it says {邮箱} or {手机}. Never longer than
    `seconds`, and nothing that a channel does is raised. Raises UnaddressedError.
    """
    channel, heard = apprise.Apprise(), list[str]()
    for url in urls:
        if not channel.add(addressed(url, person)):
            return "渠道的地址写得不对，请核对 Airflow 连接里的地址"
    if not len(channel):
        return "连接里没有地址，请在 Airflow 的连接里填写"
    try:
        result = channel.notify(
            body=body,
            title=title,
            body_format=apprise.NotifyFormat.TEXT,
            timeout=seconds,
            log_callback=lambda entry, _service: heard.append(str(entry)),
        )
    except Exception as error:  # whatever a channel does, it stops nothing but itself
        return f"渠道出错（{type(error).__name__}）"
    return "" if result else _why(result.status, "\n".join(heard), seconds)


def addressed(url: str, person: Person | None) -> str:
    """The address of a channel with the person's own put in. Raises UnaddressedError with a sentence."""
    for place, (name, word) in PLACES.items():
        if place not in url:
            continue
        if person is None:
            raise UnaddressedError(f"连接里写了 {place}，要发到本人的渠道才能用，请改连接或者改“发到”")
        own = getattr(person, name)
        if not own:
            raise UnaddressedError(f"{person.name}在机构文件里没有写“{word}”，请补上")
        url = url.replace(place, quote(own.replace(" ", ""), safe="@"))
    return url


def _why(status: AppriseResultStatus, heard: str, seconds: float) -> str:
    """Our own words for what Apprise noted; its own may quote addresses."""
    if status == AppriseResultStatus.TIMEOUT:
        return f"{seconds:g}秒没有应答"
    if found := re.search(r"error=(-?\d+)", heard):
        number = int(found[1])
        if 100 <= number < 600:
            return f"渠道没有收下（HTTP {number}）"
        return f"机器人没有收下（错误码{number}），请核对密钥、关键词和发送频率"
    if "email" in heard:
        return "邮件没有送出：连不上邮件服务器，或者它不收，请核对连接里的地址、用户名和口令"
    if re.search(r"connection", heard, re.IGNORECASE):
        return "连不上渠道，或者它没有应答，请检查网络和地址"
    return "渠道没有收下，原因不明"
