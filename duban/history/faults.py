"""What is wrong with a file: every place once, all of them together."""

from collections.abc import Sequence
from dataclasses import dataclass

from duban.errors import Refusal

#: So many are told at once; a wrong column would otherwise fill a hundred pages.
TOLD = 200


@dataclass(frozen=True)
class Fault:
    """Sheet, row and column, and one sentence: what is wrong there and what to do."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}：{self.what.rstrip('。')}。"


class Faults(Refusal):
    """A file that is refused as a whole; `listed` are its faults, in the order of the file."""

    def __init__(self, file: str, listed: Sequence[Fault]) -> None:
        self.listed = tuple(dict.fromkeys(listed))
        lines = [str(fault) for fault in self.listed[:TOLD]]
        if len(self.listed) > TOLD:
            lines.append(f"另有 {len(self.listed) - TOLD} 处，改正以上各处后再检查。")
        head = f"“{file}”有 {len(self.listed)} 处要改，一件也没有接管："
        super().__init__("\n".join([head, *lines]))
