"""Machine code is kept where the user's caches are, and does without where nothing can be written."""

import sys
from pathlib import Path

import numpy as np
import pytest

from stagecraft.geometry import _compiled


def _sum(numbers):
    total = 0.0
    for number in numbers:
        total += number
    return total


@pytest.fixture(autouse=True)
def _anew(monkeypatch):
    monkeypatch.delenv("STAGECRAFT_CACHE", raising=False)
    _compiled._made.cache_clear()
    yield
    _compiled._made.cache_clear()


@pytest.mark.parametrize(
    ("platform", "variable", "folder"),
    [
        ("linux", "XDG_CACHE_HOME", "caches/stagecraft/kernels"),
        ("linux", "HOME", "caches/.cache/stagecraft/kernels"),
        ("darwin", "HOME", "caches/Library/Caches/stagecraft/kernels"),
        ("win32", "LOCALAPPDATA", "caches/stagecraft/kernels"),
        ("linux", "STAGECRAFT_CACHE", "caches/kernels"),
    ],
)
def test_each_platform_has_its_folder(platform, variable, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv(variable, str(tmp_path / "caches"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "caches")
    assert _compiled.kernels() == tmp_path / folder
    assert (tmp_path / folder).is_dir()


def test_what_is_compiled_is_kept_there_and_nowhere_else(tmp_path, monkeypatch):
    from numba import config

    monkeypatch.setenv("STAGECRAFT_CACHE", str(tmp_path))
    monkeypatch.setattr(config, "CACHE_DIR", "elsewhere")
    add = _compiled.compiled(_sum)
    assert add(np.arange(5.0)) == 10
    assert config.CACHE_DIR == "elsewhere"
    assert [path.suffix for path in sorted(tmp_path.rglob("*._sum*"))] == [".nbc", ".nbi"]
    assert _compiled.compiled(_sum) is add


def test_where_nothing_can_be_written_it_is_compiled_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("STAGECRAFT_CACHE", str(tmp_path / "file"))
    assert _compiled.kernels() is None
    assert _compiled.compiled(_sum)(np.arange(5.0)) == 10
    assert [path.name for path in tmp_path.rglob("*")] == ["file"]


def test_a_function_without_a_file_is_compiled_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("STAGECRAFT_CACHE", str(tmp_path))
    names = {}
    exec("def double(x):\n    return 2 * x", names)
    assert _compiled.compiled(names["double"])(2.0) == 4.0
