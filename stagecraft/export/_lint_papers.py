"""Lint of what is counted, measured and read: symbols, dimensions, texts and viewports."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stagecraft.drawing._paper import COARSE, SCALES, USUAL
from stagecraft.drawing.draft import DETAILS, LAYOUTS, PLANS
from stagecraft.export._lint import Finding, Look, counted, entities
from stagecraft.export._lint_tags import BLOCK, MODEL, NOWHERE, PAPER, Tags, Whole, hexadecimal

LEAST = 1.8
"""Height of the smallest text that is read from a print: ISO 3098. [mm of the paper]"""
ISO = frozenset(float(scale) for scale in (*SCALES, *COARSE, *PLANS, *LAYOUTS, *DETAILS))
IMPERIAL = frozenset((1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 120, 128, 192, 240, 360, 384, 480, 600, 720, 960, 1200))
"""1:n of inches to the foot, and of feet to the inch."""
LOCKED = 16384
FONTS = frozenset(
    """
    arial arialbd ariali arialbi arialn ariblk times timesbd timesi cour courbd verdana verdanab tahoma tahomabd calibri calibrib
    cambria georgia trebuc consola segoeui impact comic lucon symbol wingding msgothic msmincho simsun simhei msyh mingliu
    gulim batang malgun txt simplex complex monotxt romans romand romanc romant italic italicc italict scripts scriptc gothice
    gothicg gothici greeks greekc cyrillic cyriltlc isocp isocp2 isocp3 isoct isocteur isocpeur iso syastro symap symath
    symeteo symusic ltypeshp gdt bigfont extfont extfont2 chineset gbcbig
