"""PDF copies for reading and printing, made by LibreOffice where it is installed; the .docx stays the document.

A PDF is never what an event's checksum stands for: its bytes differ from machine to machine. LibreOffice gets only
documents that Duban made, a home of its own for each batch, no network where the system lets us say so, and a time
limit; one batch at a time, because it is one program with one memory.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, flock
from functools import lru_cache
from pathlib import Path

from duban.errors import Refusal

MISSING = (
    "这台电脑没有安装 LibreOffice，只能存 .docx；要 PDF，请用 Word 或 WPS 打开后另存，或请管理员安装 LibreOffice。"
)
#: How many documents one start of LibreOffice converts; starting takes longer than a document.
BATCH = 40
#: Seconds: what a start may take, and each document on top of it.
START, EACH = 60.0, 5.0


def program() -> str | None:
    """Where LibreOffice is (DUBAN_SOFFICE names it, else it is looked for); None where it is not installed."""
    named = os.environ.get("DUBAN_SOFFICE")
    return shutil.which(named) if named else shutil.which("soffice") or shutil.which("libreoffice")


def convert(files: Iterable[Path], out: Path) -> list[Path]:
    """Put a PDF of each .docx into `out`, under its name, and return where they are, in the order of `files`.

    Raises Refusal without LibreOffice, and naming the documents that it could not convert or had no time for; those
    that were converted before stay.
    """
    soffice = program()
    if soffice is None:
        raise Refusal(MISSING)
    wanted = [Path(file).resolve() for file in files]
    out.mkdir(parents=True, exist_ok=True)
    with _alone(), tempfile.TemporaryDirectory(prefix="duban-pdf-") as home:
        for start in range(0, len(wanted), BATCH):
            _batch(soffice, wanted[start : start + BATCH], Path(home), out.resolve())
    return [out / f"{file.stem}.pdf" for file in wanted]


@contextmanager
def _alone() -> Iterator[None]:
    """One LibreOffice at a time on this machine, whoever asks."""
    with open(Path(tempfile.gettempdir()) / f"duban-pdf-{os.getuid()}.lock", "w", encoding="utf-8") as gate:
        flock(gate, LOCK_EX)
        yield


def _batch(soffice: str, files: Sequence[Path], home: Path, out: Path) -> None:
    made = home / "pdf"
    made.mkdir(exist_ok=True)
    # A name that looks like an option, or two of one name in two folders, would mislead it: numbers instead.
    staged = []
    for number, file in enumerate(files):
        target = home / f"{number}.docx"
        shutil.copyfile(file, target)
        staged.append(target)
    command = [
        *_without_network(),
        soffice,
        f"-env:UserInstallation={(home / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        "pdf",
        "--outdir",
        str(made),
        *(str(one) for one in staged),
    ]
    _run(command, home, START + EACH * len(files))
    missing = []
    for staged_file, file in zip(staged, files, strict=True):
        found = made / f"{staged_file.stem}.pdf"
        if found.is_file() and found.stat().st_size:
            shutil.move(found, out / f"{file.stem}.pdf")
        else:
            missing.append(file.name)
        staged_file.unlink()
    if missing:
        raise Refusal(f"“{'、'.join(missing[:5])}”等{len(missing)}份没有转成 PDF，请用 Word 或 WPS 打开后另存。")


def _run(command: Sequence[str], home: Path, seconds: float) -> None:
    """Run it in a process group of its own, which ends with it: soffice is a script that starts another program."""
    # Fonts, and what maps the official ones to free ones, stand in the user's own home.
    kept = ("PATH", "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "FONTCONFIG_FILE")
    surroundings = {name: os.environ[name] for name in kept if name in os.environ} | {"LANG": "zh_CN.UTF-8"}
    with subprocess.Popen(
        command,
        env=surroundings,
        cwd=home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as running:
        try:
            running.wait(seconds)
        except subprocess.TimeoutExpired:
            pass  # what was not converted is named by the caller
        finally:
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)


@lru_cache(maxsize=1)
def _without_network() -> tuple[str, ...]:
    """The words before a command that take the network from it, where the system knows and allows them."""
    for words in (("unshare", "-n"), ("unshare", "-rn")):
        if shutil.which(words[0]):
            done = subprocess.run([*words, "true"], capture_output=True, check=False)
            if done.returncode == 0:
                return words
    return ()
