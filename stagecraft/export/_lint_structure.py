"""Lint of a DXF's skeleton: sections, numbers, handles, tables and what refers to them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft.export._lint import MILLIMETRES, Finding, Look, counted, entities
from stagecraft.export._lint_tags import BLOCK, MODEL, NOWHERE, PAPER, hexadecimal, number

VERSIONS = {
    "AC1009": "R12", "AC1012": "R13", "AC1014": "R14", "AC1015": "R2000", "AC1018": "R2004", "AC1021": "R2007",
    "AC1024": "R2010", "AC1027": "R2013", "AC1032": "R2018",
}  # fmt: skip
WANTED = ("HEADER", "TABLES", "BLOCKS", "ENTITIES", "OBJECTS")
"""Sections of every DXF since R2000."""
FLOATS = ((10, 59), (110, 149), (210, 239), (460, 469), (1010, 1059))
"""Group codes whose value is a number with a point: DXF reference, Group code value types."""
LONGEST_NAME = 31
"""Characters of a layer's name that every program keeps."""


def structure(look: Look) -> Iterator[Finding]:
    """Sections, version, numbers, handles and owners."""
    tags = look.tags
    version = tags.header.get("$ACADVER", "")
    if tags.header and version not in VERSIONS and version:
        yield look.about(
            "unknown-version", f"$ACADVER is '{version}'", (), "save it as R2010 or R2013, which every program reads", 1, False
        )  # fmt: skip
    wanted = WANTED if version > "AC1009" else WANTED[:-1] if look.own else ()
    missing = [name for name in wanted if name not in set(tags.sections)]
    if missing:
        yield look.about(
            "missing-section", f"there is no section {', '.join(missing)}", (), "export it again", len(missing), False
        )
    yield from _numbers(look)
    handles = tags.handles[(tags.handles != "") & (tags.kinds != "SECTION") & (tags.sections != "HEADER")]
    names, counts = np.unique(handles.astype(str), return_counts=True)
    if (twice := names[counts > 1]).size:
        yield look.about(
            "repeated-handle", f"{entities(len(twice), 'handle is', 'handles are')} given twice", tuple(twice.tolist()),
            "open it in a CAD program, run its audit and save it again", len(twice), False,
        )  # fmt: skip
    yield from _owners(look, set(names.tolist()))
    yield from _vertex_counts(look)
    if tags.binary:
        yield look.about(
            "binary", "it is a binary DXF, which many programs do not read", (), "save it as ASCII DXF", 1, None
        )


def _numbers(look: Look) -> Iterator[Finding]:
    tags = look.tags
    chosen = np.zeros(len(tags.codes), bool)
    for low, high in FLOATS:
        chosen |= (tags.codes >= low) & (tags.codes <= high)
    places = np.flatnonzero(chosen)
    try:
        values = np.array(list(map(float, tags.values[places])))
    except ValueError:
        values = np.array([number(text) for text in tags.values[places]])
    if (wrong := places[~np.isfinite(values)]).size:
        shown = tuple(f"'{str(tags.values[i]).strip()}' in {tags.place(int(tags.entity[i]))}" for i in wrong[:5])
        yield look.about(
            "bad-number", f"{entities(len(wrong), 'value is no number', 'values are no numbers')}", shown,
            "mend these entities in a CAD program, or leave them out, and export again", len(wrong), False,
        )  # fmt: skip


def _owners(look: Look, known: set[str]) -> Iterator[Finding]:
    """Entities whose owner (330) is not in the file. R12 has no owners."""
    tags = look.tags
    if tags.header.get("$ACADVER", "") <= "AC1009":
        return
    owner = tags.first(330)
    drawn = (tags.space != NOWHERE) & (owner != "")
    lost = [i for i in np.flatnonzero(drawn) if (name := hexadecimal(owner[i])) and name not in known]
    if lost:
        yield look.finding(
            "lost-owner", f"{entities(len(lost))} belong to something that is not in the file", lost,
            "open it in a CAD program, run its audit and save it again", False,
        )  # fmt: skip


def _vertex_counts(look: Look) -> Iterator[Finding]:
    tags = look.tags
    polylines = np.flatnonzero((tags.kinds == "LWPOLYLINE") & (tags.space != NOWHERE))
    corners = tags.tags(10)
    there = np.bincount(tags.entity[corners], minlength=len(tags.starts))[polylines]
    said = tags.numbers(90, -1)[polylines]
    if (wrong := polylines[there != said]).size:
        yield look.finding(
            "vertex-count", f"{entities(len(wrong), 'polyline has', 'polylines have')} another number of corners than said",
            wrong, "export it again", False,
        )  # fmt: skip


def units(look: Look) -> Iterator[Finding]:
    """Millimetres in our files; in others a unit that is said, and that agrees with itself."""
    header = look.tags.header
    unit, measured = header.get("$INSUNITS", ""), header.get("$MEASUREMENT", "")
    if look.own:
        r12 = header.get("$ACADVER") == "AC1009"  # which has no $INSUNITS; the check square says the size there
        if unit != "4" and not (r12 and unit == ""):
            yield look.about(
                "units", f"$INSUNITS is {unit or 'not there'}, not 4 (millimetres)", (),
                "set $INSUNITS to 4: it is 25.4 or 1000 times too large or small elsewhere",
            )  # fmt: skip
        if measured != "1" and not (r12 and measured == ""):
            yield look.about(
                "units", f"$MEASUREMENT is {measured or 'not there'}, not 1 (metric)", (), "set $MEASUREMENT to 1"
            )
        return
    if not unit.isdigit() or int(unit) not in MILLIMETRES:
        yield look.about(
            "units", f"the unit is not said ($INSUNITS is {unit or 'not there'})", (),
            "ask in which unit it was drawn, and say it where the drawing is used (unit: mm)", 1, False,
        )  # fmt: skip
    elif measured in ("0", "1") and (int(unit) in (1, 2, 3, 8, 9, 10)) != (measured == "0"):
        says = {"0": "imperial", "1": "metric"}[measured]
        yield look.about(
            "units", f"$INSUNITS is {unit} and $MEASUREMENT says {says}: one of them is wrong", (),
            "measure something of known size, a door or a chair, before the drawing is used",
        )  # fmt: skip


