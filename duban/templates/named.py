"""The papers that a regulation names, wherever in its rules."""

import dataclasses
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from duban import documents
from duban.documents.catalogue import CATALOGUE, WITHOUT_TEMPLATE, without_template
from duban.regulation import versions

#: Parts of a rule that hold the name of a paper (文书, 呈批文书, 检查文书).
_NAMES = ("document", "proposal", "inspection")


def named(said: object, clause: str = "") -> Iterator[tuple[str, str]]:
    """Yield (name of a paper, the clause that names it) for each rule of a regulation that names one."""
    if isinstance(said, BaseModel):
        parts = [(name, getattr(said, name)) for name in type(said).model_fields]
    elif dataclasses.is_dataclass(said):
        parts = [(field.name, getattr(said, field.name)) for field in dataclasses.fields(said)]
    elif isinstance(said, Mapping):
        parts = [("", value) for value in said.values()]
    else:
        parts = [("", value) for value in said] if isinstance(said, tuple | list) else []
    clause = str(getattr(getattr(said, "basis", None), "clause", "")) or clause
    for name, value in parts:
        if name in _NAMES and isinstance(value, str):
            yield value, clause
        else:
            yield from named(value, clause)


def lacking(organization: str) -> Iterator[str]:
    """Yield a sentence for each paper of the bureau's regulations that its catalogue neither has nor excepts."""
    known = {*documents.kinds(organization), *without_template(organization)}
    for law in versions.of_organization(organization):
        for name, clause in dict(named(law)).items():
            if name not in known:
                yield (
                    f"《{law.title}》{clause}规定的“{name}”没有模板，请放一份 {name}.docx 并写进 {CATALOGUE}；"
                    f"不在这里制作的，写到“{WITHOUT_TEMPLATE}”下面并说明原因"
                )
