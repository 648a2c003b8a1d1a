"""The drawing set: every sheet that applies to a scene, composed, numbered and listed on its cover."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from stagecraft.analysis.views import Views
from stagecraft.drawing.changes import changes_sheets
from stagecraft.drawing.compose import Composer
from stagecraft.drawing.cover import COVER, cover_draft
from stagecraft.drawing.cross_section import cross_section
from stagecraft.drawing.deck_layout import stage_sheets
from stagecraft.drawing.draft import Draft, Job, Kind, View, Wish
from stagecraft.drawing.egress_plan import egress_sheets
from stagecraft.drawing.elevation import elevation_sheets
from stagecraft.drawing.general import general_sheets
from stagecraft.drawing.led_layout import led_sheets
from stagecraft.drawing.marks import Book, Sheet
from stagecraft.drawing.nest_sheet import nest_sheets
from stagecraft.drawing.rigging_plot import rigging_sheets
from stagecraft.drawing.screen_layout import screen_sheets
from stagecraft.drawing.seating import seating_sheets
from stagecraft.drawing.section import section, section_sheets
from stagecraft.drawing.shop_drawing import set_sheets
from stagecraft.drawing.sightline_sheet import sightline_sheets
from stagecraft.drawing.truss_elevations import truss_sheets
from stagecraft.errors import Problem, VenueError, nearest
from stagecraft.scene import Scene

Step = Callable[[str], None]
OWN = 901
"""Number of the first sheet that somebody puts together."""


KINDS: tuple[Kind, ...] = (
    general_sheets,
    seating_sheets,
    egress_sheets,
    sightline_sheets,
    section_sheets,
    elevation_sheets,
    stage_sheets,
    led_sheets,
    screen_sheets,
    rigging_sheets,
    truss_sheets,
    set_sheets,
    nest_sheets,
    changes_sheets,
)
"""The contents page: every kind of sheet, in the order of their numbers."""


def drafts(job: Job, wishes: Mapping[str, Wish] | None = None) -> dict[str, Draft]:
    """By its key, every sheet that applies to a job, with what `sheets:` wants otherwise; those that somebody put together last.

    Raises VenueError for a sheet or a view that there is not.
    """
    wishes = wishes or {}
    found = {draft.key: draft for kind in KINDS for draft in kind(job)}
    views = {view.name: view for draft in found.values() for view in draft.views}
    out: dict[str, Draft] = {}
    for key, draft in found.items():
        wish = wishes.get(key, Wish())
        if wish.show:
            out[key] = replace(draft, views=_chosen(job, key, wish.views, views)) if wish.views else draft
    for key, wish in wishes.items():
        if key in found or key == COVER or not wish.show:
            continue
        if not wish.views:
            words = _unknown(key, "sheet", [COVER, *found]) + "; a sheet of your own names its views:"
            raise VenueError(Problem(words, f"sheets.{key}"))
        own = OWN + sum(draft.number.isdecimal() and int(draft.number) >= OWN for draft in out.values())
        chosen = _chosen(job, key, wish.views, views)
        out[key] = Draft(key, str(own), key.replace("-", " ").replace("_", " ").capitalize(), "Drawing", chosen)
    return out


def _chosen(job: Job, key: str, names: Sequence[str], known: Mapping[str, View]) -> tuple[View, ...]:
    """The views that a sheet is to have, by their names; `section x=3.5` and `section y=-8` are cut where they say."""
    out = []
    for name in names:
        view = known.get(name) or _cut(job, name)
        if view is None:
            raise VenueError(Problem(_unknown(name, "view", [*known, "section x=0"]), f"sheets.{key}.views"))
        out.append(view)
    return tuple(out)


def _cut(job: Job, name: str) -> View | None:
    word, _, where = name.partition(" ")
    axis, _, value = where.partition("=")
    if word != "section" or axis.strip() not in ("x", "y"):
        return None
    try:
        at = float(value)
    except ValueError:
        return None
    if axis.strip() == "y":
        return View(name, lambda scale: cross_section(job.scene, at, scale))
    return View(name, lambda scale: section(job.scene, at, scale, job.views))


def _unknown(name: str, what: str, known: Sequence[str]) -> str:
    return f"no {what} is called '{name}'" + (nearest(name, list(known)) or f": there are {', '.join(known)}")


def compose(
    job: Job,
    wishes: Mapping[str, Wish] | None = None,
    only: Sequence[str] = (),
    size: str = "auto",
    step: Step = lambda name: None,
) -> Book:
    """The set of a job.

    wishes : what `sheets:` wants otherwise, by the key of a sheet
    only : keys of the sheets that are wanted; all of them, and the cover, where none is named
    size : "A4" … "A0", or "auto" for the one that suits each sheet best
    step : called with the title of each sheet as it begins

    Raises VenueError for a key that there is not, and for a sheet that fits nowhere.
    """
    wishes = wishes or {}
    found = drafts(job, wishes)
    cover = wishes.get(COVER, Wish())
    known = [*([COVER] if cover.show else []), *found]
    for key in only:
        if key not in known:
            raise VenueError(_unknown(key, "sheet of this venue", known))
    wanted = [key for key in found if not only or key in only]
    composer, made = Composer(job.scene), list[Sheet]()
    covered = int(cover.show)
    count = len(found) + covered
    order = sorted(found, key=lambda key: (wishes.get(key, Wish()).number or found[key].number, key))
    for key in sorted(wanted, key=order.index):
        step(found[key].title)
        of = (order.index(key) + 1 + covered, count)
        made.append(composer.sheet(found[key], wishes.get(key, Wish()), of, size))
    if cover.show and (not only or COVER in only):
        step("Cover and register")
        every = made if not only else [composer.sheet(found[key], wishes.get(key, Wish()), size=size) for key in order]
        made.insert(0, composer.sheet(cover_draft(job, every), cover, (1, count), size))
    about = job.scene.about
    return Book(about.name, tuple(made), about.author, about.units)


def sheets(
    scene: Scene, views: Views | None = None, size: str = "auto", bands: Mapping[str, float] | None = None
) -> Book:
    """The drawing set of a scene: cover and register, plans, sections, elevation, and the layouts that apply.

    bands : least share of each band of view by its name, as the rules have it; with them there is a sheet of sightlines
        where there are seats and something to be seen is named
    views : what the seats see, where that was worked out before
    size : "A4" … "A0", or "auto"
    """
    return compose(Job(scene, views, bands or {}), size=size)
