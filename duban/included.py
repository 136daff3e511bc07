"""Where the files are that a clerk may edit: `include/`."""

import os
from pathlib import Path

_BESIDE_THE_PACKAGE = Path(__file__).resolve().parent.parent / "include"


def path(*parts: str) -> Path:
    """Return the path of a file or folder below `include/`.

    The folder is named by `DUBAN_INCLUDE`; without it, it lies beside the package (a checkout).
    Whether the file exists is the caller's question.
    """
    root = os.environ.get("DUBAN_INCLUDE")
    folder = Path(root) if root else _BESIDE_THE_PACKAGE
    return folder.joinpath(*parts)
