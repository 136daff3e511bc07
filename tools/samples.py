"""Invented values for every kind of document, to look at the templates as pages.

python -m tools.samples BUREAU FOLDER [KIND ...]        writes FOLDER/KIND.docx; then convert and look
"""

import sys
from pathlib import Path
from typing import Any

import yaml

from duban import documents

_SAID = yaml.safe_load((Path(__file__).parent / "sample_values.yaml").read_text(encoding="utf-8"))
#: kinds whose samples show marks, attachments and a note as well
_MARKED = ("信函", "上行文")


def values(bureau: str, kind: str = "") -> dict[str, Any]:
    """What a matter of that bureau could say; the same for every kind but for what only some kinds show."""
    said = {**_SAID["common"], **_SAID[bureau]}
    said |= {} if "重点工作" in kind else {"stages": []}
    said |= {"partners": "督察支队、纪委"} if "联合" in kind else {}
    return said | (_SAID["marked"] if kind in _MARKED else {}) | _SAID["kinds"].get(kind, {})


def main() -> None:
    """Write the documents that are asked for."""
    bureau, folder, *only = sys.argv[1:]
    for kind in only or documents.kinds(bureau):
        Path(folder, f"{kind}.docx").write_bytes(documents.render(kind, values(bureau, kind), bureau))


if __name__ == "__main__":
    main()
