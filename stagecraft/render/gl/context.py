"""The one door to OpenGL: a window with a context, or a sentence that says why there is none.

pyglet loads its GL modules at first use, and a process cannot go from a window to headless afterwards; so nobody else
imports `pyglet.gl` or `pyglet.window`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from stagecraft.render.camera import Size

PACKAGES = "libgl1 libegl1 libxrender1 libfontconfig1"
PICTURES = "pictures need none of it: 'stagecraft picture VENUE'"


@dataclass(frozen=True, eq=False)
class Door:
    """What is behind the door: a window and its context, or the reason why not."""

    window: Any = None
    context: Any = None
    reason: str = ""


def open_gl(title: str = "stagecraft", size: Size = (1440, 860), visible: bool = True) -> Door:
    """A pyglet window with a moderngl context (OpenGL 3.3), or the reason why there is none."""
    window = None
    try:
        import pyglet

        pyglet.options.debug_gl = False
        from pyglet import gl
        from pyglet.window import Window

        config = gl.Config(double_buffer=True, depth_size=24, red_size=8, green_size=8, blue_size=8,
                           major_version=3, minor_version=3)  # fmt: skip
        window = Window(*size, caption=title, resizable=True, visible=visible, config=config, vsync=True)
        pyglet.text.Label("text", font_size=10)
        import moderngl

        return Door(window, moderngl.create_context(require=330))
    except Exception as error:  # the libraries raise ImportError, AttributeError, and types of their own
        if window is not None:
            window.close()
        return Door(reason=_sentence(error))


def _sentence(error: Exception) -> str:
    """The error in words that say what to install."""
    kind, text = type(error).__name__, str(error)
    if kind == "NoSuchDisplayException":
        return f"there is no display to open a window on (DISPLAY is not set or nobody answers there); {PICTURES}"
    missing = next((name for name in ("freetype", "fontconfig") if name in text.lower()), "")
    if missing:
        return f"the window needs the system library {missing}: {_install('libfontconfig1')}; {PICTURES}"
    if "XRender" in text:
        return f"the window needs the system library libXrender: {_install('libxrender1')}; {PICTURES}"
    if kind == "NoSuchConfigException" or "version" in text.lower():
        return f"the graphics driver offers no OpenGL 3.3 ({text}): update it or log in at the machine; {PICTURES}"
    if isinstance(error, ImportError) or "not loaded" in text or "Library" in text:
        return f"the window needs OpenGL, which this machine does not have ({text}): {_install(PACKAGES)}; {PICTURES}"
    return f"the window could not be opened ({kind}: {text}); {PICTURES}"


def _install(packages: str) -> str:
    if sys.platform.startswith("linux"):
        return f"sudo apt-get install {packages}"
    return "install the graphics driver of the machine's maker"
