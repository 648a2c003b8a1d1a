"""Rows of seats made by hand, for tests that need no venue."""

import numpy as np

from stagecraft.scene import About, Origin, Scene, SeatRow, Target


def row(key, xy, floor=0.0, eye=1.2, facing=90.0, element="stalls", width=0.55, depth=0.55, eye_at=0.0, label=None,
        section=None, tiered=False, **arrays):  # fmt: skip
    """One row; `xy` (n, 2) are the middles of the places, the eyes stand `eye_at` behind them."""
    xy = np.asarray(xy, float).reshape(-1, 2)
    n = len(xy)
    look = np.radians(np.broadcast_to(np.asarray(facing, float), n))
    blank = np.full(n, "", dtype=np.str_)
    eyes = np.c_[xy - eye_at * np.stack([np.cos(look), np.sin(look)], axis=1), np.full(n, floor + eye)]
    fields = {
        "ids": np.array([f"{element}/{key}/{s}" for s in range(n)], dtype=np.str_).reshape(n),
        "at": np.c_[xy, np.full(n, floor)], "facing": np.degrees(look), "eyes": eyes,
        "section": np.zeros(n, np.int64) if section is None else np.asarray(section, np.int64),
        "place": np.full(n, "chair"), "width": np.full(n, width), "item": blank,
        "block": np.full(n, element), "row": np.full(n, label or chr(64 + key) if key < 27 else str(key)),
        "seat": np.array([str(s + 1) for s in range(n)], dtype=np.str_).reshape(n), "category": blank,
        "status": np.full(n, "open"), "owner": blank, "reason": blank, "price": np.full(n, np.nan), "removed_by": blank,
    }  # fmt: skip
    fields |= {name: np.broadcast_to(np.asarray(value), n).copy() for name, value in arrays.items()}
    return SeatRow(element=element, key=key, depth=depth, tiered=tiered, **fields)


def target(*points, name="focus", role="focus", kind=None, element="mark"):
    points = np.asarray(points, float).reshape(-1, 3)
    return Target(element, name, points, role, kind or ("point" if len(points) == 1 else "line"))


def scene(*records, about=None, elements=None):
    names = dict.fromkeys(r.element for r in records)
    origins = {name: Origin("thing", np.eye(4)) for name in names} | (elements or {})
    return Scene(about or About("test"), origins, tuple(records))


def ref_500(*more):
    """REF-500 of the reference: 18 rows of 14 + 14 at 0.95 m on a flat floor, front eyes 3.1 m from the stage edge."""
    half = 0.6 + 0.55 * (np.arange(14) + 0.5)
    x = np.concatenate([-half[::-1], half])
    rows = [
        row(k + 1, np.c_[x, np.full(28, -3.1 - 0.95 * k)], section=np.repeat([0, 1], 14), depth=0.60) for k in range(18)
    ]
    return scene(*rows, *more)
