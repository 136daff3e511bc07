"""导出: the whole ledger as JSON, to move or to check it; as a spreadsheet in the form of a year's list, to read it."""

import os
from pathlib import Path
from uuid import uuid4

from duban.errors import Refusal
from duban.history import listing, whole
from duban.ledger.engine import snapshot


def leave(path: Path) -> int:
    """Write the ledger as it is at this moment to `path` (.json or .xlsx) and return how many matters it has.

    A file of that name is there whole or not at all. Raises Refusal for another ending, when there is a file already,
    and when it cannot be written.
    """
    if path.suffix.lower() not in (".json", ".xlsx"):
        raise Refusal(f"“{path.name}”的格式不认识，请写成 .json（一字不差，可导入）或 .xlsx（供人看）。")
    if path.exists():
        raise Refusal(f"“{path.name}”已经有了，不覆盖，请换一个文件名。")
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with snapshot() as session:
            if path.suffix.lower() == ".json":
                whole.write_files(session, path.with_suffix(whole.FILES))
                matters = whole.write(session, draft)
            else:
                matters = listing.write(session, draft)
        os.replace(draft, path)
    except OSError as error:
        raise Refusal(f"“{path.name}”写不进去（{error.strerror or '目录不可用'}），请换一个位置。") from error
    finally:
        draft.unlink(missing_ok=True)
    return matters
