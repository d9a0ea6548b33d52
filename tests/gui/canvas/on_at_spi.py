"""Run by test_accessible in a process of its own: the drawing as a screen reader gets it over the accessibility bus.

It needs a D-Bus session and a screen of its own. Prints as JSON what the other side sees.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable

from PySide6.QtCore import QByteArray, QElapsedTimer, QProcess, Qt
from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.core import edits
from studio.gui.canvas.canvas import Canvas
from tests.gui.canvas.drawing import FakeSession, node_named, two_branch_answers, two_branches

ROOT = "/org/a11y/atspi/accessible/root"
_PATH = re.compile(r"'(/org/a11y/[^']+)'")


def wait_until(is_so: Callable[[], bool], latest_ms: int) -> bool:
    """Let the loop go on until something is so; tells whether it came to that."""
    clock = QElapsedTimer()
    clock.start()
    while not is_so() and not clock.hasExpired(latest_ms):
        QTest.qWait(5)
    return is_so()


def gdbus(*arguments: str) -> str:
    """What a call over D-Bus gives. The loop goes on meanwhile: this process is the one that is asked."""
    process = QProcess()
    process.start("gdbus", list(arguments))
    wait_until(lambda: process.state() == QProcess.ProcessState.NotRunning, 10_000)
    return process.readAllStandardOutput().data().decode() + process.readAllStandardError().data().decode()


class Reader:
    """Somebody at the other end of the accessibility bus."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.bus = QDBusConnection.connectToBus(address, "reader")
        registry = ("org.a11y.atspi.Registry", "/org/a11y/atspi/registry", "org.a11y.atspi.Registry")
        self._send(*registry, "RegisterEvent", "object:state-changed:focused", ["no property"], "")
        self.program = "org.a11y.atspi.Registry"
        (self.program,) = re.findall(r"'(:[0-9.]+)'", self.ask(ROOT, "Accessible.GetChildren"))
        self.heard = QProcess()
        self.heard.start("gdbus", ["monitor", "--address", address, "--dest", self.program])
        self.heard.waitForStarted()
        told = QByteArray()

        def listens() -> bool:
            told.append(self.heard.readAllStandardOutput())
            return b"is owned by" in told.data()

        assert wait_until(listens, 20_000), "nobody listens at the bus"

    def _send(self, who: str, path: str, interface: str, method: str, *arguments: object) -> QDBusMessage:
        message = QDBusMessage.createMethodCall(who, path, interface, method)
        message.setArguments(list(arguments))
        return self.bus.call(message, QDBus.CallMode.BlockWithGui)

    def ask(self, path: str, method: str, *arguments: str) -> str:
        """The answer as text, of whatever type it is."""
        where = ("--address", self.address, "--dest", self.program, "--object-path", path)
        return gdbus("call", *where, "--method", f"org.a11y.atspi.{method}", *arguments)

    def children(self, path: str) -> list[str]:
        return _PATH.findall(self.ask(path, "Accessible.GetChildren"))

    def first(self, path: str, method: str, *arguments: str) -> str:
        """The thing that is the answer."""
        return _PATH.findall(self.ask(path, method, *arguments))[0]

    def property(self, path: str, name: str, interface: str = "Accessible") -> str:
        asked = (f"org.a11y.atspi.{interface}", name)
        told = self._send(self.program, path, "org.freedesktop.DBus.Properties", "Get", *asked)
        return str(told.arguments()[0].variant())

    def role(self, path: str) -> str:
        told = self._send(self.program, path, "org.a11y.atspi.Accessible", "GetRoleName").arguments()
        return str(told[0])

    def labels(self, path: str) -> list[str]:
        """What labels a thing."""
        return _PATH.findall(self.ask(path, "Accessible.GetRelationSet"))

    def find(self, name: str, path: str = ROOT) -> str:
        """The first thing of this name below another one."""
        for child in self.children(path):
            found = child if self.property(child, "Name") == name else self.find(name, child)
            if found:
                return found
        return ""

    def close(self) -> None:
        self.heard.kill()
        self.heard.waitForFinished()


def main() -> int:
    """Show the drawing, read it over the bus, walk in it by keys, delete a node while it is held."""
    bus = ("--dest", "org.a11y.Bus", "--object-path", "/org/a11y/bus", "--method", "org.a11y.Bus.GetAddress")
    address = subprocess.check_output(["gdbus", "call", "--session", *bus], text=True)  # this starts it
    app = QApplication(sys.argv)
    project = two_branches()
    canvas = Canvas(FakeSession(project))
    canvas.camera.motion_ms = 0
    canvas.resize(1000, 700)
    canvas.show()
    canvas.activateWindow()
    canvas.setFocus()
    canvas.session.answer(two_branch_answers(project))
    QTest.qWaitForWindowExposed(canvas)
    assert wait_until(QAccessible.isActive, 10_000), "Qt did not come to the accessibility bus"
    reader = Reader(ast.literal_eval(address)[0])
    drawing = reader.find("Drawing of the network")
    nodes = [child for child in reader.children(drawing) if reader.role(child) == "list item"]
    second = nodes[1]
    told = {
        "role": reader.role(drawing),
        "names": [reader.property(child, "Name") for child in nodes],
        "description": reader.property(second, "Description"),
        "extents": ast.literal_eval(reader.ask(second, "Component.GetExtents", "0"))[0],
        "flows": reader.ask(second, "Accessible.GetRelationSet"),
    }
    canvas.session.set_selection([node_named(project, "measurements").id])
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    heard = ""

    def is_told() -> bool:
        nonlocal heard
        heard += reader.heard.readAllStandardOutput().data().decode()
        return re.search(rf"{re.escape(second)}: .*StateChanged \('focused', 1", heard) is not None

    told["focus"] = wait_until(is_told, 5_000)
    reader.ask(nodes[3], "Action.DoAction", "0")
    told["chosen"] = sorted(canvas.session.selection)
    count = reader.property(drawing, "NSelectedChildren", "Selection")
    told["selected"] = [int(count), reader.property(reader.first(drawing, "Selection.GetSelectedChild", "0"), "Name")]
    reader.ask(drawing, "Selection.SelectChild", "1")
    told["more"] = sorted(canvas.session.selection)
    gone = node_named(project, "b1_l1").id
    canvas.session.apply(lambda old: edits.delete(old, canvas.session.catalog, [gone]), "Delete")
    told["gone"] = reader.role(second) != "list item"
    told["left"] = len([child for child in reader.children(drawing) if reader.role(child) == "list item"])
    reader.close()
    print(json.dumps(told))
    app.quit()
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.exit(code)
