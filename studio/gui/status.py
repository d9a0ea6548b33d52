"""The strip at the bottom of the window: the engine, the latest news, problems, saved or not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar

from studio.core.problem import Problem
from studio.gui import icons, theme
from studio.gui.panels.plain import tool_tip

NEWS_MS = 6_000
BAR_PX = 120
BAR_AFTER_MS = 300
"""Waits that are longer show that something happens."""


class StatusStrip(QStatusBar):
    """Quiet facts. Good news go away by themselves, bad news stay until something else is to be said."""

    problems_clicked = Signal()
    restart_requested = Signal()
    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self.setFixedHeight(26)
        self._dot = QLabel()
        self._engine = QLabel()
        self.restart_button = QPushButton(self.tr("Restart"))
        theme.set_role(self.restart_button, "link")
        self.restart_button.clicked.connect(self.restart_requested)
        self.restart_button.hide()
        self._building = QLabel()
        self._building.hide()
        self.cancel_button = QPushButton(self.tr("Cancel"))
        theme.set_role(self.cancel_button, "link")
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.cancel_button.hide()
        self._news = QLabel()
        self._news.setMinimumWidth(40)
        self._working = QLabel()
        self._working.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self._working, "secondary")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(BAR_PX)
        for each in (self._working, self.bar):
            each.hide()
        self._show_bar = QTimer(self, singleShot=True, interval=BAR_AFTER_MS)
        self._show_bar.timeout.connect(self._work_shown)
        self._warning = QLabel()
        self._warning.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self._warning, "problem")
        self._warning.hide()
        self._saved = QLabel()
        self._problems = QPushButton()
        theme.set_role(self._problems, "link")
        self._problems.clicked.connect(self.problems_clicked)
        for label in (self._engine, self._building, self._news, self._saved):
            label.setTextFormat(Qt.TextFormat.PlainText)
            theme.set_role(label, "secondary")
        self.addWidget(self._dot)
        self.addWidget(self._engine)
        self.addWidget(self.restart_button)
        self.addWidget(self._building)
        self.addWidget(self.cancel_button)
        self.addWidget(self._news, 1)
        self.addPermanentWidget(self._working)
        self.addPermanentWidget(self.bar)
        self.addPermanentWidget(self._warning)
        self.addPermanentWidget(self._problems)
        self.addPermanentWidget(self._saved)
        self.setContentsMargins(10, 0, 10, 0)
        self._fade = QTimer(self, singleShot=True, interval=NEWS_MS)
        self._fade.timeout.connect(self._news.clear)
        self.show_engine("off", "", (), "off")

    def say(self, sentence: str, is_bad: bool = False) -> None:
        """Show a sentence."""
        self._news.setText(sentence)
        self._news.setToolTip(tool_tip(sentence) if len(sentence) > 80 else "")
        theme.set_role(self._news, "problem" if is_bad else "secondary")
        if is_bad:
            self._fade.stop()
        else:
            self._fade.start()

    def show_building(self, words: str) -> None:
        """What Keras builds now, with a way to stop that; "" when it is over."""
        self._building.setText(words)
        self._building.setVisible(bool(words))
        self.cancel_button.setVisible(bool(words))
        self.cancel_button.setAccessibleName(self.tr("Cancel building"))

    @property
    def building(self) -> str:
        """What is said about networks that are being built."""
        return self._building.text()

    def show_progress(self, words: str, share: float) -> None:
        """How far something is that takes long, from 0 to 1; without words it is over. What is quick is not shown."""
        self._working.setText(words)
        self.bar.setAccessibleName(words)
        self.bar.setValue(round(1000 * share))
        if not words:
            self._show_bar.stop()
            self._working.hide()
            self.bar.hide()
        elif self.bar.isHidden() and not self._show_bar.isActive():
            self._show_bar.start()

    def _work_shown(self) -> None:
        self._working.show()
        self.bar.show()

    def show_autosave(self, sentence: str) -> None:
        """Why nothing can be autosaved, which stays whatever else is said; "" when it works again."""
        self._warning.setText(self.tr("not autosaved") if sentence else "")
        self._warning.setToolTip(tool_tip(sentence))
        self._warning.setVisible(bool(sentence))

    @property
    def warning(self) -> str:
        """What stays, or nothing."""
        return self._warning.text()

    @property
    def news(self) -> str:
        """What is being said."""
        return self._news.text()

    @property
    def engine_text(self) -> str:
        """What is said about the engines."""
        return self._engine.text()

    def show_engine(self, state: str, keras: str, devices: Sequence[str], trainer: str, silent: bool = False) -> None:
        """How the engines are; ``trainer`` is the state of the one that trains, ``silent`` that one gives no answer."""
        device = devices[-1].split(":")[0] if devices else "CPU"
        words = {
            "off": self.tr("engine not started"),
            "starting": self.tr("engine is starting"),
            "ready": self.tr("engine ready · Keras {0} · {1}").format(keras, device),
            "busy": self.tr("engine ready · Keras {0} · {1}").format(keras, device),
            "dead": self.tr("the engine has ended"),
        }
        text = words.get(state, state)
        if state in ("ready", "busy") and trainer == "warming":
            text += self.tr(" · trainer is warming up")
        if silent and state != "dead":
            text = self.tr("the engine is not responding")
        is_unwell = silent or state == "dead"
        self._engine.setText(text)
        colour = "problem" if is_unwell else "accent" if state in ("ready", "busy") else "faint"
        icons.attach(self._dot, "dot", colour, 10)
        self.restart_button.setVisible(is_unwell)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """How many problems there are; hidden without any."""
        serious = sum(problem.severity != "hint" for problem in problems)
        self._problems.setVisible(serious > 0)
        text = self.tr("1 problem") if serious == 1 else self.tr("{0} problems").format(serious)
        self._problems.setText(text)
        self._problems.setToolTip(self.tr("Show the problems (F8 goes from one to the next)"))

    def show_saved(self, is_saved: bool) -> None:
        """Whether the file has what is shown."""
        self._saved.setText(self.tr("saved") if is_saved else self.tr("not saved"))
