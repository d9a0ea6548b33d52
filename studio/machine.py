"""What this machine is, whether the program can run on it, and the system libraries that Qt needs there.

Standard library only, syntax of Python 3.7, like ``bootstrap``. Every fact can be given, so that tests need no other
machine.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    Say = Callable[[str], None]

OLDEST = (3, 11)
NEWEST = (3, 13)
BAD_QT = ("6.11.0", "6.11.1", "6.12.0")
"""These lose references to None on Python before 3.12 and abort after some thousand calls."""

STARTED_AGAIN = "LAYER_STUDIO_SET_UP"
"""Stands in the environment of a process that was started again, so that this does not go on for ever."""

LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
SCREEN_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""Shared libraries of Linux that Qt needs -> their Debian packages; the second table for an X screen only."""


class CannotStart(Exception):
    """The program cannot start here. The message is one sentence, or two, that says what to do."""


class Machine:
    """The facts that decide whether and how the program runs."""

    def __init__(
        self,
        version: tuple[int, int],
        system: str,
        processor: str,
        is_64_bit: bool = True,
        libc: str = "glibc",
        is_debian: bool = False,
        is_root: bool = False,
        environment: Mapping[str, str] | None = None,
        can_load: Callable[[str], bool] | None = None,
        call: Callable[..., int] | None = None,
    ) -> None:
        self.version = version
        self.system = system
        self.processor = processor.lower()
        self.is_64_bit = is_64_bit
        self.libc = libc
        self.can_install = is_debian and is_root
        self.is_debian = is_debian
        self._environment = os.environ if environment is None else environment
        self._can_load = _can_load if can_load is None else can_load
        self._call = _call if call is None else call

    @property
    def is_linux(self) -> bool:
        """Whether this is Linux."""
        return self.system.startswith("linux")

    def why_not(self) -> str:
        """Why the program cannot run on this Python and machine, in a sentence; empty if it can."""
        told = "{}.{}".format(*self.version)
        if not OLDEST <= self.version <= NEWEST:
            return (
                f"This is Python {told}; Layer Studio needs Python 3.11, 3.12 or 3.13. Install one of them and start "
                "with it, for example: python3.13 -m studio"
            )
        if not self.is_64_bit:
            return "This is a 32-bit Python; TensorFlow exists for 64 bits only. Install a 64-bit Python."
        if self.system == "darwin" and self.processor != "arm64":
            return (
                "TensorFlow no longer exists for Macs with an Intel processor. On a Mac with Apple silicon, install a "
                "Python for arm64; otherwise use Linux or Windows."
            )
        if self.system == "win32" and self.processor not in ("amd64", "x86_64"):
            return "TensorFlow does not exist for Windows on ARM. Use Linux under WSL on this machine."
        if self.is_linux and self.processor not in ("x86_64", "amd64", "aarch64", "arm64"):
            return f"TensorFlow does not exist for the processor {self.processor}; it needs x86-64 or ARM of 64 bits."
        if self.is_linux and self.libc != "glibc":
            return (
                "TensorFlow needs a Linux with glibc, such as Debian, Ubuntu or Fedora; this one has another C library."
            )
        return ""

    @property
    def is_supported(self) -> bool:
        """Whether the program can run here at all."""
        return not self.why_not()

    def refuse_if_unsupported(self) -> None:
        """CannotStart with the sentence of ``why_not``."""
        reason = self.why_not()
        if reason:
            raise CannotStart(reason)

    def refuse_qt(self, version: str) -> None:
        """CannotStart where this release of PySide6 is known to abort on this Python."""
        if version in BAD_QT and self.version < (3, 12):
            raise CannotStart(
                "PySide6 {} has a fault that ends programs on Python {}.{}. Install another release: python3 -m pip "
                'install "PySide6-Essentials<6.12,!=6.11.0,!=6.11.1"'.format(version, *self.version)
            )

    def refuse_without_screen(self) -> None:
        """CannotStart on a Linux without a screen, where Qt would abort with an essay."""
        known = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
        if self.is_linux and not any(self._environment.get(name) for name in known):
            raise CannotStart(
                "There is no screen to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set). The command line "
                "works without one: layer-studio --help"
            )

    def missing_libraries(self, with_screen: bool) -> Sequence[str]:
        """The shared libraries that Qt needs and that cannot be loaded."""
        if not self.is_linux:
            return []
        wanted = list(LIBRARIES)
        platform = self._environment.get("QT_QPA_PLATFORM") or "xcb"
        if with_screen and self._environment.get("DISPLAY") and platform.startswith("xcb"):
            wanted += SCREEN_LIBRARIES
        return [name for name in wanted if not self._can_load(name)]

    def provide_libraries(self, with_screen: bool, say: Say) -> None:
        """Install missing system libraries where that is possible; else CannotStart names the first one."""
        missing = self.missing_libraries(with_screen)
        if not missing:
            return
        if self.can_install:
            tables = [*LIBRARIES.items(), *(SCREEN_LIBRARIES.items() if with_screen else ())]
            self._apt_install([package for _, package in tables], say)
            missing = self.missing_libraries(with_screen)
        if missing:
            packages = [(LIBRARIES.get(name) or SCREEN_LIBRARIES[name]) for name in missing]
            how = "apt-get install " + " ".join(packages) if self.is_debian else "with your system's package manager"
            raise CannotStart(f"Qt needs the system library {missing[0]}. Install it: {how}")

    def provide_venv(self, say: Say) -> None:
        """On Debian, Python's venv module is a package of its own: install it where that is allowed."""
        try:
            import ensurepip  # noqa: F401
            import venv  # noqa: F401
        except ImportError:
            package = "python{}.{}-venv".format(*self.version)
            if self.can_install:
                self._apt_install([package], say)
            else:
                raise CannotStart(
                    f"Python's venv module is missing. On Debian and Ubuntu: apt-get install {package}"
                ) from None

    def _apt_install(self, packages: Sequence[str], say: Say) -> None:
        say("Installing system packages: {} ...".format(" ".join(packages)))
        environment = dict(self._environment, DEBIAN_FRONTEND="noninteractive")
        self._call(["apt-get", "update", "-qq"], env=environment)
        self._call(["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages], env=environment)


def say(sentence: str) -> None:
    """Tell the person at the terminal what goes on."""
    print(sentence, file=sys.stderr, flush=True)


def here() -> Machine:
    """This machine."""
    return Machine(
        version=(sys.version_info[0], sys.version_info[1]),
        system=sys.platform,
        processor=_processor(),
        is_64_bit=sys.maxsize > 2**32,
        libc=_libc(),
        is_debian=os.path.exists("/etc/debian_version") and shutil.which("apt-get") is not None,
        is_root=getattr(os, "geteuid", lambda: 1)() == 0,
    )


def _call(command: Sequence[str], **keywords: Any) -> int:
    """Run a command without questions and without its chatter."""
    import subprocess  # not needed to open a window

    return subprocess.call(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **keywords)


def _processor() -> str:
    # As platform.machine(), which compiles a dozen patterns first.
    if hasattr(os, "uname"):
        return str(os.uname().machine)
    return os.environ.get("PROCESSOR_ARCHITEW6432") or os.environ.get("PROCESSOR_ARCHITECTURE", "")


def _libc() -> str:
    # platform.libc_ver reads the whole interpreter; confstr knows at once, and only glibc has the name.
    try:
        return "glibc" if (os.confstr("CS_GNU_LIBC_VERSION") or "").startswith("glibc") else "other"
    except (AttributeError, ValueError, OSError):
        return "other"


def _can_load(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
