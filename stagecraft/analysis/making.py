"""What a workshop makes: set pieces, twins drawn once, and their parts with one mark each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from stagecraft.geometry import frame as frames
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.outline import Outline
from stagecraft.scene import Part, Piece, Scene

_DIGITS = 5
"""Shapes that differ by less than a hundredth of a millimetre are the same. [decimals of a metre]"""
_Shape: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, eq=False)
class SetPiece:
    """A thing to make, as often as it stands there."""

    elements: tuple[str, ...]
    """Where it stands; the first is the one that is drawn, and gives the parts their marks."""
    opposite: tuple[str, ...]
    """Those of them that are made opposite hand."""
    parts: tuple[Part, ...]
    """Of the first, in the room."""
    pieces: tuple[Piece, ...]
    """What one is made from; none where it is no work for this workshop."""

    @property
    def element(self) -> str:
        return self.elements[0]

    @property
    def count(self) -> int:
        return len(self.elements)


def set_pieces(scene: Scene) -> tuple[SetPiece, ...]:
    """Everything built for the set, in the order of the venue file; what is ordered from a catalogue is none of it."""
    parts: dict[str, list[Part]] = {}
    pieces: dict[str, list[Piece]] = {}
    for piece in scene.of(Piece):
        pieces.setdefault(piece.element, []).append(piece)
    for part in scene.parts:
        if part.count and (part.element in pieces or (part.system == "set" and not part.item)):
            parts.setdefault(part.element, []).append(part)
    found: list[list[str]] = []
    opposite: list[list[str]] = []
    known: dict[_Shape, int] = {}
    mirrored: dict[_Shape, int] = {}
    for element in sorted(parts, key=list(scene.elements).index):
        shape = _shape(scene, parts[element], pieces.get(element, ()), 1.0)
        if (n := known.get(shape)) is not None:
            found[n].append(element)
        elif (n := mirrored.get(shape)) is not None:
            found[n].append(element)
            opposite[n].append(element)
        else:
            known[shape] = len(found)
            if not any(piece.cuts for piece in pieces.get(element, ())):  # a pocket has a hand
                mirrored[_shape(scene, parts[element], pieces.get(element, ()), -1.0)] = len(found)
            found.append([element])
            opposite.append([])
    return tuple(
        SetPiece(tuple(members), tuple(other), tuple(parts[members[0]]), tuple(pieces.get(members[0], ())))
        for members, other in zip(found, opposite)
    )


def to_make(scene: Scene) -> tuple[Piece, ...]:
    """Every part to make, once: its mark is the first twin's, its quantity and its places are those of all twins."""
    by_element: dict[str, list[Piece]] = {}
    for piece in scene.of(Piece):
        by_element.setdefault(piece.element, []).append(piece)
    out = []
    for made in set_pieces(scene):
        for k, piece in enumerate(made.pieces):
            twins = [by_element[element][k] for element in made.elements]
            places = np.concatenate([twin.transforms for twin in twins])
            out.append(replace(piece, quantity=sum(twin.quantity for twin in twins), transforms=places))
    return tuple(out)


def _shape(scene: Scene, parts: Sequence[Part], pieces: Sequence[Piece], flip: float) -> _Shape:
    """What elements that are made alike have in common, wherever they stand; flip −1: what the mirror image has."""
    origin = scene.elements[parts[0].element]
    home = frames.inverse(origin.frame)
    solids = []
    for part in parts:
        for matrix in home @ part.transforms:
            at = frames.points(matrix, part.solid.vertices) * np.array([flip, 1.0, 1.0])
            solids.append((part.system, part.material, part.name, _sorted(at)))
    return origin.type, tuple(sorted(solids)), tuple(_cut(piece) for piece in pieces)


def _cut(piece: Piece) -> _Shape:
    """A piece as it is cut: turned round, and turned over where nothing is worked into its face, it is the same."""
    corners = [np.concatenate([ring.points for ring in outline.rings()]) for outline in _outlines(piece)]
    corners += [np.array(cut.at, float).reshape(-1, 2) for cut in piece.cuts]
    ways = [(1, 1), (-1, -1)] + [(-1, 1), (1, -1)] * (not piece.cuts)
    shapes = []
    for way in ways:
        turned = [points * np.array(way, float) for points in corners]
        shapes.append(tuple(_sorted(points - turned[0].min(axis=0)) for points in turned))
    worked = tuple((cut.kind, cut.depth, cut.diameter) for cut in piece.cuts)
    return (piece.name, piece.kind, piece.material, round(piece.thickness, _DIGITS), piece.quantity, piece.grain,
            piece.edge_band, piece.note, worked, min(shapes))  # fmt: skip


def _outlines(piece: Piece) -> list[Outline]:
    return [piece.outline, *(cut.outline for cut in piece.cuts if cut.outline is not None)]


def _sorted(points: Floats) -> bytes:
    rounded = np.round(points, _DIGITS) + 0.0
    return rounded[np.lexsort(rounded.T)].tobytes()
