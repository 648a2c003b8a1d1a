"""The window: look round a venue, sit on its seats, and watch it change while its file is edited.

Nothing is drawn unless something changed. While the view moves it is drawn plainly; once it rests it is drawn again,
twice as fine.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from stagecraft.assets import folder
from stagecraft.errors import MissingError, StagecraftError
from stagecraft.render.camera import STANDARD, Size, find_seat, from_seat, seat_label, standard
from stagecraft.render.description import Camera, Description
from stagecraft.render.gl.context import Door, open_gl
from stagecraft.render.gl.painter import Painter, camera_matrix, point_at
from stagecraft.render.navigation import Place, Way, looked, neighbour, orbit, pan, seat_under, zoom
from stagecraft.render.scene_description import describe
from stagecraft.scene import Scene

REST = 0.22
"""So long after the last movement the view counts as at rest. [s]"""
WATCH = 0.5
"""How often the file is looked at. [s]"""
TOAST = 4.0
"""How long a message stays. [s]"""
FONT = "Liberation Sans"
MANY_TRIANGLES = 1_500_000
"""Above so many triangles a software renderer draws the resting view no finer."""


class Showable(Protocol):
    """What the window can show: a scene, perhaps with the file it came from."""

    @property
    def scene(self) -> Scene: ...

    @property
    def path(self) -> Path | None: ...

    def reload(self) -> Showable:
        """The same thing as its file now is. Raises StagecraftError when that cannot be understood."""
        ...


@dataclass(frozen=True)
class Binding:
    """What a key or the mouse does, in the words of the help; `keys` are pyglet's names."""

    show: str
    words: str
    keys: tuple[str, ...] = ()
    action: str = ""


BINDINGS = (
    Binding("drag", "orbit; on a seat, look round"),
    Binding("right or Shift + drag", "slide"),
    Binding("wheel", "zoom to the pointer"),
    Binding("double-click, V", "sit on the seat under the pointer", ("V",), "sit"),
    Binding("← →", "the seat beside", ("LEFT",), "seat_left"),
    Binding("", "", ("RIGHT",), "seat_right"),
    Binding("↑ ↓", "the row in front, the row behind", ("UP",), "seat_ahead"),
    Binding("", "", ("DOWN",), "seat_behind"),
    Binding("Backspace", "back to the last view", ("BACKSPACE",), "back"),
    Binding("1 2 3", "overview, front, plan", ("_1", "NUM_1"), "view_1"),
    Binding("", "", ("_2", "NUM_2"), "view_2"),
    Binding("", "", ("_3", "NUM_3"), "view_3"),
    Binding("4 … 9", "cameras saved in the venue file", ("_4", "NUM_4"), "view_4"),
    *(Binding("", "", (f"_{k}", f"NUM_{k}"), f"view_{k}") for k in range(5, 10)),
    Binding("Home, F", "everything in view", ("HOME", "F"), "everything"),
    Binding("P", "picture of this view, as PNG", ("P",), "screenshot"),
    Binding("Tab", "hide or show the words", ("TAB",), "words"),
    Binding("?, F1, H", "this help", ("QUESTION", "F1", "H", "SLASH"), "help"),
    Binding("Esc", "close the help, leave the seat, then the window", ("ESCAPE",), "leave"),
)


def show(what: Showable) -> None:
    """Open a window on a scene and stay until it is closed.

    Raises MissingError with one sentence where there is no OpenGL or no display.
    """
    door = open_gl(caption(what.scene))
    if door.context is None:
        raise MissingError(door.reason)
    Viewer(door, what).run()


def caption(scene: Scene) -> str:
    """What stands over the window."""
    return f"{scene.about.name or 'venue'} – stagecraft"


