"""The process in which a received file is opened: first its own limits, then the file, then one line of JSON."""

import json
import resource
import sys

#: Bytes of memory and seconds of CPU. A real reply takes about 60 MB and a tenth of a second.
MEMORY = 768 * 1024 * 1024
CPU = 8


def main(name: str) -> None:
    """Read the file `name` from standard input, write what was seen (or {"refusal": …}) to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    from duban.errors import Refusal
    from duban.intake import guard, reader

    try:
        kind, parts = guard.open_safely(name, sys.stdin.buffer.read())
        seen = {"kind": kind} | reader.read(parts)
    except Refusal as refusal:
        seen = {"refusal": str(refusal)}
    sys.stdout.write(json.dumps(seen))
