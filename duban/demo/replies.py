"""The reports that units of the stories send, as .docx: heading, number, addressee, text, signature."""

from datetime import date
from io import BytesIO

import docx

from duban import organization
from duban.ledger.standing import State


def written(state: State, text: str, signed_by: str, on: date) -> bytes:
    """A unit's report on a matter in these words, a line a paragraph, signed on that day."""
    org = organization.load(state.organization)
    unit = org.unit(state.unit)
    lines = [
        f"关于{state.title}的报告",
        f"（督办文号：{state.reference}）",
        f"{org.office}：",
        *text.splitlines(),
        f"（签字）：{signed_by}",
        f"{unit.name}（印）",
        f"{on:%Y年%-m月%-d日}",
        f"（联系人：{unit.liaison.name}，电话：{unit.liaison.phone}）",
    ]
    document, target = docx.Document(), BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(target)
    return target.getvalue()
