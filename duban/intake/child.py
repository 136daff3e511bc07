"""The process in which a received file is opened: first its own limits, then the file, then one line of JSON."""

import codecs
import importlib
import json
import resource
import sys

#: Bytes of memory and seconds of CPU. A real reply takes about 60 MB and a tenth of a second.
MEMORY = 768 * 1024 * 1024
CPU = 8
#: What a kind of file needs; loaded beforehand, for after that nothing can be opened any more.
_NEEDED = {"zip": "duban.intake.container"} | dict.fromkeys(
    ("ole", "pdf", "png", "jpg", "tif"), "duban.intake.evidence"
)
_CODECS = ("cp437", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252", "gbk", "idna")


def main() -> None:
    """Read a line with the name and the file from standard input, write what was seen (or {"refusal": …})."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    from duban.errors import Refusal
    from duban.intake import guard, reader

    name = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    kind = guard.sniffed(data)
    if kind in _NEEDED:
        needed = importlib.import_module(_NEEDED[kind])
        if kind == "pdf":
            needed.opened("", needed.BLANK, kind)  # pypdf loads some of itself only when it reads
    for codec in _CODECS:
        codecs.lookup(codec)
    # From here on no file, no socket and no program: whatever a parser is talked into, there is nothing to reach.
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    try:
        opened = guard.open_safely(name, data)
        seen = {"format": opened.format, "pages": opened.pages} | reader.read(opened.parts)
    except Refusal as refusal:
        seen = {"refusal": str(refusal)}
    sys.stdout.write(json.dumps(seen))