def layers(look: Look) -> Iterator[Finding]:
    """Nothing on layer 0, on layers that are not defined, or drawn otherwise than its layer."""
    tags = look.tags
    zero = np.flatnonzero((tags.space == MODEL) & (tags.layers == "0") & ~np.isin(tags.kinds, ["SEQEND", "ATTRIB"]))
    if zero.size:
        yield look.finding(
            "layer-0", f"{entities(len(zero))} in model space on layer 0: {counted(tags.kinds[zero])}", zero,
            "put them on a layer that says what they are; blocks that were exploded leave such lines",
        )  # fmt: skip
    yield from _undefined(look)
    if look.own:
        long = [name for name in tags.table("LAYER") if len(name) > LONGEST_NAME]
        if long:
            yield look.about(
                "long-name", f"{entities(len(long), 'layer has', 'layers have')} a name of more than 31 characters",
                tuple(long), "shorten the name in the layer profile", len(long),
            )  # fmt: skip
    else:
        yield from _unseen(look)
    yield from _overrides(look)


def _undefined(look: Look) -> Iterator[Finding]:
    tags = look.tags
    drawn = tags.space != NOWHERE
    for what, kind, names, standing in (
        ("layer", "LAYER", tags.layers, {"0", "defpoints"}),
        ("line type", "LTYPE", tags.first(6), {"bylayer", "byblock", "continuous"}),
        ("block", "BLOCK", np.where(tags.kinds == "INSERT", tags.first(2), ""), set()),
        ("dimension style", "DIMSTYLE", np.where(tags.kinds == "DIMENSION", tags.first(3), ""), {"standard"}),
        ("text style", "STYLE", _text_styles(look), {"standard"}),
    ):
        known = set(tags.table(kind)) | standing | {""}
        used = np.flatnonzero(drawn)
        lost = [i for i in used if str(names[i]).lower() not in known]
        if lost:
            missing = sorted({str(names[i]) for i in lost})
            yield look.finding(
                f"undefined-{what.replace(' ', '-')}",
                f"{entities(len(lost))} of {what} {', '.join(missing[:4])}{' …' * (len(missing) > 4)}, not in the tables",
                lost, f"define the {what}, or export again: some programs leave such entities out",
                False if what == "block" else None,
            )  # fmt: skip


def _text_styles(look: Look) -> np.ndarray:
    words = np.isin(look.tags.kinds, ["TEXT", "MTEXT", "ATTRIB", "ATTDEF"])
    return np.where(words, look.tags.first(7), "")


def _unseen(look: Look) -> Iterator[Finding]:
    """Somebody else's layers that are frozen or off: what is on them is in the file and not on the picture."""
    tags = look.tags
    flags, colour = tags.numbers(70), tags.numbers(62, 7)
    names = tags.first(2)
    rows = tags.table("LAYER").values()
    hidden = {str(names[i]).lower() for i in rows if int(flags[i]) & 1 or colour[i] < 0}
    lost = [i for i in np.flatnonzero(tags.space == MODEL) if str(tags.layers[i]).lower() in hidden]
    if lost:
        used = sorted({str(tags.layers[i]) for i in lost})
        yield look.finding(
            "unseen-layer",
            f"{entities(len(lost))} on layers that are frozen or off: {', '.join(used[:4])}{' …' * (len(used) > 4)}",
            lost, "ask whether they belong to the drawing; a plan made from it would show them",
        )  # fmt: skip


def _overrides(look: Look) -> Iterator[Finding]:
    """Colour, line type or line weight of an entity's own. An area coloured by what it says (HATCH) may have one."""
    tags = look.tags
    space = tags.space
    drawn = np.isin(space, [MODEL, PAPER, BLOCK]) & ~np.isin(tags.kinds, ["SEQEND", "VIEWPORT", "VERTEX"])
    if look.own:
        drawn &= tags.kinds != "HATCH"
    else:
        drawn &= space == MODEL
    colour = tags.numbers(62, 256)
    by_block = (space == BLOCK) & (colour == 0)
    line = np.char.lower(tags.first(6, "BYLAYER").astype(str))
    weight = tags.numbers(370, -1)
    for what, wrong in (
        ("colour", ((colour != 256) & ~by_block) | (tags.first(420) != "")),
        ("line type", ~np.isin(line, ["bylayer", "byblock"])),
        ("line weight", ~np.isin(weight, [-1, -2])),
    ):
        if (at := np.flatnonzero(wrong & drawn)).size:
            yield look.finding(
                "override", f"{entities(len(at))} with a {what} of their own: {counted(tags.kinds[at])}", at,
                f"set the {what} to ByLayer; what must look different gets a layer of its own",
            )  # fmt: skip
