"""Fields that open over the canvas, take the keyboard and go again: the search for a layer, the field for a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from studio.catalog.spec import LayerSpec
from studio.core.ports import is_layer
from studio.core.project import PortRef
from studio.core.topology import edges_from, edges_into
from studio.gui.canvas import bookmarks, commands, connecting, framed, geometry, noting
from studio.gui.canvas.card import kind_text
from studio.gui.canvas.gestures import hints
from studio.gui.canvas.naming import FrameTitle, Named, NodeName
from studio.gui.canvas.note_field import NoteField
from studio.gui.canvas.offers import Found, Words
from studio.gui.canvas.rename import NameField
from studio.gui.canvas.suggesting import Suggesting

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas
    from studio.gui.canvas.quick_add import QuickAdd


class Popups:
    """At most one search and one name field at a time."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.suggesting: Suggesting = Suggesting(canvas.session, canvas)
        self.suggesting.changed.connect(self._suggestions_changed)
        self.quick_add: QuickAdd | None = None
        self.name_field: NameField | NoteField | None = None
        self._loose: tuple[PortRef, bool, geometry.Point] | None = None
        self._shows_layers = False

    @property
    def is_open(self) -> bool:
        """Whether one of them is over the drawing."""
        return self.quick_add is not None or self.name_field is not None

    def open_quick_add(self, point: QPointF | None, anchor: PortRef | None, *, is_input: bool) -> None:
        """Open the search at a pixel; without one at the pointer, or where a layer goes that is added by key."""
        canvas = self._canvas
        self._close_search()
        if point is not None:
            at = canvas.view.to_scene(point.x(), point.y())
        else:
            at = canvas.pointer_place or commands.place_for_new(canvas)
        is_without_mouse = point is None and canvas.pointer_place is None
        point = point or QPointF(*canvas.view.to_widget(*at))
        after = None if anchor is not None else commands.output_to_follow(canvas)
        self._loose = (anchor, is_input, at) if anchor is not None else None
        canvas.update()
        self.suggesting.begin(anchor or after, canvas.scene.prefix, is_input=is_input)
        search = self._search_for_layers(
            lambda spec: commands.fits(spec, anchor, is_input), others=noting.offered if anchor is None else None
        )
        search.chosen.connect(lambda type: commands.add_found(canvas, type, at, anchor or after, is_input=is_input))
        if is_without_mouse:
            search.chosen.connect(lambda _: commands.show_selection(canvas))
        self._open(search, point)

    def open_add_after(self, *, is_beside: bool) -> None:
        """Open the search for a layer after the selected one; ``is_beside`` puts it aside, as another branch."""
        canvas = self._canvas
        source = commands.output_to_follow(canvas)
        if source is not None:
            x, y = commands.place_for_new(canvas)
            if is_beside:
                is_down = canvas.session.project.direction == "down"
                step = (geometry.NODE_WIDTH if is_down else geometry.NODE_HEIGHT) + 40
                x, y = (x + step, y) if is_down else (x, y + step)
            self.open_quick_add(QPointF(*canvas.view.to_widget(x, y)), source, is_input=False)
            assert self.quick_add is not None
            self.quick_add.chosen.connect(lambda _: commands.show_selection(canvas))

    def open_insert(self) -> None:
        """Open the search for a layer to put on the marked edge, or on the edge into the selected layer."""
        canvas = self._canvas
        edge = canvas.selected_edge or commands.edge_before(canvas)
        if edge is None:
            return
        self._close_search()
        x, y = geometry.middle(canvas.scene.edges.chain(canvas.scene.edges.slot[edge]))
        corner = x - geometry.NODE_WIDTH / 2, y - geometry.NODE_HEIGHT / 2
        self.suggesting.begin(canvas.session.graph.edges[edge].source, canvas.scene.prefix, is_input=False)
        search = self._search_for_layers(lambda spec: bool(spec.inputs and spec.outputs))
        search.chosen.connect(lambda type: commands.add_layer(canvas, type, corner, edge=edge))
        self._open(search, QPointF(*canvas.view.to_widget(x, y)))

    def open_swap(self) -> None:
        """Open the search for the type that the selected layer shall be of instead of its own."""
        canvas = self._canvas
        if commands.why_not_swap(canvas):
            return
        self._close_search()
        graph = canvas.session.graph
        node = graph.nodes[next(iter(canvas.session.selection))]
        into = sorted(edges_into(graph, node.id), key=lambda edge: edge.rank)
        has_followers = any(edges_from(graph, node.id))
        self.suggesting.begin(into[0].source if into else None, canvas.scene.prefix, is_input=False)

        def fits(spec: LayerSpec) -> bool:
            has_ports = (bool(spec.inputs) or not into) and (bool(spec.outputs) or not has_followers)
            return has_ports and spec.type != node.type and is_layer(replace(node, type=spec.type))

        words = Words(
            canvas.tr("Which type shall {0} be of?").format(node.name),
            canvas.tr("No layer that fits has this name."),
            canvas.tr("Layers that fit"),
        )
        search = self._search_for_layers(fits, words=words)
        search.chosen.connect(partial(commands.swap_type, canvas, node.id))
        canvas.sight.show(node.id)
        slot = canvas.scene.slot[node.id]
        x, y = canvas.scene.pos[slot].tolist()
        self._open(search, QPointF(*canvas.view.to_widget(x + 24, y + 20)))

    def _search_for_layers(
        self,
        fits: Callable[[LayerSpec], bool],
        others: Callable[[str], Iterable[Found]] | None = None,
        words: Words | None = None,
    ) -> QuickAdd:
        """``words`` are there where no layer is added, and so no block."""
        canvas, suggesting = self._canvas, self.suggesting
        is_adding = words is None

        def layers(text: str) -> Iterator[Found]:
            if text and is_adding:  # blocks when they are looked for: the list begins with what most people want
                yield from commands.blocks_called(canvas, text)
            if others is not None:
                yield from others(text)
            yield from suggesting.found(text, fits)

        words = words or Words(
            canvas.tr("Find a layer to add"),
            canvas.tr("No layer that fits has this name."),
            canvas.tr("Layers that fit"),
        )
        search = self._search(layers, words, suggesting.says)
        search.place_chosen.connect(suggesting.place_wanted)
        search.field.textChanged.connect(suggesting.ask_more)
        suggesting.ask_more()
        search.closed.connect(suggesting.end)
        self._shows_layers = True
        return search

    def _suggestions_changed(self) -> None:
        if self.quick_add is not None and self._shows_layers:
            self.quick_add.refresh()

    def open_connect(self, source: PortRef | None = None) -> None:
        """Open the search for a layer that shall take an output; without one that of the selected layer."""
        canvas = self._canvas
        source = source or commands.output_to_follow(canvas)
        if source is None:
            return
        targets = connecting.targets(canvas.session, source)

        def found(text: str) -> Iterator[Found]:
            return (target for target in targets if text.casefold() in target.title.casefold())

        name = canvas.session.graph.nodes[source.node].name
        words = Words(
            canvas.tr("Connect {0} to").format(name), canvas.tr("No layer of this name can take it."),
            canvas.tr("Layers that can take it"),
        )  # fmt: skip
        search = self._search(found, words)
        search.chosen.connect(partial(self._connect, source))
        canvas.sight.show(source.node)
        slot = canvas.scene.slot[source.node]
        x, y = (canvas.scene.pos[slot] + canvas.scene.size[slot]).tolist()
        self._open(search, QPointF(*canvas.view.to_widget(x + 24, y)))

    def choose(
        self, rows: Iterable[Found], words: Words, chosen: Callable[[str], object], at: geometry.Point
    ) -> None:  # fmt: skip
        """Ask for one of these rows, at a point of the scene; ``chosen`` gets its key."""
        known = list(rows)
        search = self._search(lambda text: (row for row in known if text.casefold() in row.title.casefold()), words)
        search.chosen.connect(chosen)
        self._open(search, QPointF(*self._canvas.view.to_widget(*at)))

    def _connect(self, source: PortRef, node: str) -> None:
        """Draw the edge to a layer; where several of its inputs are as good, after asking for one."""
        canvas = self._canvas
        found = connecting.choices(canvas.session, source, node) if node in canvas.session.graph.nodes else []
        if len(found) == 1:
            connecting.connect(canvas.session, source, found[0])
        elif found:
            slot = canvas.scene.slot[node]
            self.choose_port(
                source, found, (canvas.scene.pos[slot] + canvas.scene.size[slot] / 2).tolist(),
                lambda port: connecting.connect(canvas.session, source, port),
            )  # fmt: skip

    def choose_port(
        self, anchor: PortRef, ports: Sequence[PortRef], at: geometry.Point, choose: Callable[[PortRef], object],
        *, is_input: bool = True,
    ) -> None:  # fmt: skip
        """Ask which of the ports of one node shall get the edge from ``anchor``, which waits at a point of the scene.

        ``is_input`` tells that the ports are inputs.
        """
        canvas = self._canvas
        session, name = canvas.session, canvas.session.graph.nodes[ports[0].node].name
        rows = [connecting.as_found(session, port, is_input=is_input) for port in ports]
        asked = canvas.tr("Which input of {0}?") if is_input else canvas.tr("Which output of {0}?")
        words = Words(asked.format(name), canvas.tr("No port that fits has this name."), canvas.tr("Ports that fit"))
        by_name = {port.port: port for port in ports}
        self.choose(rows, words, lambda port: choose(by_name[port]), at)
        self._loose = (anchor, not is_input, (at[0], at[1]))
        canvas.update()

    def open_bookmarks(self) -> None:
        """Open the list of bookmarks: type a part of a name, Enter goes there."""
        canvas = self._canvas
        project = canvas.session.project

        def found(text: str) -> Iterator[Found]:
            for number, (key, id) in enumerate(bookmarks.marks_in(project), 1):
                node, block = project.graph(key).nodes[id], project.blocks.get(key)
                spec = canvas.session.catalog.layer(node.type)
                note = kind_text(project, node, spec)
                if block is not None:
                    note = canvas.tr("{0}, in {1}").format(note, block.name)
                if text.casefold() in node.name.casefold():
                    title = f"{number}  {node.name}" if number <= 9 else node.name
                    yield Found(f"{key}/{id}", title, note, spec.family if spec is not None else "core")

        words = Words(canvas.tr("Go to a bookmark"), canvas.tr("No bookmark has this name."), canvas.tr("Bookmarks"))
        search = self._search(found, words)
        search.chosen.connect(lambda mark: bookmarks.go(canvas, tuple(mark.rsplit("/", 1))))
        self._open(search, QPointF(canvas.width() / 2 - 136, 60))

    def _search(
        self, find: Callable[[str], Iterable[Found]], words: Words, tell: Callable[[str], str] = lambda text: ""
    ) -> QuickAdd:
        from studio.gui.canvas.quick_add import QuickAdd  # not needed for the first picture

        self._close_search()
        return QuickAdd(self._canvas, find, words, tell)

    def _close_search(self) -> None:
        """Before another one is made ready."""
        if self.quick_add is not None:
            self.quick_add.close_search()

    def _open(self, search: QuickAdd, point: QPointF) -> None:
        search.closed.connect(self._quick_add_closed)
        self.quick_add = search
        search.open_at(round(point.x()), round(point.y()))

    def rename(self, node_id: str | None) -> None:
        """Open the field for a node's name or a note's text; without an id for what is selected, a frame included."""
        canvas = self._canvas
        if node_id is None:
            frame, note = framed.selected(canvas.session), noting.selected(canvas.session)
            if note is not None:
                self.open_note(note)
                return
            if frame is not None and len(frame.nodes) > 1:
                self.rename_frame(frame.id)
                return
            node_id = next(iter(canvas.session.selection), None) if len(canvas.session.selection) == 1 else None
        if node_id is not None and node_id in canvas.scene.notes.slot:
            self.open_note(node_id)
        elif node_id is not None and node_id in canvas.scene.slot:
            canvas.sight.show(node_id)
            self._open_name_field(NodeName(canvas, node_id))

    def rename_frame(self, frame_id: str, making: str | None = None) -> None:
        """Open the field for the title of a frame; ``making`` is the key of the step that has just made it."""
        if frame_id in self._canvas.session.graph.frames:
            self._open_name_field(FrameTitle(self._canvas, frame_id, making))

    def open_note(self, note_id: str | None, corner: geometry.Point | None = None) -> None:
        """Open the field for the text of a note; without an id for that of a new one at a place of the scene."""
        if note_id is not None and not self._canvas.sight.has([note_id]):
            self._canvas.sight.show(note_id)
        self._show_field(lambda: NoteField(self._canvas, note_id, corner, self._name_field_closed))

    def _open_name_field(self, named: Named) -> None:
        self._show_field(lambda: NameField(self._canvas, named, self._name_field_closed))

    def _show_field(self, make: Callable[[], NameField | NoteField]) -> None:
        # A search that loses the focus gives it to the drawing, which would close the field that is being made.
        self._close_search()
        if self.name_field is not None:
            self.name_field.close_field()
        field = make()
        self.name_field = None if field.is_done else field  # what it names may be gone already

    def place(self) -> None:
        """Follow the drawing: the name field lies over its node."""
        if self.name_field is not None:
            self.name_field.place()

    def paint(self, painter: QPainter) -> None:
        """The edge that waits for the layer that is looked for."""
        if self._loose is None:
            return
        canvas = self._canvas
        anchor, is_input, point = self._loose
        start = canvas.port_point(canvas.scene.slot.get(anchor.node, -1), anchor.port, is_input=is_input)
        if start is not None:
            chain = hints.loose_chain(canvas, start, point, is_input=is_input)
            hints.paint_loose_edge(canvas, painter, chain, [start])

    def _quick_add_closed(self) -> None:
        self._shows_layers = False
        self.quick_add = self._loose = None
        self._canvas.update()
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _name_field_closed(self, field: NameField | NoteField) -> None:
        if self.name_field is field:
            self.name_field = None
