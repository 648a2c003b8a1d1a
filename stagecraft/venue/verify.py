"""What one value alone cannot tell: names that must exist, ids that must differ, rings."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from stagecraft import catalogue as catalogues
from stagecraft.checks import ruleset
from stagecraft.elements import Element
from stagecraft.errors import Problem, VenueError, nearest
from stagecraft.venue.document import Loc, Numbering, PlaceRule, Scheme, Venue, patched


def verified(venue: Venue) -> list[Problem]:
    """Every problem between the parts of a venue, in the order of the file; empty when there is none."""
    found = _Verify(venue)
    found.ids()
    found.names()
    if not found.problems:
        found.rings()
    found.codes()
    found.states()
    found.house()
    found.issues()
    return sorted(dict.fromkeys(found.problems), key=lambda p: (p.file, p.line, p.column))


def catalogue_of(venue: Venue) -> catalogues.Catalogue:
    """Stagecraft's catalogue with the venue's own rows. Raises VenueError with every problem found."""
    folder = venue._source.folder or Path()
    problems = []
    for n, name in enumerate(venue.catalogue):
        if not _is_file(folder / name):
            near = [path.name for path in folder.glob("*.csv")]
            place = venue._source.place(("catalogue", n))
            problems.append(Problem(f"there is no catalogue file '{name}'{nearest(Path(name).name, near)}",
                                    f"catalogue[{n + 1}]", *place))  # fmt: skip
    if problems:
        raise VenueError(problems)
    return catalogues.load(folder / name for name in venue.catalogue)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # no name that a file can have
        return False


def _venue_files(folder: Path, name: str) -> list[str]:
    """Names of venue files in the folder where one is looked for."""
    try:
        return sorted(path.name for path in (folder / name).parent.glob("*.y*ml"))
    except (OSError, ValueError):
        return []


MANY = 100
"""Problems after which nobody looks for the nearest name any more: it takes its time."""
LONGEST = 100
"""Elements that may stand on one another."""
_PARTS = frozenset("/,*")
_IN_SELECTORS = "has one of / , * in it, which part a selector: choose another label"


class _Verify:
    """Looks at one thing after the other and keeps what is wrong."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.problems: list[Problem] = []
        self.own = {element.id: element for element in venue.elements}
        self.known: dict[str, str] = {}
        """Every id, twins included → the element that makes it."""
        for element in venue.elements:
            self.known.setdefault(element.id, element.id)
        for element in venue.elements:
            if element.mirror is True:
                self.known.setdefault(f"{element.id}_mirror", element.id)

    def wrong(self, loc: Loc, path: str, message: str) -> None:
        self.problems.append(Problem(message, path, *self.venue._source.place(loc)))

    def nobody(self, name: str) -> str:
        near = nearest(name, list(self.known)) if len(self.problems) < MANY else ""
        return f"no element is called '{name}'{near}"

    def no_setup(self, name: str) -> str:
        states = list(self.venue.setups)
        hint = nearest(name, states) or (f": there are {', '.join(states)}" if states else ": the file has no setups:")
        return f"no set-up is called '{name}'{hint}"

    def ids(self) -> None:
        """Ids must differ, those of mirrored twins too."""
        taken: dict[str, int] = {}
        for n, element in enumerate(self.venue.elements):
            for name in (element.id, f"{element.id}_mirror" if element.mirror is True else ""):
                if not name:
                    continue
                if name in taken:
                    line = self.venue._source.place(("elements", taken[name], "id"))[1]
                    first = f", first in line {line}" if line else ""
                    twin = " (a mirrored element's twin has it)" if name.endswith("_mirror") else ""
                    self.wrong(("elements", n, "id"), f"{element.id}.id",
                               f"the id '{name}' is used twice{first}{twin}: ids must differ")  # fmt: skip
                else:
                    taken[name] = n

    def names(self) -> None:
        """Elements and set-ups that an element names must be there."""
        for n, element in enumerate(self.venue.elements):
            self._refs(element, ("elements", n), element.id)
            for field in ("like", "mirror"):
                ref = getattr(element, field)
                if isinstance(ref, str) and ref not in self.own:
                    twin = "; write true, without quotes, for a twin" if ref.lower() in ("yes", "true", "on") else ""
                    self.wrong(_at(("elements", n), field), f"{element.id}.{field}", self.nobody(ref) + twin)
            for setup in (element.setup,) if isinstance(element.setup, str) else element.setup or ():
                if setup not in self.venue.setups:
                    self.wrong(_at(("elements", n), "setup"), f"{element.id}.setup", self.no_setup(setup))

    def _refs(self, element: Element, loc: Loc, path: str, fields: Iterable[str] | None = None) -> None:
        """What is wrong with the elements that one names (in some of its fields only)."""
        for field, ref in element.named():
            if fields is not None and field.split(".")[0] not in fields:
                continue
            if self.known.get(ref) == element.id:
                self.wrong(_at(loc, field), f"{path}.{field}", f"'{ref}' is the element itself")
            elif ref not in self.known:
                self.wrong(_at(loc, field), f"{path}.{field}", self.nobody(ref))
            elif field == "hung" and not self._carries(ref):
                kind = self.own[self.known[ref]].type
                self.wrong(_at(loc, field), f"{path}.{field}",
                           f"'{ref}' is a {kind}: things hang from a truss, or from what hangs from one")  # fmt: skip
        if element.on and element.hung and (fields is None or {"on", "hung"} & set(fields)):
            field = "hung" if fields is None or "hung" in fields else "on"
            self.wrong(
                _at(loc, field), f"{path}.{field}", "an element either stands on something or hangs from something"
            )

    def _carries(self, ref: str) -> bool:
        host = self.own[self.known[ref]]
        return host.type == "truss" or host.hung is not None

    def rings(self) -> None:
        """Elements that need one another before they can stand."""
        elements = self.venue.elements
        needs = {e.id: [ref for _, ref in e.named()] + [m for m in (e.mirror,) if isinstance(m, str)] for e in elements}
        needs |= {f"{e.id}_mirror": [e.id] for e in elements if e.mirror is True}
        inherits = {e.id: [e.like] if e.like else [] for e in elements}
        for graph in (needs, inherits):
            if (ring := _ring(graph)) and ring[0] != ring[-1]:
                n = next(k for k, e in enumerate(elements) if e.id == self.known[ring[0]])
                self.wrong(
                    ("elements", n), ring[0], f"needs an element that needs another, more than {LONGEST} in a row"
                )
                return
            if ring:
                n = next((k for k, e in enumerate(elements) if e.id == ring[0]), 0)
                fields = [f for f, ref in elements[n].named() if ref == ring[1]]
                field = next(
                    (f for f in (*fields, "mirror", "like") if f in fields or getattr(elements[n], f) == ring[1]), ""
                )
                path = f"{ring[0]}.{field}" if field else ring[0]
                self.wrong(_at(("elements", n), field), path, f"needs itself: {' → '.join(ring)}")
                return

    def codes(self) -> None:
        """Catalogue items must be in the catalogue."""
        try:
            self.catalogue = catalogue_of(self.venue)
        except VenueError as error:
            self.problems += error.problems
            self.catalogue = catalogues.Catalogue(())
            return
        for n, element in enumerate(self.venue.elements):
            self._codes(element, ("elements", n), element.id)

    def _codes(self, element: Element, loc: Loc, path: str, fields: Iterable[str] | None = None) -> None:
        for field in element.codes():
            code = getattr(element, field)
            if not isinstance(code, str) or not self.catalogue or code in self.catalogue:
                continue
            if fields is None or field in fields:
                usual = type(element).model_fields[field].default
                like = self.catalogue.get(usual) if isinstance(usual, str) else None
                ranked = self.catalogue.nearest(code, len(self.catalogue)) if len(self.problems) < MANY else ()
                if like:  # a chair, where chairs are asked for
                    ranked = tuple(one for one in ranked if self.catalogue[one].category == like.category)
                near = f"; nearest: {', '.join(ranked[:3])}" if ranked else ""
                self.wrong(_at(loc, field), f"{path}.{field}", f"the catalogue has no item '{code}'{near}")

    def states(self) -> None:
        """Set-ups and cues must name elements that stand in them, and what they change must fit."""
        venue = self.venue
        for name, setup in venue.setups.items():
            self._changes(setup.set, ("setups", name, "set"), name)
            self._standing(name)
        for name, cue in venue.cues.items():
            if cue.setup is not None and cue.setup not in venue.setups:
                self.wrong(("cues", name, "setup"), f"cues.{name}.setup", self.no_setup(cue.setup))
                continue
            self._changes(cue.set, ("cues", name, "set"), cue.setup or next(iter(venue.setups), ""))

    def _changes(self, changes: Mapping[str, Mapping[str, object]], loc: Loc, setup: str) -> None:
        for id, fields in changes.items():
            here = (*loc, id)
            path = ".".join(map(str, here))
            if id not in self.own:
                twin = f": it is the twin of '{self.known[id]}', change that" if id in self.known else ""
                self.wrong(here, path, f"no element of its own is called '{id}'{twin}" if twin else self.nobody(id))
                continue
            if not _stands(self.own[id], setup):
                self.wrong(here, path, f"'{id}' does not stand in set-up '{setup}'")
            changed = patched(self.own[id], fields, self.venue._source, here, self.problems)
            self._refs(changed, here, path, fields)
            self._codes(changed, here, path, fields)

    def _standing(self, setup: str) -> None:
        """Who stands in a set-up needs the others that it names there too."""
        changes = self.venue.setups[setup].set
        for n, element in enumerate(self.venue.elements):
            if not _stands(element, setup):
                continue
            for field, ref in element.named():
                host = self.own.get(self.known.get(ref, ""))
                if host is not None and field not in changes.get(element.id, {}) and not _stands(host, setup):
                    self.wrong(_at(("elements", n), field), f"{element.id}.{field}",
                               f"'{ref}' does not stand in set-up '{setup}'")  # fmt: skip

    def house(self) -> None:
        """Feeds, numbering, cameras and rules."""
        venue = self.venue
        for name, screens in venue.feeds.items():
            for n, ref in enumerate(screens):
                if ref not in self.known:
                    self.wrong(("feeds", name, n), f"feeds.{name}[{n + 1}]", self.nobody(ref))
                elif ref in screens[:n]:
                    self.wrong(("feeds", name, n), f"feeds.{name}[{n + 1}]", f"'{ref}' stands there already")
        self._weights(venue.weights, ("weights",))
        for setup, state in venue.setups.items():
            self._weights(state.weights, ("setups", setup, "weights"))
        if venue.prices is not None:
            self._categories(venue.prices.model_extra or {})
        self._numbering(venue.numbering)
        lists: list[tuple[Loc, Sequence[PlaceRule]]] = [(("places",), venue.places)]
        lists += [(("setups", name, "places"), setup.places) for name, setup in venue.setups.items()]
        for loc, rules in lists:
            for n, rule in enumerate(rules):
                if not rule.selectors:
                    path = f"{'.'.join(map(str, loc))}[{n + 1}].seats"
                    self.wrong((*loc, n, "seats"), path, "selects no seat: write block/row/seat, as C/A-B")
                self._view(rule, (*loc, n))
        for name, camera in venue.cameras.items():
            if camera.eye == camera.aim:
                self.wrong(("cameras", name, "aim"), f"cameras.{name}.aim", "the camera is aimed at where it stands")
        for n, name in enumerate(venue.rules):
            if name in ruleset.known_sets():
                continue
            try:
                ruleset.load([name], venue._source.folder)
            except ValueError as error:
                place = venue._source.place(("rules", n))
                if not isinstance(error, VenueError):
                    error = VenueError(f"'{name}' is no name that a file can have")
                self.problems += [
                    p if p.line else Problem(p.message, f"rules[{n + 1}]", *place) for p in error.problems
                ]

    def issues(self) -> None:
        """Files of revisions must be there."""
        folder = self.venue._source.folder or Path()
        for n, revision in enumerate(self.venue.revisions):
            if revision.file and not _is_file(folder / revision.file):
                near = nearest(Path(revision.file).name, _venue_files(folder, revision.file))
                self.wrong(
                    ("revisions", n, "file"), f"revisions[{n + 1}].file", f"there is no file '{revision.file}'{near}"
                )

    def _view(self, rule: PlaceRule, loc: Loc) -> None:
        """Bands of view that a rule about seats names."""
        if rule.view is None:
            return
        try:
            bands = list(ruleset.view_bands(ruleset.chosen(self.venue.rules, self.venue._source.folder)))
        except ValueError:
            return  # what is wrong with the rules is said of them
        path = f"{'.'.join(map(str, loc[:-1]))}[{int(loc[-1]) + 1}].view"
        there = f": there are {', '.join(bands)}"
        if not rule.bands:
            self.wrong((*loc, "view"), path, f"names no view{there}")
        for k, name in enumerate(rule.bands):
            if name not in bands:
                at, where = ((), "") if isinstance(rule.view, str) else ((k,), f"[{k + 1}]")
                hint = nearest(name, bands) or there
                self.wrong((*loc, "view", *at), path + where, f"the rules have no view '{name}'{hint}")

    def _numbering(self, numbering: Numbering) -> None:
        """Elements and blocks that the numbering names, and its lists of names."""
        several = any(not isinstance(name, str) for name in numbering.continuous_across)
        group_of: dict[str, int] = {}
        for g, names in enumerate(numbering.groups):
            for n, ref in enumerate(names):
                at = (g, n) if several else (n,)
                loc: Loc = ("numbering", "continuous_across", *at)
                path = f"numbering.continuous_across{''.join(f'[{k + 1}]' for k in at)}"
                if ref not in self.known:
                    self.wrong(loc, path, self.nobody(ref))
                elif ref in group_of:
                    self.wrong(loc, path, f"'{ref}' stands there already")
                group_of[ref] = g
        named = [getattr(element, "blocks", ()) for element in self.venue.elements]
        blocks = {name for names in named if isinstance(names, tuple) for name in names}
        for name in numbering.of:
            stem = name.rstrip(string.digits)  # a block without a name is its element's id and a number
            if name not in self.known and name not in blocks and stem not in self.known:
                near = nearest(name, [*self.known, *blocks])
                self.wrong(
                    ("numbering", "of", name), f"numbering.of.{name}", f"no element or block is called '{name}'{near}"
                )
        schemes: dict[Loc, Scheme] = {("numbering",): numbering}
        schemes |= {("numbering", "of", name): scheme for name, scheme in numbering.of.items()}
        numbers = any(scheme.rows == "numbers" for scheme in schemes.values())
        for loc, scheme in schemes.items():
            self._skipped(scheme.skip, (*loc, "skip"), numbers)
            for field in ("rows", "tables"):
                if isinstance(names := getattr(scheme, field), tuple):
                    self._labels(names, (*loc, field))
            for field in ("row_prefix", "seat_prefix", "table_prefix"):
                if set(prefix := getattr(scheme, field)) & _PARTS:
                    self.wrong((*loc, field), ".".join(map(str, (*loc, field))), f"'{prefix}' {_IN_SELECTORS}")

    def _skipped(self, skip: Sequence[str], loc: Loc, numbers: bool) -> None:
        path = ".".join(map(str, loc))
        for n, word in enumerate(skip):
            letter = len(word) == 1 and word.upper() in string.ascii_uppercase
            if not letter and not (numbers and word.isdecimal() and word.isascii()):
                what = " or a number" if numbers else ""
                self.wrong((*loc, n), f"{path}[{n + 1}]", f"'{word}' is not a letter from A to Z{what}")
        if {word.upper() for word in skip} >= set(string.ascii_uppercase):
            self.wrong(loc, path, "no letter is left to name a row with")

    def _labels(self, names: Sequence[str], loc: Loc) -> None:
        """Names of rows or tables: each different, and such as selectors can name."""
        path = ".".join(map(str, loc))
        seen: dict[str, str] = {}
        for n, name in enumerate(names):
            plain = " ".join(name.casefold().split())
            same = seen.setdefault(plain, name)
            if not plain:
                self.wrong((*loc, n), f"{path}[{n + 1}]", "is empty: write a label")
            elif set(name) & _PARTS:
                self.wrong((*loc, n), f"{path}[{n + 1}]", f"'{name}' {_IN_SELECTORS}")
            elif same != name or name in names[:n]:
                alike = "" if same == name else f", as '{same}'"
                self.wrong((*loc, n), f"{path}[{n + 1}]", f"'{name}' stands there already{alike}")
        if not names:
            self.wrong(loc, path, "lists no name: write letters, numbers, or names in [ ]")

    def _weights(self, weights: Iterable[str], loc: Loc) -> None:
        """A weight must be that of a feed, or of an element that no feed speaks for."""
        feeds = self.venue.feeds
        fed = {ref: name for name, screens in feeds.items() for ref in screens}
        for name in weights:
            here = (*loc, name)
            path = ".".join(map(str, here))
            if name in feeds and name in self.known and name not in feeds[name]:
                self.wrong(here, path, f"'{name}' is a feed and an element: give them different names")
            elif name in fed and name not in feeds:
                self.wrong(here, path, f"'{name}' is a screen of the feed '{fed[name]}': weigh the feed")
            elif name not in feeds and name not in self.known:
                near = nearest(name, [*feeds, *self.known])
                self.wrong(here, path, f"no feed or element is called '{name}'{near}")

    def _categories(self, prices: Iterable[str]) -> None:
        """A price must be some seat's."""
        every = [*self.venue.places, *(rule for setup in self.venue.setups.values() for rule in setup.places)]
        known = list(dict.fromkeys(rule.category for rule in every if rule.category is not None))
        for name in prices:
            if name not in known:
                there = f": there are {', '.join(known)}" if known else ": no entry of places: gives one"
                hint = nearest(name, [*known, "standard"]) or there
                self.wrong(("prices", name), f"prices.{name}", f"no place has the category '{name}'{hint}")


def _at(loc: Loc, field: str) -> Loc:
    return (*loc, *(part for part in field.split(".") if part))


def _stands(element: Element, setup: str) -> bool:
    names = (element.setup,) if isinstance(element.setup, str) else element.setup
    return not setup or names is None or setup in names


def _ring(graph: Mapping[str, list[str]]) -> list[str]:
    """One ring in a graph, its first name again at the end, or a line that is too long; empty if there is neither."""
    done: set[str] = set()
    for start in graph:
        trail, steps = [start], [iter(graph[start])]
        while trail:
            following = next(steps[-1], None)
            if following is None:
                done.add(trail.pop())
                steps.pop()
            elif following in trail:
                return [*trail[trail.index(following) :], following]
            elif following not in done and following in graph:
                trail.append(following)
                steps.append(iter(graph[following]))
                if len(trail) > LONGEST:
                    return trail
    return []
