"""A report made: what it says, its sheets, its file names; and files put in their place whole or not at all."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from duban.errors import Refusal
from duban.organization import Organization
from duban.regulation import Regulation
from duban.reports import bulletin, digest, progress, sheets, weekly
from duban.reports.bases import basis
from duban.reports.heading import Period
from duban.reports.xlsx import Sheet, workbook

Report = weekly.Weekly | progress.Progress | digest.Digest | bulletin.Bulletin


@dataclass(frozen=True)
class Kind:
    """How a report is made: what counts it, what lays it out."""

    report: Callable[[Session, Regulation, Organization, Period], Any]
    sheets: Callable[[Any], list[Sheet]]


#: Kind of report, as `duban report` names it -> how it is made.
KINDS: Mapping[str, Kind] = {
    "weekly": Kind(weekly.report, sheets.weekly),
    "monthly": Kind(progress.report, sheets.progress),
    "digest": Kind(digest.report, sheets.digest),
    "bulletin": Kind(bulletin.report, sheets.bulletin),
}


def report(kind: str, session: Session, law: Regulation, org: Organization, period: Period) -> Report:
    """The report of this kind. Raises Refusal where the regulation does not ask for it."""
    basis(kind, law)  # refused before anything is counted
    made: Report = KINDS[kind].report(session, law, org, period)
    return made


def spreadsheet(kind: str, made: Report) -> bytes:
    """The .xlsx of a report; the same report gives the same bytes."""
    return workbook(KINDS[kind].sheets(made), made.heading.period.as_of)


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
