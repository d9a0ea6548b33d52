"""Each machine on which the program cannot run gets one sentence that says what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from studio.machine import LIBRARIES, SCREEN_LIBRARIES, CannotStart, Machine, here


def machine(**facts: Any) -> Machine:
    return Machine(**({"version": (3, 12), "system": "linux", "processor": "x86_64", "environment": {}} | facts))


def test_this_machine_is_fine() -> None:
    assert here().why_not() == ""


@pytest.mark.parametrize(
    "facts",
    [
        {"version": (3, 11)},
        {"version": (3, 13)},
        {"processor": "aarch64"},
        {"system": "darwin", "processor": "arm64", "libc": "other"},
        {"system": "win32", "processor": "AMD64", "libc": "other"},
    ],
)
def test_supported(facts: dict[str, Any]) -> None:
    assert machine(**facts).why_not() == ""
    machine(**facts).refuse_if_unsupported()


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"version": (3, 10)}, "This is Python 3.10; Layer Studio needs Python 3.11, 3.12 or 3.13. Install one"),
        ({"version": (3, 14)}, "This is Python 3.14; Layer Studio needs Python 3.11, 3.12 or 3.13. Install one"),
        ({"is_64_bit": False}, "Install a 64-bit Python"),
        ({"system": "darwin", "processor": "x86_64"}, "Macs with an Intel processor"),
        ({"system": "win32", "processor": "ARM64"}, "Windows on ARM"),
        ({"processor": "riscv64"}, "the processor riscv64"),
        ({"libc": "other"}, "Linux with glibc"),
    ],
)
def test_not_supported(facts: dict[str, Any], sentence: str) -> None:
    assert sentence in machine(**facts).why_not()
    with pytest.raises(CannotStart, match=sentence.split()[0]):
        machine(**facts).refuse_if_unsupported()


@pytest.mark.parametrize("version", ["6.11.0", "6.11.1", "6.12.0"])
def test_releases_of_pyside_that_abort(version: str) -> None:
    with pytest.raises(CannotStart, match=r"python3 -m pip install \"PySide6-Essentials<6.12"):
        machine(version=(3, 11)).refuse_qt(version)
    machine(version=(3, 12)).refuse_qt(version)
    machine(version=(3, 11)).refuse_qt("6.11.3")


def test_no_screen() -> None:
    with pytest.raises(CannotStart, match="no screen"):
        machine().refuse_without_screen()
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        machine(environment={name: "x"}).refuse_without_screen()
    machine(system="darwin", processor="arm64").refuse_without_screen()


class Installer:
    """Stands for apt-get: notes what it is asked for and makes libraries loadable when it installs."""

    def __init__(self, missing: Sequence[str], *, works: bool = True) -> None:
        self.missing = set(missing)
        self.works = works
        self.commands: list[list[str]] = []

    def call(self, command: list[str], **_: Any) -> int:
        self.commands.append(command)
        if "install" in command and self.works:
            packages = LIBRARIES | SCREEN_LIBRARIES
            self.missing = {name for name in self.missing if packages[name] not in command}
        return 0

    def can_load(self, name: str) -> bool:
        return name not in self.missing


def with_installer(installer: Installer, **facts: Any) -> tuple[Machine, list[str], Callable[[str], None]]:
    said: list[str] = []
    return machine(can_load=installer.can_load, call=installer.call, **facts), said, said.append


def test_libraries_are_installed_on_debian_as_root() -> None:
    installer = Installer(["libGL.so.1", "libxcb-cursor.so.0"])
    debian, said, say = with_installer(installer, is_debian=True, is_root=True, environment={"DISPLAY": ":1"})
    debian.provide_libraries(with_screen=True, say=say)
    assert [command[1] for command in installer.commands] == ["update", "install"]
    assert {"libgl1", "libxcb-cursor0"} <= set(installer.commands[1])
    assert len(said) == 1


def test_nothing_is_installed_where_nothing_is_missing() -> None:
    installer = Installer([])
    debian, said, say = with_installer(installer, is_debian=True, is_root=True)
    debian.provide_libraries(with_screen=True, say=say)
    assert (installer.commands, said) == ([], [])


@pytest.mark.parametrize(
    ("facts", "how"),
    [
        ({"is_debian": True, "is_root": False}, "apt-get install libgl1"),
        ({"is_debian": False, "is_root": True}, "with your system's package manager"),
        ({"is_debian": True, "is_root": True}, "apt-get install libgl1"),
    ],
)
def test_a_library_that_cannot_be_installed_is_named(facts: dict[str, Any], how: str) -> None:
    installer = Installer(["libGL.so.1"], works=False)
    other, _, say = with_installer(installer, **facts)
    with pytest.raises(CannotStart, match=r"Qt needs the system library libGL\.so\.1") as caught:
        other.provide_libraries(with_screen=True, say=say)
    assert how in str(caught.value)


def test_libraries_of_the_screen_are_asked_for_only_with_one() -> None:
    installer = Installer(["libxcb-cursor.so.0"])
    for environment in ({}, {"WAYLAND_DISPLAY": "w"}, {"DISPLAY": ":1", "QT_QPA_PLATFORM": "offscreen"}):
        assert machine(can_load=installer.can_load, environment=environment).missing_libraries(True) == []
    for environment in ({"DISPLAY": ":1"}, {"DISPLAY": ":1", "QT_QPA_PLATFORM": "xcb"}):
        assert machine(can_load=installer.can_load, environment=environment).missing_libraries(True)
    assert machine(system="darwin", can_load=lambda name: False).missing_libraries(True) == []
