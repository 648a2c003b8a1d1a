"""The window under a real (or virtual) display; each test is a process of its own, as pyglet keeps what it loaded."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from stagecraft.errors import MissingError
from stagecraft.render import viewer
from stagecraft.render.gl import context

HERE = Path(__file__).parent
START = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from render.conftest import hall
from stagecraft.errors import VenueError
from stagecraft.render.gl.context import open_gl
from stagecraft.render.viewer import Viewer
from pyglet.window import key, mouse
folder = Path({folder!r})

class Open:
    def __init__(self, scene, path=None, after=None):
        self.scene, self.path, self.after = scene, path, after
    def reload(self):
        if isinstance(self.after, Exception):
            raise self.after
        return Open(self.after, self.path)

scene = hall(folder)
file = folder / "venue.yaml"
file.write_text("x")
door = open_gl("test", (400, 240), visible=True)
assert door.context, door.reason
window = Viewer(door, Open(scene, file))
def press(symbol, modifiers=0):
    window.window.dispatch_event("on_key_press", symbol, modifiers)
    window.window.dispatch_events()
"""


def in_window(code: str, folder: Path) -> str:
    command = [sys.executable, "-c", START.format(tests=str(HERE.parent), folder=str(folder)) + code]
    if not os.environ.get("DISPLAY") and shutil.which("xvfb-run"):
        command = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24", *command]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=folder)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def why_not() -> str:
    code = "from stagecraft.render.gl.context import open_gl; print(open_gl(size=(64, 64)).reason)"
    command = [sys.executable, "-c", code]
    if not os.environ.get("DISPLAY") and shutil.which("xvfb-run"):
        command = ["xvfb-run", "-a", *command]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.stdout.strip() if done.returncode == 0 else f"the window process failed: {done.stderr[-200:]}"


@pytest.fixture(scope="module")
def window():
    if reason := why_not():
        pytest.skip(reason)


@pytest.fixture
def folder(tmp_path):
    from PIL import Image

    slide = np.zeros((320, 640, 3), np.uint8)
    slide[:, :320], slide[:, 320:] = (200, 30, 40), (20, 60, 210)
    Image.fromarray(slide).save(tmp_path / "slide.png")
    return tmp_path


def picture(path):
    from PIL import Image

    with Image.open(path) as file:
        return np.asarray(file.convert("RGB")).astype(int)


@pytest.mark.gl
def test_the_window_shows_what_the_ray_picture_shows(window, folder, scene):
    from stagecraft.render.picture import still

    in_window("window.screenshot(folder / 'a.png')\nwindow.view('plan')\nwindow.screenshot(folder / 'b.png')", folder)
    for name, view in (("a.png", "overview"), ("b.png", "plan")):
        ours, theirs = picture(folder / name), still(scene, view, size=(400, 240), samples=4).astype(int)
        difference = np.abs(ours - theirs).max(axis=2)
        assert np.median(difference) < 24
        assert (difference > 90).mean() < 0.06


@pytest.mark.gl
def test_keys_lead_to_seats_and_back(window, folder):
    said = in_window(
        """
window.sit("L B1"); print(window.where())
press(key.RIGHT); print(window.where())
press(key.UP); print(window.where())
window.drag(30, 0); print(window.where())
press(key.BACKSPACE); print(window.where() or "standing")
press(key._3); print(window.place.camera.ortho > 0)
press(key._4); print(window.place.camera.fov)
press(key._9); print(window.message)
press(key.P); print(sorted(p.name for p in Path().glob("*.png") if p.name != "slide.png"))
""",
        folder,
    )
    name = f"{folder.name}-001.png"
    assert said.splitlines() == [
        "seat L B1",
        "seat L B2",
        "seat L A2",
        "seat L A2",
        "standing",
        "True",
        "50.0",
        "there is no view 9; 1 to 4 are overview, front, plan, balcony",
        f"['{name}']",
    ]
    assert picture(folder / name).std() > 10


