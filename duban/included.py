"""Where the files are that a clerk may edit: `include/`."""

import os
from pathlib import Path

from duban.errors import Refusal

_BESIDE_THE_PACKAGE = Path(__file__).resolve().parent.parent / "include"


def path(*parts: str) -> Path:
    """Return the path of a file or folder below `include/`.

    The folder is named by `DUBAN_INCLUDE`; without it, it lies beside the package (a checkout).
    Whether the file exists is the caller's question.
    """
    root = os.environ.get("DUBAN_INCLUDE")
    folder = Path(root) if root else _BESIDE_THE_PACKAGE
    return folder.joinpath(*parts)


def unchanged(file: str, stamp: int) -> bool:
    """Whether a file is there and was last written at this moment (nanoseconds)."""
    try:
        return os.stat(file).st_mtime_ns == stamp
    except OSError:
        return False


def text(file: Path) -> str:
    """Return the text of a file that a clerk wrote; Refusal if it cannot be read or is not UTF-8."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Refusal(f"文件 {file.name} 不是 UTF-8 编码，请另存为 UTF-8 后再用") from None
    except OSError as error:
        raise Refusal(f"文件 {file} 读不出来（{error.strerror}），请核对路径") from None