""".split()
)
"""Fonts that come with Windows, or with CAD programs."""
APART = (
    "ACAD_PROXY_ENTITY",
    "3DSOLID",
    "BODY",
    "REGION",
    "SURFACE",
    "IMAGE",
    "OLE2FRAME",
    "PDFUNDERLAY",
    "DWFUNDERLAY",
)
"""What most readers leave out."""


def symbols(look: Look) -> Iterator[Finding]:
    """Every INSERT has the attributes of its block, and no block was exploded."""
    tags = look.tags
    names = tags.first(2)
    wanted: dict[str, set[str]] = defaultdict(set)
    constant = tags.flags() & 2
    for i in np.flatnonzero((tags.kinds == "ATTDEF") & (tags.space == BLOCK) & (constant == 0)):
        wanted[str(tags.block[i]).lower()].add(str(names[i]).upper())
    has: dict[int, list[str]] = defaultdict(list)
    for i in np.flatnonzero(tags.kinds == "ATTRIB"):
        has[int(tags.parent[i])].append(str(names[i]).upper())
    wrong = []
    for i in np.flatnonzero((tags.kinds == "INSERT") & (tags.space != NOWHERE)):
        there, asked = has.get(int(i), []), wanted.get(str(names[i]).lower(), set())
        if len(there) != len(asked) or set(there) != asked:
            wrong.append(int(i))
    if wrong:
        lacking = sorted({tag for i in wrong for tag in wanted[str(names[i]).lower()] - set(has.get(i, []))})
        lost = f": {', '.join(lacking[:6])} missing" if lacking else ""
        yield look.finding(
            "attributes", f"{entities(len(wrong), 'symbol has', 'symbols have')} other attributes than the block{lost}", wrong,
            "synchronise the attributes (ATTSYNC) or insert them anew: lists made from the drawing would lack them",
        )  # fmt: skip
    yield from _exploded(look)


def _exploded(look: Look) -> Iterator[Finding]:
    """Loose lines that are, one after the other, what a block holds, where its symbols lie."""
    tags = look.tags
    names = tags.first(2)
    blocks: dict[str, list[int]] = defaultdict(list)
    sizes = _sizes(look)
    for i in sizes:
        if tags.space[i] == BLOCK and not str(tags.block[i]).startswith("*"):
            blocks[str(tags.block[i]).lower()].append(i)
    layers: dict[str, set[str]] = defaultdict(lambda: {"0"})
    for insert in np.flatnonzero((tags.kinds == "INSERT") & (tags.space == MODEL)):
        layers[str(names[insert]).lower()].add(str(tags.layers[insert]))
    starts: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for name, content in blocks.items():
        if len(content) > 1 or len(sizes[content[0]]) > 5:  # one plain line may be anything
            starts[sizes[content[0]]].append(name)
    loose = [i for i in sizes if tags.space[i] == MODEL]
    found: list[int] = []
    which: set[str] = set()
    for k, i in enumerate(loose):
        for name in starts.get(sizes[i], ()):
            content, run = blocks[name], loose[k : k + len(blocks[name])]
            same = len(run) == len(content) and all(sizes[a] == sizes[b] for a, b in zip(run, content))
            # one outline alone may also be the same thing seen from the front
            on = layers[name] if len(run) > 1 else {"0"}
            if same and all(str(tags.layers[a]) in on for a in run):
                found.append(i)
                which.add(str(tags.block[content[0]]))
                break
    if found:
        yield look.finding(
            "exploded",
            f"{entities(len(found), 'symbol was', 'symbols were')} exploded into lines: {', '.join(sorted(which)[:4])}", found,
            "undo it, or insert the block again: what is exploded is no longer counted and has lost its attributes",
        )  # fmt: skip


def _sizes(look: Look) -> dict[int, tuple[object, ...]]:
    """Kind and lengths of every curve in model space and blocks: the same wherever it lies and however it is turned."""
    tags = look.tags
    drawn = np.isin(tags.space, [MODEL, BLOCK])
    owner, ends, bulge = look.corners.runs
    lengths = np.round(np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]) * look.unit, 2)
    out: dict[int, list[object]] = {}
    keep = drawn[owner]
    for i, length, bend in zip(owner[keep].tolist(), lengths[keep].tolist(), np.round(bulge[keep], 4).tolist()):
        out.setdefault(i, [tags.kinds[i]]).extend((length, bend))
    radius = np.round(tags.numbers(40) * look.unit, 2)
    span = np.round((tags.numbers(51) - tags.numbers(50)) % 360, 3)
    for i in np.flatnonzero(drawn & np.isin(tags.kinds, ["CIRCLE", "ARC"])).tolist():
        out[i] = [tags.kinds[i], radius[i], span[i]]
    return {i: tuple(out[i]) for i in sorted(out)}


def dimensions(look: Look) -> Iterator[Finding]:
    """Dimensions print what they measure."""
    tags = look.tags
    at = np.flatnonzero((tags.kinds == "DIMENSION") & (tags.space != NOWHERE))
    if not at.size:
        return
    texts = tags.first(1)
    other = [i for i in at if (text := str(texts[i]).strip()) and (text != "<>" if look.own else "<>" not in text)]
    if other:
        yield look.finding(
            "dimension-text", f"{entities(len(other), 'dimension prints', 'dimensions print')} another text than it measures"
            if len(other) == 1 else f"{len(other)} dimensions print another text than they measure", other,
            "clear the text override (<>): whoever measures the drawing finds another size than it says",
        )  # fmt: skip
    if not look.own:
        return
    kind = tags.flags() & 7
    linear = at[np.isin(kind[at], [0, 1])]
    x0, y0, x1, y1, angle, said = (tags.numbers(code)[linear] for code in (13, 23, 14, 24, 50, 42))
    turn = np.where(kind[linear] == 1, np.arctan2(y1 - y0, x1 - x0), np.radians(angle))
    true = np.abs((x1 - x0) * np.cos(turn) + (y1 - y0) * np.sin(turn))
    off = np.abs(true - said) > 0.01
    off |= ~_shown_as_measured(look, linear, true)
    if off.any():
        yield look.finding(
            "dimension-size", f"{entities(int(off.sum()), 'dimension says', 'dimensions say')} another size than the model has",
            linear[off], "update the dimensions (DIMREGEN), or draw the sheet again",
        )  # fmt: skip


def _shown_as_measured(look: Look, at: Whole, true: np.ndarray) -> np.ndarray:
    """(n,) whether the text in the dimension's own geometry is the measured length, rounded as its style says."""
    from stagecraft.units import metres

    tags = look.tags
    styles, named, names, texts = tags.table("DIMSTYLE"), tags.first(3), tags.first(2), tags.first(1)
    step, factor, unit = tags.numbers(45), tags.numbers(144, 1.0), tags.numbers(277, 2)
    inside = np.flatnonzero((tags.space == BLOCK) & np.isin(tags.kinds, ["MTEXT", "TEXT"]))
    words = {str(tags.block[i]).lower(): str(texts[i]) for i in inside}
    good = np.ones(len(at), bool)
    for k, (i, length) in enumerate(zip(at.tolist(), true.tolist())):
        text = words.get(str(names[i]).lower())
        style = styles.get(str(named[i]).lower())
        if text is None or style is None:
            continue
        plain = re.sub(r"\\[A-Za-z][^;\\]*;|[{}]", "", text).strip()
        slack = (step[style] / 2 if step[style] else 0.5) / (factor[style] or 1.0) + 0.02
        try:
            shown = metres(plain) * 1000 if unit[style] in (3, 4) else float(plain) / (factor[style] or 1.0)
        except ValueError:
            good[k] = False
            continue
        good[k] = abs(shown - length) <= slack
    return good


@dataclass(frozen=True)
class _Window:
    """What a viewport shows of model space."""

    entity: int
    scale: float
    low: tuple[float, float]
    high: tuple[float, float]
    frozen: frozenset[str]


def _windows(tags: Tags) -> list[_Window]:
    cx, cy, high, wide, tall = (tags.numbers(code) for code in (12, 22, 45, 40, 41))
    first = tags.numbers(69)
    out = []
    for i in np.flatnonzero((tags.kinds == "VIEWPORT") & (tags.space == PAPER) & (first != 1)).tolist():
        if tall[i] <= 0 or high[i] <= 0:
            continue
        scale = high[i] / tall[i]
        half = (wide[i] * scale / 2, high[i] / 2)
        frozen = frozenset(
            tags.named.get(hexadecimal(text), "").lower() for code, text in tags.of(i) if code in (331, 341)
        )
        low, top = (cx[i] - half[0], cy[i] - half[1]), (cx[i] + half[0], cy[i] + half[1])
        out.append(_Window(i, float(scale), low, top, frozen))
    return out


