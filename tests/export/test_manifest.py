"""A rebuild takes away what the last build made and nothing else."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from stagecraft.errors import MissingError, VenueError
from stagecraft.export.manifest import NAME, begin, finish
from tests.schedules._house import ABOUT


def build(folder, **files):
    """A build that writes these files."""
    last = begin(folder)
    paths = []
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return finish(last, paths, ABOUT)


def names(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_the_manifest_names_every_file_with_its_hash_and_whose_it_is(tmp_path):
    build(tmp_path, b_csv="b", pictures__a_png="a")
    content = json.loads((tmp_path / NAME).read_text(encoding="utf-8"))
    assert content == {
        "venue": "Haus „Süd“ & Söhne", "revision": "P02", "hash": "0123456789ab",
        "files": {"b.csv": hashlib.sha256(b"b").hexdigest(), "pictures/a.png": hashlib.sha256(b"a").hexdigest()},
    }  # fmt: skip
    assert list(content["files"]) == ["b.csv", "pictures/a.png"]


def test_a_rebuild_removes_its_own_old_files_and_folders_and_leaves_all_others(tmp_path):
    build(tmp_path, a_csv="1", old_csv="2", pictures__old_png="3")
    (tmp_path / "mine.txt").write_text("mine")
    left = build(tmp_path, a_csv="4")
    assert left.removed == ("old.csv", "pictures/old.png")
    assert names(tmp_path) == ["a.csv", NAME, "mine.txt"]
    assert not (tmp_path / "pictures").exists()


def test_an_old_file_that_somebody_changed_is_kept_told_and_forgotten(tmp_path):
    build(tmp_path, a_csv="1", old_csv="2")
    (tmp_path / "old.csv").write_text("with my notes")
    left = build(tmp_path, a_csv="1")
    assert (left.removed, left.kept) == ((), ("old.csv",))
    assert build(tmp_path, a_csv="1").kept == ()
    assert (tmp_path / "old.csv").read_text() == "with my notes"


def test_the_same_build_twice_gives_the_same_manifest(tmp_path):
    build(tmp_path, b_csv="b", a_csv="a")
    first = (tmp_path / NAME).read_bytes()
    left = build(tmp_path, a_csv="a", b_csv="b")
    assert (tmp_path / NAME).read_bytes() == first
    assert left.removed == ()


@pytest.mark.parametrize("name", ["../outside.txt", "a/../../outside.txt", "link/outside.txt", "x\0y/z"])
def test_a_manifest_never_reaches_out_of_its_folder(tmp_path, name):
    outside = tmp_path / "outside.txt"
    outside.write_text("x")
    folder = tmp_path / "build"
    folder.mkdir()
    os.symlink(tmp_path, folder / "link")
    files = {name: hashlib.sha256(b"x").hexdigest(), str(outside): hashlib.sha256(b"x").hexdigest()}
    (folder / NAME).write_text(json.dumps({"venue": "", "revision": "", "hash": "", "files": files}))
    assert build(folder, a_csv="a").removed == ()
    assert outside.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": 5}', '{"venue": 1, "files": {}}', "\x00"])
def test_a_damaged_manifest_takes_nothing_away(tmp_path, text):
    build(tmp_path, old_csv="1")
    (tmp_path / NAME).write_text(text)
    assert build(tmp_path, a_csv="2").removed == ()
    assert names(tmp_path) == ["a.csv", NAME, "old.csv"]


def test_a_folder_is_made_with_its_parents_and_left_empty_at_first(tmp_path):
    last = begin(tmp_path / "größe" / "席 🎭")
    assert last.files == {}
    assert list((tmp_path / "größe" / "席 🎭").iterdir()) == []


def test_a_folder_that_cannot_be_is_bad_input_before_anything_is_written(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(VenueError) as caught:
        begin(tmp_path / "file")
    assert str(caught.value) == (
        f"the folder '{tmp_path / 'file'}' cannot be written: it is a file; name another one with -o"
    )
    for bad in (tmp_path / "file" / "below", tmp_path / ("x" * 300), Path("nul\0")):
        with pytest.raises(VenueError, match=r"cannot be written: .*; name another one with -o"):
            begin(bad)
    assert names(tmp_path) == ["file"]


def test_a_folder_without_the_right_to_write_is_bad_input(tmp_path, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(VenueError, match="cannot be written: permission denied; name another one"):
        begin(tmp_path)


def test_an_old_file_that_another_program_holds_is_one_sentence(tmp_path, monkeypatch):
    build(tmp_path, a_csv="1", old_xlsx="2")
    last = begin(tmp_path)
    plain = Path.unlink

    def refuse(self, *args, **kwargs):
        if self.name == "old.xlsx":
            raise PermissionError(13, "held")
        return plain(self, *args, **kwargs)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(MissingError) as caught:
        finish(last, [tmp_path / "a.csv"], ABOUT)
    assert str(caught.value) == (
        f"'{tmp_path / 'old.xlsx'}' is held open by another program: close it there and try again"
    )


def test_relative_and_absolute_paths_name_the_same_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    last = begin(Path("out"))
    (tmp_path / "out" / "a.csv").write_text("a")
    assert list(finish(last, [tmp_path / "out" / "a.csv"], ABOUT).manifest.files) == ["a.csv"]
