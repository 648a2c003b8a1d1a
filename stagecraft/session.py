"""An open venue: its scene, views and report, made when first asked for; edits give a new Session."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stagecraft.analysis.by_view import by_view
from stagecraft.analysis.restricted import Bands
from stagecraft.analysis.views import Views, views
from stagecraft.build import build
from stagecraft.checks import check, ruleset
from stagecraft.checks.finding import Report
from stagecraft.errors import VenueError
from stagecraft.scene import Scene
from stagecraft.schedules.exits import Carries
from stagecraft.venue.document import Venue
from stagecraft.venue.load import load

if TYPE_CHECKING:
    from stagecraft.drawing.draft import Wish


@dataclass(frozen=True, eq=False)
class Session:
    """One venue in one set-up and cue."""

    venue: Venue | None
    path: Path | None = None
    setup: str | None = None
    cue: str | None = None
    fixed: Scene | None = None
    """A scene that was handed over without its venue: it can be looked at, not edited."""
    before: Views | None = None
    """Views of an earlier state, of which all that still holds is taken over."""

    @classmethod
    def of(cls, what: Venue | Scene | Session | str | Path) -> Session:
        """A session on a venue file, a Venue or a Scene."""
        if isinstance(what, Session):
            return what
        if isinstance(what, Scene):
            return cls(None, fixed=what)
        if isinstance(what, Venue):
            return cls(what)
        return open(what)

    @cached_property
    def scene(self) -> Scene:
        if self.fixed is not None:
            return self.fixed
        return self._built[0]

    @cached_property
    def _built(self) -> tuple[Scene, Views | None]:
        """The scene with what its rules say of seats by their views, and the views that this took."""
        assert self.venue is not None
        scene = build(self.venue, self.setup, self.cue)
        if not scene.view_rules:
            return scene, None
        seen = views(scene, self.before)
        return by_view(scene, seen, ruleset.view_bands(ruleset.chosen(self.venue.rules, scene.about.folder))), seen

    @cached_property
    def views(self) -> Views:
        taken = None if self.fixed is not None else self._built[1]
        return views(self.scene, taken or self.before)

    @property
    def latest(self) -> Views | None:
        """The views where they were made, or those of the state before."""
        made: Views | None = self.__dict__.get("views")
        return made or self.before

    @cached_property
    def report(self) -> Report:
        if self.venue is None:
            return check(self.scene, views=self.views)
        waivers = [waiver.model_dump() for waiver in self.venue.accept]
        return check(
            self.scene, self.venue.rules, views=self.views, accept=waivers, combine=self.venue.combine, cues=self.cues
        )

    @property
    def cues(self) -> tuple[Scene, ...]:
        """The set-up in each of its cues that change something, in the order of the file; none of one cue alone."""
        if self.venue is None or self.cue is not None:
            return ()
        first = next(iter(self.venue.setups), None)
        mine = [
            name for name, cue in self.venue.cues.items() if cue.set and (cue.setup or first) == (self.setup or first)
        ]
        return tuple(build(self.venue, self.setup, name) for name in mine)

    @cached_property
    def bands(self) -> Bands:
        """Bands of view that the venue's rules have, the house's where it names no rules."""
        rules = self.venue.rules if self.venue is not None else ()
        return ruleset.view_bands(ruleset.chosen(rules, self.scene.about.folder))

    @property
    def wishes(self) -> dict[str, Wish]:
        """What the file wants otherwise about its sheets, by their keys."""
        from stagecraft.drawing.draft import Wish

        asked = self.venue.sheets if self.venue is not None else {}
        return {
            key: Wish(one.show, one.size or "", one.scale, one.number, one.title, one.views, one.notes)
            for key, one in asked.items()
        }

    @cached_property
    def exit_capacities(self) -> dict[str, Carries]:
        """What an exit carries, by the id of each rule on that which the venue has."""
        rules = self.venue.rules if self.venue is not None else ()
        return ruleset.exit_capacities(ruleset.chosen(rules, self.scene.about.folder))

    def edit(self, id: str, **fields: Any) -> Session:
        """A session on the venue with other fields on one element."""
        if self.venue is None:
            raise VenueError("a scene without its venue cannot be edited")
        return Session(self.venue.replace(id, **fields), self.path, self.setup, self.cue, before=self.latest)

    def at(self, setup: str | None = None, cue: str | None = None) -> Session:
        """The same venue in another set-up or cue."""
        return Session(self.venue, self.path, setup, cue, self.fixed, self.latest)

    def reload(self) -> Session:
        """The venue as its file now is. Raises VenueError when it cannot be understood."""
        if self.path is None:
            return self
        fresh = Session(load(self.path), self.path, self.setup, self.cue, before=self.latest)
        _ = fresh.scene
        return fresh

    def save(self, path: str | Path | None = None) -> Path:
        """Write the venue as YAML: whole or not at all."""
        from stagecraft.export.write import whole

        target = Path(path) if path is not None else self.path
        if self.venue is None or target is None:
            raise VenueError("there is nothing to save, or no file to save it to")
        text = self.venue.to_yaml()
        with whole(target) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="\n")
        return target


def open(path: str | Path, setup: str | None = None, cue: str | None = None) -> Session:
    """Open a venue file. Raises VenueError with all its problems."""
    return Session(load(path), Path(path), setup, cue)
