"""Seats in the colours of their views."""

import numpy as np

from stagecraft.analysis.colours import NO_VIEW, band_colours, coloured
from stagecraft.analysis.restricted import Bands, restricted
from stagecraft.analysis.views import views
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import frames
from stagecraft.geometry.shading import RAMP, linear, ramp
from stagecraft.scene import Part
from tests.analysis._house import row, scene
from tests.analysis.test_visible import block, led

BANDS = Bands({"clear": 0.95, "slight": 0.80, "side": 0.66, "restricted": 0.33, "severe": 0.0})


def lightness(colour):
    """CIE L* of an sRGB colour."""
    y = float(np.dot(linear(colour), (0.2126, 0.7152, 0.0722)))
    return 116 * y ** (1 / 3) - 16


def test_the_ramp_grows_lighter_all_the_way_so_that_a_grey_print_keeps_its_order():
    steps = [lightness(ramp(k / 20)) for k in range(21)]
    assert min(np.diff(steps)) > 0
    assert [round(lightness(colour)) for colour in RAMP] == [50, 63, 77, 89, 97]


def test_the_best_band_is_lightest_and_no_view_is_none_of_them():
    colours = band_colours(BANDS)
    assert list(colours) == [*BANDS, ""]
    assert (colours["clear"], colours["severe"], colours[""]) == (RAMP[-1], RAMP[0], NO_VIEW)
    assert len(set(colours.values())) == 6
    assert band_colours({"seen": 0.0}) == {"seen": RAMP[-1], "": NO_VIEW}


def test_every_chair_stays_where_it_is_and_takes_the_colour_of_its_seat():
    seats = row(1, [(k, -10) for k in range(4)], status=["open", "open", "open", "kill"])
    chairs = Part(
        "stalls", shapes.box(0.5, 0.5, 0.9), frames(seats.at), "seating", tags=tuple(seats.ids.tolist()), of_seats=True
    )
    house = scene(seats, chairs, block("flat", (-40, -9.01, 0), (0.1, -9.0, 9)), *led(8))
    seen = restricted(house, views(house), BANDS)
    assert seen.band.tolist() == ["restricted", "clear", "clear", ""]
    painted = [part for part in coloured(house, seen, BANDS).parts if part.of_seats]
    colours = band_colours(BANDS)
    assert {part.tags: part.colour for part in painted} == {
        ("stalls/1/0",): colours["restricted"], ("stalls/1/1", "stalls/1/2"): colours["clear"],
        ("stalls/1/3",): NO_VIEW,
    }  # fmt: skip
    where = {tag: at for part in painted for tag, at in zip(part.tags, part.transforms[:, :3, 3].tolist())}
    assert where == dict(zip(chairs.tags, chairs.transforms[:, :3, 3].tolist()))
    assert len(coloured(house, seen, BANDS).records) == len(house.records) + 2