@pytest.mark.gl
def test_a_double_click_sits_on_the_chair_under_the_pointer(window, folder):
    said = in_window(
        """
from stagecraft.render import camera
window.view("plan")
(x, y), _ = camera.project(window.place.camera, window.size, scene.seats.at[3] + [0, 0, 0.55])
for _ in range(2):
    window.window.dispatch_event("on_mouse_press", int(x), int(window.size[1] - y), mouse.LEFT, 0)
    window.window.dispatch_events()
from stagecraft.render.camera import seat_label
print(window.where(), "|", seat_label(scene.seats, 3))
""",
        folder,
    )
    left, right = said.split(" | ")
    assert left == f"seat {right}"


@pytest.mark.gl
def test_a_saved_file_is_shown_and_a_broken_one_leaves_the_last_good_state(window, folder):
    said = in_window(
        """
import os
from dataclasses import replace
from stagecraft.scene import Scene
window.sit("L B1")
window.what.after = VenueError("venue.yaml:3:1  stalls.risr  unknown field")
os.utime(file, (1, 1)); window.watch(); window.paint()
print(window.trouble, "|", len(window.scene.records) == len(scene.records), "|", window.where())
window.what.after = Scene(scene.about, {}, scene.records[:-2])
os.utime(file, (2, 2)); window.watch(); window.paint()
print(window.trouble or "mended", "|", len(scene.records) - len(window.scene.records), "|", window.where())
""",
        folder,
    )
    assert said.splitlines() == [
        "venue.yaml:3:1  stalls.risr  unknown field | True | seat L B1", "mended | 2 | seat L B1",
    ]  # fmt: skip


@pytest.mark.gl
def test_nothing_is_drawn_while_nothing_changes(window, folder):
    said = in_window(
        """
import time
drawn = []
window.window.draw = lambda dt: (drawn.append(1), window.paint())
for k in range(40):
    window.tick(); time.sleep(0.01)
before = len(drawn)
for k in range(40):
    window.tick()
print(before, len(drawn) - before)
window.drag(5, 0); window.tick(); print(len(drawn) - before)
""",
        folder,
    )
    assert said.splitlines() == ["2 0", "1"]  # once plainly, once finely, then rest; one more for the drag


def test_without_a_display_one_sentence_says_so(scene):
    code = "from stagecraft.render.gl.context import open_gl; d = open_gl(); print(d.context is None, '|', d.reason)"
    clean = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    if not sys.platform.startswith("linux"):
        pytest.skip("only X11 can be without a display")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=clean, timeout=60)
    none, reason = done.stdout.strip().split(" | ")
    assert none == "True"
    assert "\n" not in reason
    assert "stagecraft picture" in reason


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ImportError('Library "GL" not found.'), "libgl1"),
        (ImportError('Library "freetype" not found.'), "libfontconfig1"),
        (AttributeError("'NoneType' object has no attribute 'XRenderFindVisualFormat'"), "libxrender1"),
        (Exception("libGL.so not loaded"), "libgl1"),
        (type("NoSuchDisplayException", (Exception,), {})('Cannot connect to "None"'), "no display"),
        (type("NoSuchConfigException", (Exception,), {})(""), "OpenGL 3.3"),
        (RuntimeError("boom"), "RuntimeError: boom"),
    ],
)
def test_every_way_to_have_no_window_is_one_sentence(error, said, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    sentence = context._sentence(error)
    assert said in sentence
    assert "\n" not in sentence


def test_show_raises_that_sentence(scene, monkeypatch):
    monkeypatch.setattr(viewer, "open_gl", lambda title: context.Door(reason="no window here"))

    class Open:
        path = None

        def __init__(self):
            self.scene = scene

        def reload(self):
            return self

    with pytest.raises(MissingError, match="no window here") as raised:
        viewer.show(Open())
    assert raised.value.exit_code == 3


def test_no_key_does_two_things():
    keys = [name for binding in viewer.BINDINGS for name in binding.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.gl
def test_every_key_of_the_table_is_known_and_does_something(window, folder):
    said = in_window(
        """
from stagecraft.render.viewer import BINDINGS
window.window.close = lambda: print("closed")
for binding in BINDINGS:
    assert all(hasattr(key, name) for name in binding.keys), binding
    if binding.action:
        window.do(binding.action)
window.do("leave"); window.do("leave"); window.do("leave")
""",
        folder,
    )
    assert said.endswith("closed")
