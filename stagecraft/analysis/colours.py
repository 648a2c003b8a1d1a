"""Seats in the colours of their views, for pictures and windows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from stagecraft.analysis.restricted import Restricted
from stagecraft.geometry.shading import ramp
from stagecraft.scene import Colour, Part, Scene

NO_VIEW: Colour = (0.40, 0.40, 0.40)
"""Killed places, and seats that face nothing that is to be seen."""


def band_colours(bands: Mapping[str, float]) -> dict[str, Colour]:
    """A colour for each band of view, the best lightest, as on a heat map; for no band, that of no view."""
    last = max(len(bands) - 1, 1)
    return {name: ramp(1 - k / last) for k, name in enumerate(bands)} | {"": NO_VIEW}


def coloured(scene: Scene, seen: Restricted, bands: Mapping[str, float]) -> Scene:
    """The scene with every chair in the colour of its seat's band. Wheelchair places have none."""
    colours, band = band_colours(bands), dict(zip(scene.seats.ids.tolist(), seen.band.tolist()))

    def painted() -> Iterator[Part]:
        for part in scene.parts:
            if part.of_seats:
                of = np.array([band.get(tag, "") for tag in part.tags], np.str_)
                for name in dict.fromkeys(of.tolist()):
                    here = np.flatnonzero(of == name)
                    tags = tuple(part.tags[k] for k in here.tolist())
                    yield replace(part, transforms=part.transforms[here], tags=tags, colour=colours[name])

    others = (record for record in scene.records if not (isinstance(record, Part) and record.of_seats))
    return replace(scene, records=(*others, *painted()))
