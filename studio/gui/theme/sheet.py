"""The one style sheet of the application, made from a theme.

Variants are chosen by the dynamic property ``role``:
buttons ``primary`` (the one blue button), ``danger``, ``search`` (quiet words), ``flat`` (no frame until the pointer
comes), ``link`` (blue words), ``fold`` (opens more rows); labels ``title`` (16 px), ``name`` (13.5 px semi-bold),
``strong``, ``heading`` (11 px, text in upper case), ``secondary`` (12 px), ``over_drawing`` (the same, on a ground
of its own), ``quiet`` (13 px, secondary), ``mono``,
``problem``, ``accent``; frames ``line`` (a hairline), ``focus`` (says where the keyboard is), ``panel``, ``tip_card``,
``problem_card``; line edits ``title``; tool buttons ``small``.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from string import Template

from studio.gui.theme.tokens import Theme

_SHEET = Template("""
QWidget { color: $text; font-family: "Inter"; font-size: 13px; }
QMainWindow, QDialog, QDockWidget { background: $surface; }
QDialog { border: 1px solid $border; }
QMainWindow::separator { background: $border; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QSplitter::handle { background: $border; }
QSplitter::handle:hover { background: $accent; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }

QLabel { background: transparent; }
QLabel[role="title"] { font-size: 16px; font-weight: 600; }
QLabel[role="name"] { font-size: 14px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="heading"] { font-size: 11px; font-weight: 600; color: $secondary; }
QLabel[role="secondary"] { font-size: 12px; color: $secondary; }
QLabel[role="over_drawing"] {
    font-size: 12px; color: $secondary; background: $canvas; border-radius: 4px; padding: 2px 6px;
}
QLabel[role="quiet"] { color: $secondary; }
QLabel[role="mono"] { font-family: "JetBrains Mono"; font-size: 12px; color: $secondary; }
QLabel[role="problem"] { font-size: 12px; color: $problem; }
QLabel[role="accent"] { font-weight: 600; color: $accent; }
QLabel:disabled { color: $faint; }

QFrame[role="line"] { background: $border; border: none; min-height: 1px; max-height: 1px; }
QFrame[role="focus"] { background: $accent; border: none; }
QFrame[role="panel"] { background: $surface; border: none; }
QFrame[role="tip_card"] { background: $accent_background; border: none; border-radius: 6px; }
QFrame[role="problem_card"] { background: $problem_background; border: none; border-radius: 6px; }

QPushButton {
    background: $canvas; border: 1px solid $border; border-radius: 6px;
    padding: 0 12px; min-height: 26px;
}
QPushButton:hover { background: $hover; border-color: $edge; }
QPushButton:pressed { background: $border; }
QPushButton:focus { border-color: $accent; }
QPushButton, QCheckBox, QRadioButton { outline: none; }
QPushButton:checked {
    background: $accent_background; border-color: $accent_background; color: $accent; font-weight: 600;
}
QPushButton:checked:focus, QPushButton[role="flat"]:checked:focus { border-color: $accent; }
QPushButton:disabled { color: $faint; border-color: $border; background: $surface; }
QPushButton[role="primary"] { background: $accent; border-color: $accent; color: $on_accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled { background: $hatch; border-color: $hatch; color: $secondary; }
QPushButton[role="search"] { color: $secondary; }
QPushButton[role="danger"] { color: $problem; border-color: $problem; background: $surface; }
QPushButton[role="danger"]:hover { background: $problem_background; }
QPushButton[role="flat"] { background: transparent; border-color: transparent; padding: 0 8px; }
QPushButton[role="flat"]:hover { background: $hover; }
QPushButton[role="flat"]:checked { background: $accent_background; }
QPushButton[role="flat"]:focus { border-color: $accent; }
QPushButton[role="link"] {
    background: transparent; border: 1px solid transparent; color: $accent; padding: 0 4px; min-height: 22px;
    text-align: left;
}
QPushButton[role="link"]:hover { color: $accent_hover; background: $accent_background; }
QPushButton[role="link"]:focus { border-color: $accent; }
QPushButton::menu-indicator {
    image: url(icons:chevron_down.svg); width: 10px; height: 10px; subcontrol-origin: padding;
    subcontrol-position: center right; right: 7px;
}
QPushButton[role="fold"] {
    background: transparent; border: none; color: $accent; padding: 0 4px 0 0; min-height: 22px; text-align: left;
}
QPushButton[role="fold"]:hover, QPushButton[role="fold"]:focus { color: $accent_hover; background: $accent_background; }
QPushButton[role="fold"]:checked { background: transparent; font-weight: 400; }
QPushButton[role="link"]:checked { background: transparent; border-color: transparent; font-weight: 400; }
QPushButton[role="link"]:checked:hover { background: $accent_background; }
QPushButton[role="link"]:disabled { color: $faint; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 3px 6px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $accent_background; }
QToolButton:checked { color: $accent; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $faint; }
QToolButton[role="small"] { padding: 0; border-radius: 4px; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QTextEdit, QPlainTextEdit {
    background: $canvas; border: 1px solid $border; border-radius: 6px;
    selection-background-color: $accent; selection-color: $on_accent; placeholder-text-color: $secondary;
}
QLineEdit { padding: 0 8px; min-height: 26px; }
QSpinBox, QDoubleSpinBox { padding: 0 2px 0 8px; min-height: 26px; }
QAbstractSpinBox QLineEdit { border: none; background: transparent; padding: 0; min-height: 0; }
QTextEdit, QPlainTextEdit { padding: 4px 6px; }
QLineEdit:hover, QSpinBox:hover, QDoubleSpinBox:hover, QComboBox:hover { border-color: $edge; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QComboBox:on, QTextEdit:focus,
QPlainTextEdit:focus { border-color: $accent; background: $surface; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled { color: $faint; }
QLineEdit[invalid="true"], QLineEdit[invalid="true"]:focus, QPlainTextEdit[invalid="true"],
QComboBox[invalid="true"] { border-color: $problem; }
QLineEdit[role="title"] {
    font-size: 16px; font-weight: 600; background: transparent; padding: 0; border: none; border-radius: 0;
    border-bottom: 1px solid transparent;
}
QLineEdit[role="title"]:hover { border-bottom-color: $border; }
QLineEdit[role="title"]:focus { border-bottom-color: $accent; background: transparent; }
QLineEdit[role="title"][invalid="true"], QLineEdit[role="title"][invalid="true"]:focus {
    border-bottom-color: $problem;
}

QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button {
    width: 18px; border: none; background: transparent; margin-right: 2px;
}
QSpinBox::up-button, QDoubleSpinBox::up-button { subcontrol-position: top right; }
QSpinBox::down-button, QDoubleSpinBox::down-button { subcontrol-position: bottom right; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url(icons:chevron_up.svg); width: 9px; height: 9px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url(icons:chevron_down.svg); width: 9px; height: 9px; }

QComboBox { padding: 0 6px 0 10px; min-height: 26px; }
QComboBox[role="quiet"] { background: transparent; border-color: transparent; color: $secondary; padding: 0 2px 0 4px; }
QComboBox[role="quiet"]:hover { background: $hover; color: $text; }
QComboBox[role="quiet"]:focus { border-color: $accent; }
QComboBox::drop-down { border: none; width: 22px; subcontrol-position: center right; }
QComboBox::down-arrow { image: url(icons:chevron_down.svg); width: 10px; height: 10px; }
QComboBox QLineEdit { border: none; background: transparent; padding: 0; min-height: 0; }
QComboBox QAbstractItemView {
    background: $surface; border: 1px solid $border; border-radius: 6px; padding: 4px; outline: none;
    selection-background-color: $accent_background; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0 6px; border-radius: 4px; }

QCheckBox, QRadioButton {
    spacing: 8px; min-height: 22px; background: transparent; border: 1px solid transparent; border-radius: 4px;
}
QCheckBox:focus, QRadioButton:focus { background: $accent_background; border-color: $accent; }
QCheckBox::indicator, QRadioButton::indicator, QTableView::indicator {
    width: 14px; height: 14px; border: 1px solid $edge; background: $surface;
}
QCheckBox::indicator, QTableView::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QTableView::indicator:checked {
    background: $accent; border-color: $accent; image: url(icons:check_$name.svg);
}
QCheckBox::indicator:indeterminate { background: $accent_background; border-color: $accent; }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid $accent; background: $on_accent; }
QCheckBox::indicator:focus { border: 2px solid $text; width: 12px; height: 12px; }
QRadioButton::indicator:focus { border-color: $text; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }

QScrollArea { border: 1px solid transparent; background: $surface; }
QScrollArea:focus { border-color: $accent; }
QScrollArea > QWidget > QWidget[role="panel"] { background: $surface; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $border; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $edge; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }

QAbstractItemView {
    background: $surface; border: 1px solid transparent; outline: none; alternate-background-color: $canvas;
    selection-background-color: $accent_background; selection-color: $text;
}
QAbstractItemView:focus { border-color: $accent; }
QComboBox QAbstractItemView:focus { border-color: $border; }
QListView::item, QTreeView::item { min-height: 26px; padding: 0 4px; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected {
    background: $accent_background; color: $text;
}
QTableView { gridline-color: $border; border: 1px solid $border; border-radius: 6px; }
QTableView:focus { border-color: $accent; }
QTableView::item { padding: 0 8px; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section {
    background: $surface; color: $secondary; border: none; border-bottom: 1px solid $border;
    padding: 0 8px; min-height: 26px; font-size: 12px; font-weight: 500;
}
QTableCornerButton::section { background: $surface; border: none; border-bottom: 1px solid $border; }

QTabWidget::pane { border: none; border-top: 1px solid $border; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab {
    background: transparent; color: $secondary; border: none; border-bottom: 2px solid transparent;
    padding: 0 12px; min-height: 28px;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $accent; border-bottom-color: $accent; font-weight: 600; }
QTabBar::tab:focus { color: $text; background: $accent_background; }

QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QFileDialog {
    backward-icon: url(icons:back.svg); forward-icon: url(icons:forward.svg);
    filedialog-parent-directory-icon: url(icons:parent_folder.svg);
}

QDockWidget { titlebar-close-icon: none; titlebar-normal-icon: none; }
QDockWidget::title { background: $surface; padding: 6px 16px; text-align: left; }

QMenuBar { background: $surface; }
QMenuBar::item { background: transparent; padding: 4px 10px; border-radius: 4px; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $surface; border: 1px solid $border; border-radius: 8px; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 12px; border-radius: 4px; min-height: 18px; background: transparent; }
QMenu::item:selected { background: $accent_background; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }

QToolTip {
    background: $surface; color: $text; border: 1px solid $border; padding: 4px 6px; font-size: 12px;
}
QProgressBar {
    background: $grid; border: none; border-radius: 2px; max-height: 4px; text-align: center; color: transparent;
}
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QSlider:horizontal { min-height: 20px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $grid; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal {
    width: 14px; height: 14px; margin: -6px 0; border-radius: 8px; background: $surface; border: 1px solid $edge;
}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus { border-color: $accent; }
QStatusBar { background: $surface; color: $secondary; border-top: 1px solid $border; font-size: 12px; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $secondary; font-size: 12px; }
QToolBar { background: $surface; border: none; spacing: 4px; padding: 4px; }
QGroupBox { border: none; margin-top: 22px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; left: 0; color: $text; }
""")

_CONTRAST = """
QPushButton:disabled, QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled,
QToolButton:disabled, QCheckBox::indicator:disabled { border-style: dashed; }
QPushButton[role="primary"]:disabled { border-color: $secondary; }
"""
"""Text in high contrast is never pale, so that something else must tell what is disabled."""


def style_sheet(theme: Theme, type_scale: float = 1.0) -> str:
    """The text of the application's style sheet in the colours of ``theme``, its type so many times as large."""
    sheet = Template(_SHEET.template + _CONTRAST) if theme.name == "contrast" else _SHEET
    text = sheet.substitute({key: value for key, value in asdict(theme).items() if isinstance(value, str)})
    if type_scale == 1.0:
        return text
    return re.sub(r"font-size: (\d+)px", lambda found: f"font-size: {round(int(found[1]) * type_scale)}px", text)
