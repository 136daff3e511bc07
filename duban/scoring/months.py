"""The scores of a period, computed from the ledger, and those that were published (BC 七, MM 六)."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from duban.organization import Organization
from duban.regulation import Regulation
from duban.scoring.entries import ScoreSheet


def compute(
    session: Session, law: Regulation, org: Organization, period: str, *, waived: Collection[str] = ()
) -> ScoreSheet:
    """Compute the sheet of a period ("2026-03", "2026-Q1", "2026") as the ledger stands now.

    What was published for earlier periods of the year stands; what the ledger has learned of them since is entered in
    this one as a correction. `waived`: ids of entries that an objection struck out, beside those of published sheets.
    The same ledger gives the same sheet. Refusal for a regulation that does not score (不考核) and for a period that
    is none.
    """
    raise NotImplementedError


def published(session: Session, organization: str, year: int) -> list[ScoreSheet]:
    """The sheets of the year that were published, oldest first, read back from what was published."""
    raise NotImplementedError
