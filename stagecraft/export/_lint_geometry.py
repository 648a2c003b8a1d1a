"""Lint of what is drawn: flat, near its origin, once only, and round where it is round."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft.export._lint import Finding, Look, entities
from stagecraft.export._lint_tags import BLOCK, MODEL, Flags, Tags, Whole, Words
from stagecraft.geometry.frame import Floats

SAME = 1e-3
"""Two points nearer than this are one. [mm]"""
FAR = 1e7
"""Farther than this from 0, 0 a drawing is lost by programs that compute in single precision: 10 km. [mm]"""
OFF = 1e6
"""A drawing that lies wholly farther from 0, 0 than this was not set out from there: 1 km. [mm]"""
CHORDS = 6
"""So many chords on one circle are a tessellated arc, where each turns by less than TURN: a circle of 23 and more."""
TURN = 16.0
"""[degrees]"""
ROUND = 0.01
"""Share by which radii from one corner to the next may differ on one circle."""
STRAIGHT = 24
"""So many straight runs on end, turning by less than TURN each, are a curve that was broken up."""
BARELY = 0.05
"""A corner that turns by less than this is none. [degrees]"""
LARGEST, SMALLEST = 2e6, 1e3
"""A venue is no larger and no smaller than this. [mm]"""
GEOMETRY = (
    "LINE", "LWPOLYLINE", "POLYLINE", "VERTEX", "CIRCLE", "ARC", "ELLIPSE", "INSERT", "TEXT", "MTEXT", "POINT", "DIMENSION",
    "HATCH", "SOLID", "TRACE", "LEADER", "SPLINE", "ATTRIB",
)  # fmt: skip
FLAT = tuple(kind for kind in GEOMETRY if kind not in ("SPLINE", "HATCH", "VERTEX", "LEADER"))


def flat(look: Look) -> Iterator[Finding]:
    """z = 0, and nothing that stands on its edge."""
    if look.origin == "3d":
        return
    tags = look.tags
    drawn = np.isin(tags.space, [MODEL, BLOCK])
    kinds = np.isin(tags.kinds, FLAT)
    high = np.zeros(len(tags.starts), bool)
    for code in (30, 31, 32, 33, 34, 38):
        places = tags.tags(code)
        raised = places[np.abs(tags.floats(places)) > SAME]
        high[tags.entity[raised]] = True
    leans = (np.abs(tags.numbers(210)) > 1e-6) | (np.abs(tags.numbers(220)) > 1e-6)
    solid = np.isin(tags.kinds, ["3DFACE", "MESH", "3DSOLID", "BODY", "SURFACE"])
    mesh = (tags.kinds == "POLYLINE") & (tags.flags() & (8 | 16 | 64) != 0)
    wrong = np.flatnonzero(drawn & ((kinds & (high | leans)) | solid | mesh))
    if wrong.size:
        yield look.finding(
            "not-flat", f"{entities(len(wrong), 'entity does', 'entities do')} not lie flat at z = 0", wrong,
            "flatten the drawing (FLATTEN, or z = 0 in the properties); distances across heights are not those of the plan",
        )  # fmt: skip


def near(look: Look) -> Iterator[Finding]:
    """Nothing kilometres away, and somebody else's venue of a likely size."""
    tags = look.tags
    drawn = (tags.space == MODEL) & np.isin(tags.kinds, GEOMETRY)
    known = drawn & (tags.first(10) != "") & (tags.first(20) != "")
    at = np.flatnonzero(known)
    every = tags.tags(10), tags.tags(20), tags.tags(11), tags.tags(21)
    reach = np.zeros(len(tags.starts))
    for places in every:
        inside = places[drawn[tags.entity[places]]]
        values = np.nan_to_num(np.abs(tags.floats(inside)), posinf=0.0)
        np.maximum.at(reach, tags.entity[inside], values * look.unit)
    if not at.size:
        return
    x, y = (np.nan_to_num(tags.numbers(code)[at]) * look.unit for code in (10, 20))
    centre = max(abs(float(np.median(x))), abs(float(np.median(y))))
    if centre > OFF:
        yield look.about(
            "far-origin",
            f"the drawing lies {centre / 1e6:.4g} km from 0, 0", (tags.place(int(at[0])),),
            "move it so that its setting-out point lies at 0, 0: far from there programs round and pictures flicker",
            len(at), False,
        )  # fmt: skip
    elif (stray := np.flatnonzero(drawn & (reach > FAR))).size:
        yield look.finding(
            "far-origin", f"{entities(len(stray), 'entity reaches', 'entities reach')} more than 10 km from 0, 0", stray,
            "delete what was lost out there: a view of everything shows a dot", False,
        )  # fmt: skip
    elif not look.own:
        size = max(float(np.ptp(x)), float(np.ptp(y)))
        if len(at) > 20 and not SMALLEST < size < LARGEST:
            yield look.about(
                "unlikely-size", f"everything together is {size:.6g} mm wide, if the unit is right", (),
                "measure something of known size, a door or a chair: the unit is probably another",
            )  # fmt: skip


