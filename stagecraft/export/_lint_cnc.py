"""Lint of a file for a router or laser: closed outlines and circles, flat, in one sheet, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft.export._lint import Finding, Look, counted, entities
from stagecraft.export._lint_corners import Corners
from stagecraft.export._lint_geometry import SAME
from stagecraft.export._lint_tags import MODEL, NOWHERE

CUT = ("LWPOLYLINE", "POLYLINE", "VERTEX", "SEQEND", "CIRCLE")
CHECK = 100.0
"""Side of the square that proves the size. [mm]"""


def machining(look: Look) -> Iterator[Finding]:
    """What a machine can follow without a question."""
    if look.origin != "cnc":
        return
    tags = look.tags
    model = tags.space == MODEL
    text = tags.kinds == "TEXT"
    other = np.flatnonzero((tags.space != NOWHERE) & ~np.isin(tags.kinds, CUT) & ~text & (tags.kinds != "VIEWPORT"))
    if other.size:
        yield look.finding(
            "not-for-cutting", f"{counted(tags.kinds[other])}: only closed polylines and circles are cut", other,
            "write the file again: machines leave such things out, or guess",
        )  # fmt: skip
    corners = look.corners
    outlines = model & np.isin(tags.kinds, ["LWPOLYLINE", "POLYLINE"])
    if (loose := np.flatnonzero(outlines & ~corners.closed)).size:
        yield look.finding(
            "open-outline", f"{entities(len(loose), 'outline is', 'outlines are')} not closed", loose,
            "close it: an open outline is no part",
        )  # fmt: skip
    cut = set(tags.layers[outlines | (model & (tags.kinds == "CIRCLE"))])
    if mixed := np.flatnonzero(model & text & np.isin(tags.layers, list(cut))).tolist():
        yield look.finding(
            "text-on-cut-layer", f"{entities(len(mixed), 'text lies', 'texts lie')} on a layer that is cut", mixed,
            "put it on the label layer",
        )  # fmt: skip
    strange = [i for i in np.flatnonzero(model & text) if not str(tags.first(1)[i]).isascii()]
    if strange:
        yield look.finding(
            "not-ascii", f"{entities(len(strange), 'text has', 'texts have')} letters that controllers do not know", strange,
            "write it in ASCII",
        )  # fmt: skip
    yield from _sheet(look, corners)


def _sheet(look: Look, corners: Corners) -> Iterator[Finding]:
    """The sheet at 0, 0 holds everything, and the check square measures 100 mm."""
    tags = look.tags
    owner, x, y, _ = corners.rows
    keep = tags.space[owner] == MODEL
    owner, x, y = owner[keep], x[keep], y[keep]
    if not len(owner):
        yield look.about("no-check-square", "there is nothing to cut", (), "write the file again")
        return
    squares = [i for i in np.unique(owner) if _is_square(x[owner == i], y[owner == i])]
    if not squares:
        yield look.about(
            "no-check-square", "there is no square of 100 mm that proves the size", (), "write the file again"
        )
    middle = tags.numbers(10), tags.numbers(20), tags.numbers(40)
    circles = np.flatnonzero((tags.space == MODEL) & (tags.kinds == "CIRCLE"))
    low = np.concatenate([x, y, middle[0][circles] - middle[2][circles], middle[1][circles] - middle[2][circles]])
    if low.size and low.min() < -SAME:
        yield look.about(
            "outside-sheet", f"something lies {-float(low.min()):.6g} mm outside the lower left corner of the sheet", (),
            "the sheet begins at 0, 0: move everything",
        )  # fmt: skip


def _is_square(x: np.ndarray, y: np.ndarray) -> bool:
    return len(x) == 4 and abs(np.ptp(x) - CHECK) < SAME and abs(np.ptp(y) - CHECK) < SAME
