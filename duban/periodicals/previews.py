"""A report on paper without a period file: what `duban report` shows before anything is opened or numbered."""

from collections.abc import Mapping
from typing import Any

from duban import documents
from duban.periodicals.report_values import report_values

#: Kind of report -> what the catalogue of the bureau says of its paper (用于).
USES = {"weekly": "周报", "monthly": "汇总", "digest": "汇总", "bulletin": "通报"}
#: What stands where the number will be.
UNNUMBERED = "（未编号，仅供参阅）"


def paper(report: Mapping[str, Any], *, rehearsal: bool) -> bytes | None:
    """The .docx of a report (its `as_json()`), unnumbered; None where the bureau has no template for it.

    Raises Refusal as `documents.render` does.
    """
    heading = report["heading"]
    known = documents.kinds(heading["organization"])
    use = USES[heading["kind"]]
    kind = heading["title"] if heading["title"] in known else None
    kind = kind or next((name for name, one in known.items() if use in one.uses), None)
    if kind is None:
        return None
    values = report_values(report) | {"number": UNNUMBERED, "issue": UNNUMBERED, "rehearsal": rehearsal}
    return documents.render(kind, values, heading["organization"])