def duplicates(look: Look) -> Iterator[Finding]:
    """The same line, arc, circle, symbol or text twice, in model space or within a block; also across layers."""
    tags = look.tags
    drawn = np.isin(tags.space, [MODEL, BLOCK])
    fold = look.unit
    owner, ends, bulge = look.corners.runs
    keep = drawn[owner]
    owner, ends, bulge = owner[keep], ends[keep] * fold, bulge[keep]
    if look.origin == "3d":
        owner, ends, bulge = owner[:0], ends[:0], bulge[:0]
    whole = _whole(ends / SAME)
    swap = (whole[:, 0] > whole[:, 2]) | ((whole[:, 0] == whole[:, 2]) & (whole[:, 1] > whole[:, 3]))
    whole[swap] = whole[swap][:, [2, 3, 0, 1]]
    bent = _whole(np.where(swap, -bulge, bulge) * 1e6)
    nothing = (whole[:, 0] == whole[:, 2]) & (whole[:, 1] == whole[:, 3])
    if nothing.any():
        at = np.unique(owner[nothing])
        yield look.finding(
            "no-length", f"{entities(int(nothing.sum()), 'line has', 'lines have')} no length", at,
            "delete them: a cutter stops for each",
        )  # fmt: skip
    group = _group(tags)[owner]
    twice = _repeated(np.column_stack([group, whole, bent])[~nothing])
    found = [owner[~nothing][twice]]
    for kind, codes in (
        ("CIRCLE", (10, 20, 40)), ("ARC", (10, 20, 40, 50, 51)), ("ELLIPSE", (10, 20, 11, 21, 40, 41, 42)),
        ("POINT", (10, 20)),
    ):  # fmt: skip
        some = np.flatnonzero((tags.kinds == kind) & drawn & (tags.layers != "Defpoints"))
        rows = np.column_stack(
            [_group(tags)[some], *(np.round(tags.numbers(code)[some] * fold / SAME) for code in codes)]
        )
        found.append(some[_repeated(_whole(rows))])
    said = _attributes(tags)
    for kind, words, codes in (
        ("INSERT", tags.first(2) + said, (10, 20, 30, 50, 210, 220, 230)),
        ("TEXT", tags.first(1), (10, 20, 11, 21, 50)),
    ):
        some = np.flatnonzero((tags.kinds == kind) & drawn)
        _, names = np.unique(words[some].astype(str), return_inverse=True)
        rows = np.column_stack(
            [_group(tags)[some], names, *(np.round(tags.numbers(c)[some] * fold / SAME) for c in codes)]
        )
        found.append(some[_repeated(_whole(rows))])
    at = np.concatenate(found)
    if at.size:
        yield look.finding(
            "duplicate", f"{entities(len(at), 'line or symbol lies', 'lines and symbols lie')} exactly on another one", at,
            "delete one of each (OVERKILL): a cutter cuts such a line twice, a count counts it twice",
        )  # fmt: skip


def _attributes(tags: Tags) -> Words:
    """(k,) what the attributes of each INSERT say: panels above one another are told apart by it."""
    out = np.full(len(tags.starts), "", dtype=object)
    texts = tags.first(1)
    for i in np.flatnonzero(tags.kinds == "ATTRIB").tolist():
        out[tags.parent[i]] += f"\n{texts[i]}"
    return out


def _group(tags: Tags) -> Whole:
    """(k,) 0 in model space, a number for each block."""
    _, numbers = np.unique(np.where(tags.space == MODEL, "", tags.block).astype(str), return_inverse=True)
    return np.asarray(numbers, np.int64)


def _whole(values: Floats) -> Whole:
    """Rounded; what is no number is 0."""
    return np.clip(np.round(np.nan_to_num(values, posinf=0, neginf=0)), -9e15, 9e15).astype(np.int64)