def texts(look: Look) -> Iterator[Finding]:
    """Nothing too small to be read, in no font that others lack."""
    tags = look.tags
    words = np.isin(tags.kinds, ["TEXT", "MTEXT", "ATTRIB"]) & np.isin(tags.space, [MODEL, PAPER])
    words &= ~((tags.kinds == "ATTRIB") & (tags.flags() & 1 == 1))
    if look.origin in ("drawing", "foreign"):
        small = _small(look, np.flatnonzero(words))
        if small.size:
            yield look.finding(
                "small-text", f"{entities(len(small), 'text is', 'texts are')} less than 1.8 mm high on paper", small,
                "make the text larger, or show the view at a larger scale",
            )  # fmt: skip
    used = {str(name).lower() for name in tags.first(7)[words]}
    fonts, names = tags.first(3), tags.first(2)
    strange = {}
    for name, row in tags.table("STYLE").items():
        font = re.split(r"[\\/]", str(fonts[row]).strip().lower())[-1]
        if name in used and font and font.rpartition(".")[0] not in FONTS and font not in FONTS:
            strange[str(names[row])] = font
    if strange:
        yield look.about(
            "font", f"{entities(len(strange), 'text style needs', 'text styles need')} a font that is not everywhere",
            tuple(f"{style}: {font}" for style, font in strange.items()),
            "use Arial or an SHX font that comes with every program: texts are shown in another width, or not at all",
            len(strange),
        )  # fmt: skip


def _small(look: Look, at: Whole) -> Whole:
    """Texts that some viewport, or the paper itself, shows too small."""
    tags = look.tags
    height = tags.numbers(40)[at]
    x, y = tags.numbers(10)[at], tags.numbers(20)[at]
    layer = np.char.lower(tags.layers[at].astype(str)) if len(at) else np.zeros(0, str)
    on_paper = tags.space[at] == PAPER
    small = on_paper & (height < LEAST - 1e-3)
    windows = _windows(tags)
    for window in windows:
        inside = ~on_paper & (x > window.low[0]) & (x < window.high[0]) & (y > window.low[1]) & (y < window.high[1])
        inside &= ~np.isin(layer, list(window.frozen))
        small |= inside & (height / window.scale < LEAST - 1e-3)
    if not windows and look.own:
        scale = float(tags.header.get("$LTSCALE", "1"))
        small |= ~on_paper & (height / scale < LEAST - 1e-3)
    return np.asarray(at[small], np.int64)


def viewports(look: Look) -> Iterator[Finding]:
    """Viewports are locked, at scales that a ruler has."""
    tags = look.tags
    windows = _windows(tags)
    flags = tags.flags(90)
    loose = [window.entity for window in windows if not flags[window.entity] & LOCKED]
    if look.own and loose:
        yield look.finding(
            "unlocked-viewport", f"{entities(len(loose), 'viewport is', 'viewports are')} not locked", loose,
            "lock them: one turn of the wheel and the sheet has no scale",
        )  # fmt: skip
    known = ISO if look.own else ISO | IMPERIAL | frozenset(float(scale) for scale in USUAL)
    per_unit = look.unit if not look.own else 1.0
    odd = {w.entity: w.scale * per_unit for w in windows if not _is_scale(w.scale * per_unit, known)}
    if odd:
        scales = ", ".join(f"1:{scale:.5g}" for scale in sorted(set(odd.values()))[:4])
        yield look.finding(
            "odd-scale", f"{entities(len(odd), 'viewport has', 'viewports have')} a scale that no ruler has: {scales}",
            list(odd), "use 1:1, 2, 5, 10, 20, 25, 50, 100, 200, 500 or 1000",
        )  # fmt: skip


def _is_scale(scale: float, known: frozenset[float]) -> bool:
    return any(abs(scale / one - 1) < 1e-4 or abs(scale * one - 1) < 1e-4 for one in known)


def apart(look: Look) -> Iterator[Finding]:
    """What stands in other files, or is no line at all."""
    tags = look.tags
    flags, names = tags.flags(), tags.first(2)
    outside = [i for i in tags.table("BLOCK").values() if flags[i] & 4]
    if outside:
        yield look.about(
            "external-reference", f"{entities(len(outside), 'block stands', 'blocks stand')} in another file",
            tuple(str(names[i]) for i in outside), "ask for a drawing with its references bound", len(outside),
        )  # fmt: skip
    other = np.flatnonzero(np.isin(tags.space, [MODEL, BLOCK]) & np.isin(tags.kinds, APART))
    if other.size:
        yield look.finding(
            "not-drawn", f"{counted(tags.kinds[other])}: most programs leave such things out", other,
            "ask for lines instead: pictures, solids and objects of other programs are not read",
        )  # fmt: skip
