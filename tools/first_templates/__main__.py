"""How the first version of the templates was made. What counts is the .docx that a clerk has changed since.

python -m tools.first_templates BUREAU FOLDER        writes what is not there yet; --all writes every one anew
"""

import argparse
from importlib import import_module
from pathlib import Path

from tools.first_templates.ooxml import FOOTER_DISTANCE, numbers, write

_LETTER_FOOTER = 1134  # 20 mm: the lower rule of 信函格式
_LETTER_NUMBERS = numbers(FOOTER_DISTANCE - _LETTER_FOOTER)


def main() -> None:
    """Write what is asked for."""
    parser = argparse.ArgumentParser(description="Write the first version of a bureau's templates.")
    parser.add_argument("bureau", choices=("baicheng", "bureau", "lanzhou", "jiangcheng"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true", help="also those that are there: changes made in Word are lost")
    given = parser.parse_args()
    kinds = import_module(f"tools.first_templates.{given.bureau}").KINDS
    for kind, body in kinds.items():
        target = given.folder / f"{kind}.docx"
        if target.exists() and not given.all:
            continue
        if isinstance(body, str):
            write(target, body)
        else:
            content, first = body
            write(
                target,
                content,
                first=first,
                footer_distance=_LETTER_FOOTER,
                footers=_LETTER_NUMBERS,
                header_distance=1593,
            )


if __name__ == "__main__":
    main()
