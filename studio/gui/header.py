"""The strip at the top of the window: menu, title, workspaces, action search and the Train button."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QWidget

from studio.gui import icons, theme
from studio.gui.actions import MENUS, Actions, menu_title
from studio.gui.panels.plain import tool_tip

HEIGHT_PX = 48
WORKSPACES = ("design", "data", "train", "runs", "learn")


class Header(QFrame):
    """Shows what the window tells it; wishes go out as signals."""

    workspace_requested = Signal(str)
    train_requested = Signal()
    stop_requested = Signal()
    search_requested = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.setFixedHeight(HEIGHT_PX)
        self._is_training = False
        self._menu_button = QToolButton()
        self._menu_button.setIconSize(QSize(22, 22))
        icons.attach(self._menu_button, "logo", "accent")
        self._menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu_button.setToolTip(self.tr("Menu (Alt+M)"))
        self._menu_button.setAccessibleName(self.tr("Menu"))
        self._menu_button.setShortcut(QKeySequence("Alt+M"))
        self.menu = QMenu(self)
        for name in MENUS:
            actions.fill_menu(self.menu.addMenu(menu_title(name)), name)
        self._menu_button.setMenu(self.menu)
        self.title = QLabel()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self.title, "name")
        self.subtitle = QLabel()
        self.subtitle.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self.subtitle, "secondary")

        self._tabs: dict[str, QPushButton] = {}
        group = QButtonGroup(self)
        group.setExclusive(True)
        words = {
            "design": self.tr("Design"),
            "data": self.tr("Data"),
            "train": self.tr("Train"),
            "runs": self.tr("Runs"),
            "learn": self.tr("Learn"),
        }
        self._middle = tabs = QHBoxLayout()
        tabs.setSpacing(8)
        for number, name in enumerate(WORKSPACES, start=1):
            button = QPushButton(words[name])
            button.setCheckable(True)
            button.setMinimumWidth(88)
            button.setToolTip(f"{words[name]} (Ctrl+{number})")
            theme.set_role(button, "flat")
            button.clicked.connect(lambda _=False, name=name: self.workspace_requested.emit(name))
            group.addButton(button)
            tabs.addWidget(button)
            self._tabs[name] = button
        self._tabs["learn"].hide()  # until there are lessons

        self._title, self._search_words = "", self.tr("Search actions   Ctrl+Shift+P")
        self.search_button = QPushButton(self._search_words)
        self.search_button.setAccessibleName(self.tr("Search actions"))
        theme.set_role(self.search_button, "search")
        icons.attach(self.search_button, "search", "secondary")
        self.search_button.setToolTip(self.tr("Find any action by its name (Ctrl+Shift+P)"))
        self.search_button.clicked.connect(self.search_requested)
        self.train_button = QPushButton()
        self.train_button.setMinimumWidth(112)
        self.train_button.setIconSize(QSize(14, 14))
        self.train_button.clicked.connect(self._train_clicked)
        self._pulse = QTimer(self)
        self._pulse.setInterval(180)
        self._pulse.timeout.connect(self._pulse_step)
        self._pulses_left = 0

        self._left = left = QHBoxLayout()
        left.setSpacing(8)
        left.addWidget(self._menu_button)
        left.addWidget(self.title)
        left.addWidget(self.subtitle)
        left.addStretch(1)
        self._right = right = QHBoxLayout()
        right.setSpacing(12)
        right.addStretch(1)
        right.addWidget(self.search_button)
        right.addWidget(self.train_button)
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 16, 0)
        layout.setSpacing(8)
        layout.addLayout(left, 1)
        layout.addLayout(tabs)
        layout.addLayout(right, 1)
        theme.notifier.changed.connect(self._restyle)
        self._restyle()
        self.show_training(False, "")

    def show_title(self, title: str, subtitle: str, is_saved: bool) -> None:
        """What is open, and where its data comes from."""
        self._title = title if is_saved else f"{title} •"
        self.title.setAccessibleName(title if is_saved else self.tr("{0}, not saved yet").format(title))
        self.title.setToolTip("" if is_saved else self.tr("Not saved yet (Ctrl+S)"))
        self.subtitle.setText(subtitle)
        self._make_room()

    def _make_room(self) -> None:
        """In a narrow window, or with large type, the title goes first: less important words give way to it."""
        self.title.setText(self._title)
        self.subtitle.setVisible(bool(self.subtitle.text()))
        self.search_button.setText(self._search_words)
        margins, tabs = self._row.contentsMargins(), self._middle.sizeHint().width()
        # The tabs stand in the middle, so both sides have the same room.
        room = (self.width() - margins.left() - margins.right() - tabs - 2 * self._row.spacing()) // 2

        def needed(side: QHBoxLayout) -> int:
            side.invalidate()
            return side.sizeHint().width()

        if needed(self._left) > room:
            self.subtitle.hide()
        if needed(self._right) > room:
            self.search_button.setText("")
        if needed(self._left) > room:
            metrics = QFontMetrics(self.title.font())
            others = needed(self._left) - metrics.horizontalAdvance(self._title)
            least = 4 * metrics.averageCharWidth()
            text = metrics.elidedText(self._title, Qt.TextElideMode.ElideMiddle, max(least, room - others))
            self.title.setText(text)

    def show_workspace(self, name: str) -> None:
        """Mark the workspace that is open."""
        self._tabs[name].setChecked(True)

    def show_training(self, is_training: bool, why_not: str) -> None:
        """Turn the Train button into Stop while a run is alive; ``why_not`` disables it and becomes its tip."""
        self._is_training = is_training
        self.train_button.setText(self.tr("Stop") if is_training else self.tr("Train"))
        icons.attach(self.train_button, "stop" if is_training else "play", "text" if is_training else "on_accent")
        theme.set_role(self.train_button, "" if is_training else "primary")
        self.train_button.setEnabled(is_training or not why_not)
        tip = self.tr("Stop training (Ctrl+Alt+Enter)") if is_training else self.tr("Train (Ctrl+Enter)")
        self.train_button.setToolTip(tip if is_training or not why_not else tool_tip(why_not))

    def pulse(self) -> None:
        """Draw the eye to the Train button, once."""
        self._pulses_left = 4
        self._pulse.start()

    def _pulse_step(self) -> None:
        self._pulses_left -= 1
        odd = self._pulses_left % 2 == 1
        self.train_button.setStyleSheet(f"border: 2px solid {theme.current().text};" if odd else "")
        if self._pulses_left <= 0:
            self._pulse.stop()
            self.train_button.setStyleSheet("")

    def _train_clicked(self) -> None:
        (self.stop_requested if self._is_training else self.train_requested).emit()

    def _restyle(self) -> None:
        colours = theme.current()
        self.setStyleSheet(f"#header {{ background: {colours.surface}; border-bottom: 1px solid {colours.border}; }}")
        self._make_room()

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()
