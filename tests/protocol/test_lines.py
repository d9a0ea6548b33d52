"""Bytes arrive in pieces of any size; lines come out whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.protocol import LineBuffer, ProtocolError


@given(st.lists(st.binary(min_size=1).filter(lambda line: b"\n" not in line and line.strip() == line)), st.data())
def test_lines_are_the_same_however_the_bytes_are_cut(lines: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(line + b"\n" for line in lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)))))
    buffer = LineBuffer()
    found: list[bytes] = []
    for start, stop in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += buffer.feed(stream[start:stop])
    assert found == lines


def test_a_line_without_its_end_waits() -> None:
    buffer = LineBuffer()
    assert buffer.feed(b"half") == []
    assert buffer.feed(b" and half\r\n\n") == [b"half and half"]


def test_a_line_that_never_ends_is_refused() -> None:
    buffer = LineBuffer(limit=10)
    buffer.feed(b"12345")
    with pytest.raises(ProtocolError, match="longer than 10 bytes"):
        buffer.feed(b"678901")
    assert buffer.feed(b"ok\n") == [b"ok"]
