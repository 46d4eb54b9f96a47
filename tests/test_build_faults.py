"""Whatever goes wrong under a build, a whole build is served, and the next build goes through.

Every file operation of a build is made to fail in its turn, and every one is made the last of its
process. What RocksDB writes is out of reach here: for that, the disk is really full.
"""

import errno
import io
import itertools
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Self

import pytest

from kg.config import Config
from kg.dataset.builds import make_build, open_current, verify_build
from kg.errors import BuildError
from miniature import change, write_project

STATES: Final = "seeds/registry/states.ttl"

DISK_BYTES: Final = 4 << 20
ROOM_BYTES: Final = 16 << 10
"""By so much the disk is less full each time."""

HASHES: Final = "last-hash"
"""The file in which the hash of the last whole build is kept."""

FILLING: Final = frozenset({"open", "write", "mkdir", "ftruncate", "pwrite", "rename", "replace"})
"""Operations that fail on a full disk, all of them, until there is room again."""

CHANGING: Final = FILLING | {"close", "rmdir", "unlink"}
ALL: Final = CHANGING | {"fsync", "open to read"}


class Faults:
    """Counts the file operations under a folder, and does a deed at the `number`th."""

    def __init__(
        self,
        folder: Path,
        number: int,
        deed: Callable[[str], None],
        counted: frozenset[str] = ALL,
        *,
        stays: bool = False,
    ) -> None:
        """Do it once, or, where it `stays`, at every later operation that fills the disk too."""
        self._folder, self._number, self._deed = folder, number, deed
        self._counted, self._stays = counted, stays
        self.met: list[str] = []

    def install(self, patch: Callable[[object, str, object], None]) -> None:
        """Put counting functions in the place of the system's."""
        for name in ("open", "mkdir", "rmdir", "unlink", "rename", "replace"):
            patch(os, name, self._about_path(name, getattr(os, name)))
        for name in ("fsync", "ftruncate", "pwrite"):
            patch(os, name, self._about_file(name, getattr(os, name)))
        patch(io, "open", self._opening(io.open))

    def meet(self, name: str) -> None:
        """Count an operation that is about to be done, where that kind counts."""
        if name not in self._counted:
            return
        self.met.append(name)
        is_later = self._stays and len(self.met) > self._number and name in FILLING
        if len(self.met) == self._number or is_later:
            self._deed(name)

    def _is_ours(self, path: Any) -> bool:  # noqa: ANN401 - whatever the system's function takes
        return isinstance(path, (str, Path)) and Path(path).is_relative_to(self._folder)

    def _about_path(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def counting(path: Any, *arguments: Any, **keywords: Any) -> Any:  # noqa: ANN401
            if self._is_ours(path) or keywords.get("dir_fd") is not None:
                is_reading = name == "open" and not arguments[0] & os.O_CREAT
                self.meet("open to read" if is_reading else name)
            return real(path, *arguments, **keywords)

        return counting

    def _about_file(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def counting(fd: int, *arguments: Any) -> Any:  # noqa: ANN401
            self.meet(name)
            return real(fd, *arguments)

        return counting

    def _opening(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def counting(path: Any, mode: str = "r", *arguments: Any, **keywords: Any) -> Any:  # noqa: ANN401
            if not self._is_ours(path) or mode in ("r", "rb"):
                return real(path, mode, *arguments, **keywords)
            self.meet("open")
            return Written(real(path, mode, *arguments, **keywords), self)

        return counting


class Written:
    """A file that counts what is done to it; a write that fails has written one half."""

    def __init__(self, file: Any, faults: Faults) -> None:  # noqa: ANN401 - text or bytes
        """Stand before a file."""
        self._file, self._faults = file, faults

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()
        self._faults.meet("close")

    def write(self, content: Any) -> int:  # noqa: ANN401 - text or bytes
        """Write one half, and then the other."""
        half = len(content) // 2
        written = self._file.write(content[:half])
        self._file.flush()
        self._faults.meet("write")
        return int(written + self._file.write(content[half:]))


def fail(number: int) -> Callable[[str], None]:
    """Return a deed: fail with this errno."""

    def failing(_name: str) -> None:
        raise OSError(number, os.strerror(number))

    return failing


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Config]:
    """The settings of a project in miniature, with its builds in memory where that is possible.

    The tests wait for the disk thousands of times.
    """
    written = write_project(tmp_path)
    memory = Path("/dev/shm")  # noqa: S108 - for a folder with a name of its own
    if not os.access(memory, os.W_OK):
        yield written
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield replace(written, builds=Path(folder) / "builds")


def rename(config: Config, number: int) -> None:
    """Give a country another name, so that the next build is another one."""
    change(config.root, STATES, f'"{name_of(number - 1)}"@en', f'"{name_of(number)}"@en')


def name_of(number: int) -> str:
    """Return the name of the country after so many changes."""
    return f"Pakistan {number}" if number else "Pakistan"


def contents(config: Config) -> dict[str, str]:
    """Return what stands in the folder of builds."""
    return {
        str(path.relative_to(config.builds)): path.read_text() if path.name == "current" else ""
        for path in config.builds.rglob("*")
        if path.name != "LOG"
    }


def assert_whole(config: Config) -> str:
    """Assert that the build that is served is as its manifest says; return its hash."""
    served = open_current(config)
    verify_build(served.path, served.manifest)
    return served.manifest.hash


def assert_mended(config: Config) -> str:
    """Assert that the next build goes through and leaves no debris; return its hash."""
    new = make_build(config).hash
    assert assert_whole(config) == new
    assert list(config.builds.glob(".tmp-*")) == []
    return new


@pytest.mark.parametrize(
    ("number", "stays"), [(errno.EIO, False), (errno.ENOSPC, True)], ids=["EIO", "ENOSPC"]
)
def test_whichever_operation_fails_a_whole_build_is_served(
    config: Config, monkeypatch: pytest.MonkeyPatch, number: int, *, stays: bool
) -> None:
    """Once, or for as long as the disk is full: the error says what the system said.

    A failure that leaves all as it was needs no proof that the next build goes through.
    """
    old = make_build(config).hash
    met: set[str] = set()
    refused = 0
    for at in itertools.count(1):
        rename(config, at)
        before = contents(config)
        faults = Faults(config.builds, at, fail(number), stays=stays)
        with monkeypatch.context() as patch:
            faults.install(patch.setattr)
            refused += is_refused(config, os.strerror(number))
        met.update(faults.met)
        served = assert_whole(config)
        if contents(config) != before:
            new = assert_mended(config)
            assert served in {old, new}
            old = new
        else:
            assert served == old
        if len(faults.met) < at:
            break

    assert met == ALL
    assert refused > 30


def is_refused(config: Config, reason: str) -> bool:
    """Build; whether that failed, which must be for this reason."""
    try:
        make_build(config)
    except BuildError as error:
        assert reason in str(error)  # noqa: PT017 - a failure that does no harm is none
        return True
    return False


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, with room for a few builds."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    mount = shutil.which("mount")
    if (
        mount is None
        or subprocess.run([mount, *options], capture_output=True, check=False).returncode
    ):
        pytest.skip("needs the right to mount a file system")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607 - where mount was


def test_a_full_disk_fails_the_build_and_nothing_else(config: Config, small_disk: Path) -> None:
    """However much room is left, from none to enough: RocksDB runs out of it at many places."""
    config = replace(config, builds=small_disk / "builds")
    old, refused = make_build(config).hash, 0
    filler = small_disk / "filler"
    for number, room in enumerate(range(0, DISK_BYTES, ROOM_BYTES), start=1):
        rename(config, number)
        fill(filler, room)
        if not is_refused(config, "o space left"):
            break
        refused += 1
        assert assert_whole(config) == old
        assert list(config.builds.glob(".tmp-*")) == []
    filler.unlink()

    assert refused > 10
    assert assert_mended(config) != old


def fill(filler: Path, room: int) -> None:
    """Fill the disk but for so many bytes."""
    filler.unlink(missing_ok=True)
    free = os.statvfs(filler.parent)
    size = free.f_bavail * free.f_frsize - room
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(size, 1))


def test_a_build_that_would_fill_the_disk_is_not_begun(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says how much there is, and how much it takes."""
    old = make_build(config).hash
    rename(config, 1)
    usage = shutil.disk_usage(config.builds)._replace(free=1000)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _path: usage)
        with pytest.raises(BuildError, match=r"no space left .* and 0 MiB are free"):
            make_build(config)

    assert assert_whole(config) == old


@pytest.mark.parametrize("most", [0, 1, 100, 5_000, 10_000])
def test_a_limit_on_files_fails_the_build_and_nothing_else(config: Config, most: int) -> None:
    """As where a quota is used up: whichever file is the first that is too large."""
    old = make_build(config).hash
    rename(config, 1)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        was_refused = is_refused(config, "File too large")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert was_refused
    assert assert_whole(config) == old
    assert assert_mended(config) != old


def test_a_builder_killed_at_any_operation_leaves_a_whole_build(config: Config) -> None:
    """The old one or the new; the next build cleans up and goes through.

    Each builder is a process of its own, and so is who looks at what it has left: RocksDB has
    threads, and whoever forks must have none.
    """
    (config.root / HASHES).write_text(make_build(config).hash)
    code = f"import {Path(__file__).stem} as tests; tests.kill_builders()"
    done = subprocess.run(
        [sys.executable, "-c", code, str(config.root), str(config.builds)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout) > 15


def kill_builders() -> None:
    """Kill a builder at its first operation, one at its second, and so on; print how many."""
    config = Config(root=Path(sys.argv[1]), builds=Path(sys.argv[2]))
    for at in itertools.count(1):
        rename(config, at)
        ending = run(build_and_die, config, at)
        if ending == 0:
            sys.stdout.write(str(at - 1))
            return
        assert ending == -signal.SIGKILL, (at, ending)
        assert run(look_and_mend, config, at) == 0, at


def run(deed: Callable[[Config, int], None], config: Config, at: int) -> int:
    """Do it in a process of its own and return how that ended: an exit code, or minus a signal."""
    pid = os.fork()
    if pid == 0:
        try:
            deed(config, at)
        except BaseException:  # noqa: BLE001 - nothing may go on here but this
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def build_and_die(config: Config, at: int) -> None:
    """Build, and die before one of the operations that change what is on the disk."""

    def die(_name: str) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    Faults(config.builds, at, die, CHANGING).install(setattr)
    make_build(config)


def look_and_mend(config: Config, _at: int) -> None:
    """See that the last whole build is served, or the one that was begun; and make that."""
    hashes = config.root / HASHES
    served, new = assert_whole(config), assert_mended(config)
    assert served in {hashes.read_text(), new}
    hashes.write_text(new)
