"""Matters in the hands of their units, put into the ledger past Airflow; their replies; a form for the trigger page."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx

from duban import acts, ledger
from duban.acts import OPERATOR


def form(n: int) -> dict[str, Any]:
    """A form that the office would fill in; no two are the same, or the door takes the second for a second click."""
    return {
        "title": f"群众来信反映问题的核查（第{n}件）",
        "unit": "jingzhen",
        "source": 3,
        "requirement": "请查明情况，依法处理，并将结果书面报办公室。" * 10,
    }


def registered(name: str) -> Iterator[str]:
    """Register one matter after the other, signed, delivered and received; their numbers. Each awaits its reply."""
    n = 0
    while True:
        n += 1
        number = acts.register({"type": "general", **form(n)}, OPERATOR, f"{name}/{n}").number
        for desk, option in (("director", "同意"), ("chief", "签发")):
            acts.decide(number, f"sign.{desk}:1", option, {}, OPERATOR)
        acts.deliver(number)
        acts.receive(number, OPERATOR)
        yield number


def reply(number: str) -> None:
    """The unit's report comes in."""
    acts.reply(number, OPERATOR, "办结报告.docx", _report(), signed_by="主要负责人")


def awaits(number: str, kind: str) -> bool:
    """Does the ledger await something of this kind?"""
    with ledger.transaction() as session:
        return ledger.state(session, number).awaits(kind) is not None


def _report() -> bytes:
    document, target = docx.Document(), BytesIO()
    document.add_paragraph("经查，反映的问题属实，已依法处理完毕，现将办理情况报告如下。")
    document.save(target)
    return target.getvalue()
