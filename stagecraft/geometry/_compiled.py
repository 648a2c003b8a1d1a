"""Loops that run as machine code, kept in the user's cache folder from one run to the next."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

_ONE_AT_A_TIME = Lock()


def compiled(function: Callable[..., Any], **more: Any) -> Callable[..., Any]:
    """`function` as machine code that lets go of the interpreter while it runs; the same one at every call.

    more : further options of numba.njit

    The first use compiles it (seconds) or loads it from the folder that `kernels` names (a few hundredths of one).
    Raises ImportError where numba is missing.
    """
    import numba  # noqa: F401  # asked every time, so that a missing numba is never hidden by what was compiled before

    return _made(function, **more)


def kernels() -> Path | None:
    """Folder of machine code; None where nothing can be written.

    `STAGECRAFT_CACHE`, else `stagecraft` in the user's cache folder, which is `XDG_CACHE_HOME` or `~/.cache` on Linux,
    `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows.
    """
    try:
        folder = _home() / "kernels"
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except (OSError, RuntimeError):  # RuntimeError: somebody without a home
        return None
    return folder


def _home() -> Path:
    if own := os.environ.get("STAGECRAFT_CACHE"):
        return Path(own).absolute()
    if sys.platform == "win32":
        caches = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        caches = Path.home() / "Library" / "Caches"
    else:
        caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches).absolute() / "stagecraft"


@cache
def _made(function: Callable[..., Any], **more: Any) -> Callable[..., Any]:
    from numba import config, njit

    folder = kernels()
    made: Callable[..., Any]
    with _ONE_AT_A_TIME:
        before = config.CACHE_DIR
        config.CACHE_DIR = str(folder)  # numba reads it while it decorates
        try:
            made = njit(nogil=True, cache=folder is not None, **more)(function)
        except RuntimeError:  # no source file to date the machine code by
            made = njit(nogil=True, **more)(function)
        finally:
            config.CACHE_DIR = before
    return made