class Viewer:
    """One window. Every action is a method, so that it can be done without a key."""

    def __init__(self, door: Door, what: Showable) -> None:
        import pyglet

        self.window, self.context = door.window, door.context
        self.painter = Painter(self.context)
        self.clock = pyglet.clock
        self.place = Place(Camera((0, -10, 5), (0, 0, 1)))
        self.past: list[Place] = []
        self.words_shown, self.help_shown = True, False
        self.message, self.message_until, self.trouble = "", 0.0, ""
        self.pointer = (self.window.width // 2, self.window.height // 2)
        self.last_click = (0.0, 0, 0)
        self.pivot: Any = np.zeros(3)
        self.reach = 10.0
        self.dirty, self.fine, self.moved_at = True, False, 0.0
        self.seen: float | None = None
        self.labels = _Words(self.window)
        self.scene: Scene = what.scene
        self._take(what)
        self.view("overview", keep=False)
        self._listen()

    # scene -----------------------------------------------------------------------------------------------------------
    def _take(self, what: Showable) -> None:
        """Shows another state of the venue; the camera stays, and the seat if it is still there."""
        seat = str(self.scene.seats.ids[self.place.seat]) if self.place.seat >= 0 else ""
        self.what, self.scene = what, what.scene
        self.bare = describe(self.scene)
        self.shown_people = False
        self.painter.load(self.bare)
        self.seen = _saved_at(what.path)
        ids = self.scene.seats.ids.tolist()
        self.place = Place(self.place.camera, ids.index(seat) if seat in ids else -1)
        if self.place.seat >= 0:
            self._people(self.place.seat)
        self.touch()

    def watch(self) -> None:
        """Reloads when the file was saved; a file with faults leaves the last good venue standing."""
        saved = _saved_at(self.what.path)
        if saved is None or saved == self.seen:
            return
        self.seen = saved
        try:
            self._take(self.what.reload())
        except StagecraftError as error:
            self.trouble = str(error)
            self.touch()
            return
        except Exception as error:  # whatever happens to a file half saved, the window stays
            self.trouble = f"the file could not be read again ({type(error).__name__}: {error})"
            self.touch()
            return
        self.trouble = ""
        self.window.set_caption(caption(self.scene))
        self.say("reloaded")

    # what the keys do ------------------------------------------------------------------------------------------------
    def do(self, action: str) -> None:
        """Carries out an action of the table by its name."""
        name, _, rest = action.partition("_")
        actions: dict[str, Callable[[], None]] = {
            "sit": self.sit, "back": self.back, "everything": lambda: self.view("overview"), "words": self.words,
            "help": self.help, "leave": self.leave, "screenshot": lambda: self._save_picture(),
        }  # fmt: skip
        if name == "seat":
            ways: dict[str, Way] = {"left": "left", "right": "right", "ahead": "ahead", "behind": "behind"}
            self.step(ways[rest])
        elif name == "view":
            names = [*STANDARD, *(n for n in self.scene.cameras if n not in STANDARD)]
            if int(rest) <= len(names):
                self.view(names[int(rest) - 1])
            else:
                self.say(f"there is no view {rest}; 1 to {len(names)} are {', '.join(names)}")
        else:
            actions[name]()

    def view(self, name: str, keep: bool = True) -> None:
        """A standard view or one saved in the file."""
        self._go(Place(standard(name, self.scene, self.bare, self.size)), keep)
        if keep:
            self.say(name)

    def sit(self, seat: str = "") -> None:
        """View from a seat: the one named, or the one under the pointer."""
        if seat:
            index = find_seat(self.scene, seat)
        else:
            x, y = self.pointer
            reach = self._distance_under(x, y)
            index = seat_under(self.scene.seats, self.place.camera, self.size, x, self.size[1] - y, reach)
        if index < 0:
            self.say("there is no seat under the pointer")
            return
        self._go(Place(from_seat(self.scene, str(self.scene.seats.ids[index])), index))

    def step(self, way: Way) -> None:
        """On to the next seat that way."""
        if self.place.seat < 0:
            self.say("sit down first: double-click a seat")
            return
        index = neighbour(self.scene.seats, self.place.seat, way)
        if index != self.place.seat:
            self._go(Place(from_seat(self.scene, str(self.scene.seats.ids[index])), index), keep=False)

    def back(self) -> None:
        if self.past:
            self._go(self.past.pop(), keep=False)

    def leave(self) -> None:
        if self.help_shown:
            self.help()
        elif self.place.seat >= 0:
            self.back() if self.past else self.view("overview", keep=False)
        else:
            self.window.close()

    def words(self) -> None:
        self.words_shown = not self.words_shown
        self.touch()

    def help(self) -> None:
        self.help_shown = not self.help_shown
        self.touch()

    def screenshot(self, path: Path | str) -> None:
        """Writes this view, without the words, as a PNG."""
        from stagecraft.render.picture import write_png

        write_png(self.painter.image(self.place.camera, self.size), path)

    def _save_picture(self) -> None:
        stem = self.what.path.resolve().parent.name if self.what.path else "view"
        path = next(p for k in range(1, 10_000) if not (p := Path(f"{stem or 'view'}-{k:03d}.png")).exists())
        try:
            self.screenshot(path)
        except OSError as error:
            self.say(f"the picture could not be written: {error}")
            return
        self.say(f"picture written: {path.resolve()}")

    def say(self, text: str) -> None:
        """Shows a message for a moment."""
        self.message, self.message_until = text, time.monotonic() + TOAST
        self.touch()

    # where one stands ------------------------------------------------------------------------------------------------
    @property
    def size(self) -> Size:
        width, height = self.window.get_framebuffer_size()
        return max(int(width), 1), max(int(height), 1)

    def _go(self, place: Place, keep: bool = True) -> None:
        if keep:
            self.past = [*self.past[-49:], self.place]
        self.place, self.message = place, ""
        self._people(place.seat)
        self.touch()

    def _people(self, seat: int) -> None:
        """Others sit down as soon as one sits oneself, so that the view is no better than it will be."""
        if seat >= 0:
            own = str(self.scene.seats.ids[seat])
            self.painter.load(describe(self.scene, people=True, without=own))
            self.shown_people = True
        elif self.shown_people:
            self.painter.load(self.bare)
            self.shown_people = False

    def touch(self) -> None:
        """Something changed: draw again."""
        self.dirty, self.fine, self.moved_at = True, False, time.monotonic()

    # mouse and keys --------------------------------------------------------------------------------------------------
    def _listen(self) -> None:
        from pyglet.window import key, mouse

        keys = {getattr(key, name): b.action for b in BINDINGS for name in b.keys if hasattr(key, name)}

        def on_key_press(symbol: int, _modifiers: int) -> bool:
            if symbol in keys:
                self.do(keys[symbol])
            return True

        def on_mouse_press(x: int, y: int, button: int, modifiers: int) -> None:
            self.pointer = self._pixels(x, y)
            self._hold(*self.pointer)
            now, (before, x0, y0) = time.monotonic(), self.last_click
            self.last_click = (now, x, y)
            if button == mouse.LEFT and now - before < 0.35 and abs(x - x0) + abs(y - y0) < 8:
                self.sit()

        def on_mouse_drag(x: int, y: int, dx: int, dy: int, buttons: int, modifiers: int) -> None:
            self.pointer = self._pixels(x, y)
            slide = buttons & mouse.RIGHT or modifiers & key.MOD_SHIFT
            self.drag(*self._pixels(dx, dy), bool(slide))

        def on_mouse_motion(x: int, y: int, dx: int, dy: int) -> None:
            self.pointer = self._pixels(x, y)

        def on_mouse_scroll(x: int, y: int, scroll_x: float, scroll_y: float) -> None:
            self.pointer = self._pixels(x, y)
            self.wheel(scroll_y)

        def touched(*_: Any) -> None:
            self.touch()

        self.window.push_handlers(
            on_key_press=on_key_press, on_mouse_press=on_mouse_press, on_mouse_drag=on_mouse_drag,
            on_mouse_motion=on_mouse_motion, on_mouse_scroll=on_mouse_scroll, on_resize=touched, on_expose=touched,
            on_draw=self.paint,
        )  # fmt: skip

    def drag(self, dx: float, dy: float, slide: bool = False) -> None:
        """The pointer pulled by so many pixels, y upwards."""
        camera, turn = self.place.camera, 180.0 / self.size[0]
        if slide and self.place.seat < 0:
            camera = pan(camera, dx, dy, self.size, self.reach)
        elif self.place.seat >= 0:
            camera = looked(camera, -dx * turn * 0.5, dy * turn * 0.5)
        else:
            camera = orbit(camera, dx * turn, -dy * turn, self.pivot)
        self.place = Place(camera, self.place.seat)
        self.touch()

    def wheel(self, clicks: float) -> None:
        """Zoom to the pointer; on a seat, narrow the field of view as opera glasses do."""
        from dataclasses import replace

        camera = self.place.camera
        if self.place.seat >= 0:
            camera = replace(camera, fov=float(np.clip(camera.fov * 0.92**clicks, 8.0, 100.0)))
        else:
            self._hold(*self.pointer)
            camera = zoom(camera, 0.86**clicks, self.pivot)
        self.place = Place(camera, self.place.seat)
        self.touch()

    def _hold(self, x: float, y: float) -> None:
        """The point under the pointer becomes what orbit and zoom turn on."""
        depth = self.painter.depth(
            self._drawn(), int(np.clip(x, 0, self.size[0] - 1)), int(np.clip(y, 0, self.size[1] - 1))
        )
        camera = self.place.camera
        if depth >= 1.0:
            depth_point = np.asarray(self.painter.middle)
            self.reach = max(float(np.linalg.norm(depth_point - camera.eye)), 0.5)
            self.pivot = depth_point
            return
        self.pivot = self._point(x, y, depth)
        self.reach = max(float(np.linalg.norm(self.pivot - camera.eye)), 0.3)

    def _distance_under(self, x: float, y: float) -> float:
        """How far away the thing under the pointer is. [m]"""
        if not (0 <= x < self.size[0] and 0 <= y < self.size[1]):
            return float("inf")
        depth = self.painter.depth(self._drawn(), int(x), int(y))
        if depth >= 1.0:
            return float("inf")
        return float(np.linalg.norm(self._point(x, y, depth) - self.place.camera.eye))

    def _point(self, x: float, y: float, depth: float) -> Any:
        matrix = camera_matrix(self.place.camera, self.size, self.painter.middle, self.painter.radius)
        width, height = self.size
        return point_at(matrix, 2 * (x + 0.5) / width - 1, 2 * (y + 0.5) / height - 1, depth)

    def _drawn(self) -> Any:
        """A framebuffer that holds this view."""
        target = self.painter.target(self.size)
        self.painter.draw(self.place.camera, self.size, target)
        return target

    def _pixels(self, x: float, y: float) -> tuple[int, int]:
        """Window coordinates → pixels (they differ on fine screens)."""
        width, height = self.window.get_size()
        return int(x * self.size[0] / max(width, 1)), int(y * self.size[1] / max(height, 1))

    # drawing ---------------------------------------------------------------------------------------------------------
    def paint(self) -> None:
        """Draws the window once."""
        from pyglet import gl

        size = self.size
        heavy = self.painter.software and self._triangles() > MANY_TRIANGLES
        fine = 2 if self.fine and not heavy else 1
        big = (size[0] * fine, size[1] * fine)
        target = self.painter.target(big)
        self.painter.draw(self.place.camera, big, target, self.fine)
        gl.glBindFramebuffer(gl.GL_READ_FRAMEBUFFER, target.glo)
        gl.glBindFramebuffer(gl.GL_DRAW_FRAMEBUFFER, 0)
        gl.glBlitFramebuffer(0, 0, *big, 0, 0, *size, gl.GL_COLOR_BUFFER_BIT, gl.GL_LINEAR)
        gl.glBindFramebuffer(gl.GL_FRAMEBUFFER, 0)
        gl.glViewport(0, 0, *size)
        gl.glUseProgram(0)
        gl.glActiveTexture(gl.GL_TEXTURE0)
        gl.glDisable(gl.GL_DEPTH_TEST)
        if self.words_shown or self.trouble or self.help_shown:
            self.labels.draw(self)
        self.dirty = False

    def _triangles(self) -> int:
        description: Description | None = self.painter.description
        return sum(len(one.triangles) * len(one.transforms) for one in description.instances) if description else 0

    def tick(self, _dt: float = 0.0) -> None:
        """Draws if something changed, and more finely once the view rests."""
        now = time.monotonic()
        if self.message and now > self.message_until:
            self.message = ""
            self.dirty = True
        if not self.fine and now - self.moved_at > REST:
            self.fine = self.dirty = True
        if self.dirty:
            self.window.draw(0.0)

    def run(self) -> None:
        """Stays until the window is closed."""
        import pyglet

        self.clock.schedule_interval(self.tick, 1 / 60)
        self.clock.schedule_interval(lambda _dt: self.watch(), WATCH)
        pyglet.app.run(interval=None)

    def where(self) -> str:
        """The seat one sits on, or nothing."""
        seats, index = self.scene.seats, self.place.seat
        return f"seat {seat_label(seats, index)}" if index >= 0 else ""


class _Words:
    """Cards with words over the picture."""

    def __init__(self, window: Any) -> None:
        import pyglet

        pyglet.font.add_file(str(folder("fonts") / "LiberationSans-Regular.ttf"))
        self.pyglet, self.window = pyglet, window
        self.made: dict[tuple[Any, ...], Any] = {}

    def draw(self, viewer: Viewer) -> None:
        about = viewer.scene.about
        width, height = self.window.get_size()
        if viewer.words_shown:
            parts = [viewer.where(), about.event, f"{len(viewer.scene.seats)} seats"]
            self._card(16, height - 16, [about.name or "venue", "   ".join(p for p in parts if p)], top=True)
            self._card(16, 16, ["?  help"], dim=True)
        if viewer.message:
            self._card(width / 2, 16, [viewer.message], centre=True)
        if viewer.trouble:
            lines = ["the file has faults; this is the last good state", *viewer.trouble.splitlines()]
            shown = lines[:8] + ([f"and {len(lines) - 8} more"] if len(lines) > 8 else [])
            room = max(int((width - 80) / 7), 20)
            cut = [line if len(line) <= room else line[: room - 1] + "…" for line in shown]
            self._card(16, height - 92, cut, top=True, colour=(96, 22, 22, 236))
        if viewer.help_shown:
            rows = [b for b in BINDINGS if b.show]
            self._card(
                width / 2,
                height / 2,
                [b.show for b in rows],
                centre=True,
                second=[b.words for b in rows],
                colour=(24, 27, 32, 244),
            )

    def _card(
        self, x: float, y: float, lines: list[str], top: bool = False, centre: bool = False, dim: bool = False,
        second: list[str] | None = None, colour: tuple[int, int, int, int] = (24, 27, 32, 224),
    ) -> None:  # fmt: skip
        key = (round(x), round(y), tuple(lines), top, centre, dim, colour)
        if key not in self.made:
            if len(self.made) > 24:
                self.made.clear()
            self.made[key] = self._make(x, y, lines, top, centre, dim, second, colour)
        self.made[key].draw()

    def _make(
        self, x: float, y: float, lines: list[str], top: bool, centre: bool, dim: bool, second: list[str] | None,
        colour: tuple[int, int, int, int],
    ) -> Any:  # fmt: skip
        text, shapes = self.pyglet.text, self.pyglet.shapes
        batch, step, pad = self.pyglet.graphics.Batch(), 22, 14
        behind, front = self.pyglet.graphics.Group(0), self.pyglet.graphics.Group(1)
        white, grey = (238, 240, 244, 255), (170, 178, 190, 255)
        head = len(lines) > 1 and second is None
        made = [
            text.Label(line, font_name=FONT, font_size=13 if head and k == 0 else 11, batch=batch, group=front,
                       color=grey if dim or (head and k) or second else white)
            for k, line in enumerate(lines)
        ]  # fmt: skip
        gap = max(label.content_width for label in made) + 28
        more = [
            text.Label(line, font_name=FONT, font_size=11, batch=batch, group=front, color=white)
            for line in second or []
        ]
        wide = (gap + max(label.content_width for label in more) if more else gap - 28) + 2 * pad
        tall = step * (len(lines) - 1) + 2 * pad + 8
        left = x - wide / 2 if centre else x
        low = y - tall if top else y - tall / 2 if second else y
        card = shapes.RoundedRectangle(left, low, wide, tall, 9, color=colour, batch=batch, group=behind)
        for k, label in enumerate(made):
            label.x, label.y = left + pad, low + tall - pad - 9 - k * step
        for k, label in enumerate(more):
            label.x, label.y = left + pad + gap, low + tall - pad - 9 - k * step
        return _Card(batch, (card, *made, *more))


@dataclass(frozen=True, eq=False)
class _Card:
    batch: Any
    parts: tuple[Any, ...]

    def draw(self) -> None:
        self.batch.draw()


def _saved_at(path: Path | None) -> float | None:
    try:
        return None if path is None else path.stat().st_mtime
    except OSError:
        return None
