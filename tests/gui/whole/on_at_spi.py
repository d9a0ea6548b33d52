"""Run by test_forms_on_the_bus in a process of its own: inspector and training plan as a screen reader gets them.

It needs a D-Bus session and a screen of its own. Prints as JSON what the other side sees.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from studio.gui.app import make_window
from studio.gui.settings import Settings
from studio.gui.training.object_settings import ObjectSettings
from studio.workbench.examples import example
from tests.gui.canvas.on_at_spi import Reader, wait_until
from tests.support.engines import fake_engine
from tests.support.graphs import node_id


def text_of(reader: Reader, path: str) -> str:
    """What stands in a field."""
    return str(ast.literal_eval(reader.ask(path, "Text.GetText", "0", "99"))[0])


def focused(reader: Reader, widget: QWidget, name: str) -> str:
    """What the other side hears that has the focus now."""
    heard, seen = "", set[str]()

    def found() -> str:
        nonlocal heard
        heard += reader.heard.readAllStandardOutput().data().decode()
        paths = set(re.findall(r"(/org/a11y/\S+): \S+StateChanged \('focused', 1", heard)) - seen
        seen.update(paths)
        return next((path for path in paths if reader.property(path, "Name") == name), "")

    path = ""

    def is_told() -> bool:
        nonlocal path
        path = path or found()
        return bool(path)

    widget.setFocus(Qt.FocusReason.TabFocusReason)
    if not wait_until(is_told, 15_000):
        others = [reader.property(each, "Name") for each in seen]
        raise AssertionError(f"the focus on {name} was not told, but that on {others}")
    return path


def said_of(reader: Reader, path: str) -> list[str]:
    """Name, role and description."""
    return [reader.property(path, "Name"), reader.role(path), reader.property(path, "Description")]


def main() -> int:
    """Show the window, read its forms over the bus, unfold and change something there."""
    bus = ("--dest", "org.a11y.Bus", "--object-path", "/org/a11y/bus", "--method", "org.a11y.Bus.GetAddress")
    address = subprocess.check_output(["gdbus", "call", "--session", *bus], text=True)  # this starts it
    app = QApplication(sys.argv)
    with tempfile.TemporaryDirectory() as folder:
        window = make_window(app, Settings(Path(folder)), fake_engine("checker"), fake_engine("trainer"))
        window.resize(1600, 1000)
        window.show()
        window.activateWindow()
        QTest.qWaitForWindowExposed(window)
        assert wait_until(QAccessible.isActive, 10_000), "Qt did not come to the accessibility bus"
        book = example("two_branches")
        assert book is not None
        session = window.session
        session.load(book.project(), None)
        window.workspaces.show("design")
        session.set_selection([node_id(session.project, "b1_l1")])
        page = window.inspector.node_page  # which is made now, as it is when the first picture stands
        app.processEvents()
        reader = Reader(ast.literal_eval(address)[0])
        form = page.form
        assert form is not None
        units = form.rows["units"].editor.field
        path = focused(reader, units, "Units")
        told: dict[str, object] = {"units": [*said_of(reader, path), text_of(reader, path)]}
        for key, box in (
            ("activation", form.rows["activation"].editor.field),
            ("style", window.panels["code"].content.style_box),
        ):
            path = focused(reader, box, box.currentText())
            labels = reader.labels(path)
            told[key] = [*said_of(reader, path)[:2], *(reader.property(label, "Name") for label in labels)]
        path = focused(reader, units, "Units")
        units.selectAll()
        QTest.keyClicks(units, "many")
        QTest.keyClick(units, Qt.Key.Key_Return)
        assert wait_until(lambda: bool(form.rows["units"].message.text()), 5_000), units.text()
        told["refused"] = reader.property(path, "Description")
        reader.ask(focused(reader, form.fold, form.fold.text()), "Action.DoAction", "0")
        told["unfolded"] = wait_until(form.fold.isChecked, 5_000)
        window.workspaces.show("train")
        plan = window.panels["plan"]
        plan.fill()
        app.processEvents()
        epochs = plan.content.findChild(QLineEdit, "epochs")
        path = focused(reader, epochs, "Epochs")
        told["epochs"] = [*said_of(reader, path), text_of(reader, path)]
        fold = next(each for each in plan.content.findChildren(QPushButton) if each.text() == "Settings of Adam")
        reader.ask(focused(reader, fold, fold.text()), "Action.DoAction", "0")
        assert wait_until(fold.isChecked, 5_000)
        settings = next(each for each in plan.content.findChildren(ObjectSettings) if each.fold is fold)
        rate = settings.form.rows["beta_1"].editor.field  # type: ignore[union-attr]
        path = focused(reader, rate, "Beta 1")
        rate.selectAll()
        QTest.keyClicks(rate, "0.8")
        told["beta"] = said_of(reader, path)
        reader.close()
        session.document.mark_saved()
        window.close()
    print(json.dumps(told))
    app.quit()
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.exit(code)
