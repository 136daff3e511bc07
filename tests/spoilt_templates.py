"""A template that a test may spoil: a copy of 退办意见 among copies of all others, in an include folder of its own."""

import shutil
import zipfile
from pathlib import Path

import pytest

from duban import included

BODY = "word/document.xml"


class Template:
    """A copy of a template, read and written member by member."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, str]:
        with zipfile.ZipFile(self.path) as package:
            return {name: package.read(name).decode() for name in package.namelist()}

    def write(self, members: dict[str, str]) -> None:
        with zipfile.ZipFile(self.path, "w") as package:
            for name, text in members.items():
                package.writestr(name, text)

    def change(self, old: str, new: str, name: str = BODY) -> None:
        members = self.read()
        assert old in members[name]
        self.write(members | {name: members[name].replace(old, new, 1)})


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Template:
    shutil.copytree(included.path("templates"), tmp_path / "templates")
    monkeypatch.setenv("DUBAN_INCLUDE", str(tmp_path))
    return Template(tmp_path / "templates" / "baicheng" / "退办意见.docx")
