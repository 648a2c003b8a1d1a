"""PNG: one sheet as pixels, for a message, a slide or a page: the PDF of the same marks, seen through PDFium."""

from __future__ import annotations

import io
import os
from contextlib import closing
from typing import BinaryIO

from stagecraft.drawing.marks import Drawing, Sheet
from stagecraft.export.pdf import write_pdf
from stagecraft.export.write import save

DOTS = 200.0
"""Pixels an inch: the smallest capitals of a sheet, 1.2 mm, are 9 pixels tall."""


def write_png(paper: Drawing | Sheet, path: str | os.PathLike[str] | BinaryIO, dots: float = DOTS) -> None:
    """The sheet in its exact size, at so many dots an inch, on white."""
    import pypdfium2
    from PIL import Image

    page, pixels = io.BytesIO(), io.BytesIO()
    write_pdf(paper, page)
    with closing(pypdfium2.PdfDocument(page.getvalue())) as document:
        seen = document[0].render(scale=dots / 72, rev_byteorder=True).to_numpy()
        Image.fromarray(seen).save(pixels, "png", dpi=(dots, dots))
    save(pixels.getvalue(), path)