def _repeated(rows: Whole) -> Flags:
    """(n,) rows that stand above already."""
    if not len(rows):
        return np.zeros(0, bool)
    order = np.lexsort(rows.T[::-1])
    same = np.append(False, (rows[order][1:] == rows[order][:-1]).all(axis=1))
    out = np.zeros(len(rows), bool)
    out[order[same]] = True
    return out


def round_things(look: Look) -> Iterator[Finding]:
    """Arcs and circles that were broken up into chords: in one polyline, or in lines end to end."""
    tags = look.tags
    if look.origin == "3d":
        return
    drawn = np.isin(tags.space, [MODEL, BLOCK])
    owner, x, y, bulge = look.corners.rows
    keep = drawn[owner]
    polylines = (owner[keep], x[keep], y[keep], bulge[keep] != 0, look.corners.closed[owner[keep]])
    broken: set[int] = set()
    for chain, px, py, bent, closed in (polylines, _end_to_end(tags, drawn)):
        broken.update(chain[_on_a_curve(chain, px * look.unit, py * look.unit, bent, closed)].tolist())
    if broken:
        yield look.finding(
            "tessellated-arc", f"{entities(len(broken), 'curve is', 'curves are')} broken up into straight chords",
            sorted(broken), "draw them as ARC, CIRCLE or polyline arcs: a cutter faithfully cuts every facet",
        )  # fmt: skip


def _end_to_end(tags: Tags, drawn: Flags) -> tuple[Whole, Floats, Floats, Flags, Flags]:
    """Lines that follow one another end to end in the file, as polylines named after their first line."""
    lines = np.flatnonzero((tags.kinds == "LINE") & drawn)
    ends = np.stack([tags.numbers(code)[lines] for code in (10, 20, 11, 21)], axis=1)
    joined = (
        np.append(False, (np.abs(ends[1:, :2] - ends[:-1, 2:]) <= SAME).all(axis=1)) if len(ends) else np.zeros(0, bool)
    )
    if len(lines):
        joined[1:] &= _group(tags)[lines[1:]] == _group(tags)[lines[:-1]]
    begin = np.maximum.accumulate(np.where(joined, 0, np.arange(len(lines)))) if len(lines) else np.zeros(0, int)
    last = np.append(~joined[1:], True) if len(lines) else joined
    back = last & (np.abs(ends[:, 2:] - ends[begin, :2]) <= SAME).all(axis=1) if len(lines) else last
    owner = np.concatenate([begin, begin[last & ~back]])
    order = np.argsort(owner, kind="stable")
    x, y = (np.concatenate([ends[:, k], ends[last & ~back, k + 2]])[order] for k in (0, 1))
    closes = np.zeros(len(lines), bool)
    closes[begin[back]] = True
    return lines[owner[order]], x, y, np.zeros(len(order), bool), closes[owner[order]]


def _on_a_curve(chain: Whole, x: Floats, y: Floats, bent: Flags, closed: Flags) -> Flags:
    """(n,) corners that end a run of chords on one circle, or a long run that turns gently."""
    n = len(chain)
    if n < 4:
        return np.zeros(n, bool)
    first = np.append(True, chain[1:] != chain[:-1])
    last = np.append(first[1:], True)
    begin = np.flatnonzero(first)
    end = np.flatnonzero(last)
    before, after = np.arange(n) - 1, np.arange(n) + 1
    before[first], after[last] = end, begin
    inner = closed | ~(first | last)
    inner &= ~bent & ~bent[before]
    ax, ay, bx, by = x - x[before], y - y[before], x[after] - x, y[after] - y
    cross, dot = ax * by - ay * bx, ax * bx + ay * by
    turn = np.degrees(np.arctan2(cross, dot))
    gentle = inner & (np.abs(turn) < TURN) & (np.abs(turn) > BARELY)
    chord = np.hypot(x[after] - x[before], y[after] - y[before])
    with np.errstate(divide="ignore", invalid="ignore"):
        radius = np.where(gentle, chord / (2 * np.sin(np.radians(turn))), np.nan)
        like = np.abs(radius / radius[before] - 1) < ROUND
    same = gentle & gentle[before] & like & ~first
    return (_run(same) >= CHORDS - 2) | (_run(gentle & ~first) >= STRAIGHT)


def _run(flags: Flags) -> Whole:
    """(n,) how many in a row up to here."""
    index = np.arange(1, len(flags) + 1)
    return index - np.maximum.accumulate(np.where(flags, 0, index))
