"""A report made: what it says, its sheets, its file names; and files put in their place whole or not at all."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from duban import documents
from duban.errors import Refusal
from duban.organization import Organization
from duban.periodicals.report_values import report_values
from duban.regulation import Regulation
from duban.reports import bulletin, digest, progress, sheets, weekly
from duban.reports.bases import basis
from duban.reports.heading import Period
from duban.reports.xlsx import Sheet, workbook

#: What stands where a published paper has its number.
UNPUBLISHED = "（未编号，仅供参阅）"

Report = weekly.Weekly | progress.Progress | digest.Digest | bulletin.Bulletin


@dataclass(frozen=True)
class Kind:
    """How a report is made: what counts it, what lays it out, for what use (用于) the bureau has a template."""

    report: Callable[[Session, Regulation, Organization, Period], Any]
    sheets: Callable[[Any], list[Sheet]]
    use: str


#: Kind of report, as `duban report` names it -> how it is made.
KINDS: Mapping[str, Kind] = {
    "weekly": Kind(weekly.report, sheets.weekly, "周报"),
    "monthly": Kind(progress.report, sheets.progress, "汇总"),
    "digest": Kind(digest.report, sheets.digest, "汇总"),
    "bulletin": Kind(bulletin.report, sheets.bulletin, "通报"),
}


def report(kind: str, session: Session, law: Regulation, org: Organization, period: Period) -> Report:
    """The report of this kind. Raises Refusal where the regulation does not ask for it."""
    basis(kind, law)  # refused before anything is counted
    made: Report = KINDS[kind].report(session, law, org, period)
    return made


def spreadsheet(kind: str, made: Report) -> bytes:
    """The .xlsx of a report; the same report gives the same bytes."""
    return workbook(KINDS[kind].sheets(made), made.heading.period.as_of)


def document(kind: str, made: Report, *, rehearsal: bool) -> bytes | None:
    """The .docx of a report by the bureau's template; None where it has none for this report.

    What has not been published has no number and no issue number, and says so.
    """
    organization = made.heading.organization
    known = documents.kinds(organization)
    name = made.heading.title if made.heading.title in known else None
    name = name or next((one.name for one in known.values() if KINDS[kind].use in one.uses), None)
    if name is None:
        return None
    unpublished = {"number": UNPUBLISHED, "issue": UNPUBLISHED, "edition": made.heading.period.name}
    return documents.render(name, report_values(made.as_json()) | unpublished | {"rehearsal": rehearsal}, organization)


def file_name(made: Report, ending: str) -> str:
    """What its file is called: 办件进展周报 2026-11-20.xlsx."""
    said = made.heading
    return f"{said.title} {said.period.last.isoformat()}{ending}"


def put(directory: Path, name: str, data: bytes) -> Path:
    """Write a file whole or not at all; an earlier one of that name is replaced. Raises Refusal when it cannot be."""
    target, draft = directory / name, directory / f".{name}.{uuid4().hex}"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        try:
            with draft.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise Refusal(
            f"“{target}”写不进去（{error.strerror}），请检查目录、权限和磁盘空间后再试，原有的文件没有动。"
        ) from error
    return target
