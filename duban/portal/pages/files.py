"""The files of a matter, for whoever may see it: as a download under their own names, never shown by the browser."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette_admin.routing import route

from duban import ledger
from duban.ledger import StoredFile
from duban.ledger.files import BLOCK, copy_file
from duban.portal.pages.matter import OfMatter
from duban.portal.signed_in import in_ledger


class Files(OfMatter):
    """Documents to open."""

    @route("/{number}/files/{sha256}/{name}")
    async def download(self, request: Request) -> Response:
        """Send one file, whole and as it was stored; the name in the address means nothing."""
        number, sha256 = str(request.path_params["number"]), str(request.path_params["sha256"])
        await self.matter(request, number, read=True)

        return await sent(number, sha256)


async def sent(number: str, sha256: str) -> Response:
    """Send one file of a matter or 期, whole and under the name that it is kept by; 404 where it has no such file."""

    def look() -> StoredFile | None:
        with ledger.transaction() as session:
            return next((one for one in ledger.files(session, number) if one.sha256 == sha256), None)

    stored = await in_ledger(look)
    if stored is None:
        raise HTTPException(404, f"{number} 没有这个文件，请从它的页面打开。")
    copy = await in_ledger(_copied, sha256, refused=503)
    return StreamingResponse(
        _blocks(copy),
        media_type=stored.media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name, safe='')}",
            "Content-Length": str(os.fstat(copy.fileno()).st_size),
            "Accept-Ranges": "none",  # a file is sent whole, whatever part of it is asked for
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def _copied(sha256: str) -> BinaryIO:
    """Copy a stored content to this machine block by block, so that it is known to be whole before a byte is sent.

    The copy lies where nobody else may look, and has no name any more when it is returned: whatever becomes of the
    answer, nothing is left of it once it is closed.
    """
    with tempfile.TemporaryDirectory(prefix="duban-") as made:
        path = Path(made) / "copy"
        copy_file(sha256, path)
        return path.open("rb")


def _blocks(copy: BinaryIO) -> Iterator[bytes]:
    with copy:
        while block := copy.read(BLOCK):
            yield block
