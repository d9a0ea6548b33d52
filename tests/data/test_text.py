"""Columns of text: told from classes, dates and mixtures, read as another kind on wish, loaded as words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio import codegen, data
from studio.core import rules
from studio.core.project import INPUT, OUTPUT
from studio.data.csv_table import read_csv
from studio.data.npz_arrays import from_arrays
from studio.data.reading import from_table
from tests.support.catalog import CATALOG
from tests.support.graphs import graph

REVIEWS = "id,review,stars\n" + "".join(
    f'{row},"I found it {word}, number {row}",{row % 3 + 1}\n'
    for row, word in enumerate(["good", "bad", "so so", "great", "awful", "fine"] * 5)
)


def reading_of(tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return from_table(read_csv(path))


def chosen(tmp_path, text=REVIEWS):
    (tmp_path / "table.csv").write_text(text, encoding="utf-8")
    return data.choose("file", "table.csv", folder=tmp_path)


def test_sentences_are_the_feature_where_numbers_only_count_the_rows(tmp_path):
    source = chosen(tmp_path)
    review = source.column("review")
    assert (review.kind, review.low, review.high, review.classes) == ("text", 6, 7, ())
    assert (source.features, source.targets) == (("review",), ("stars",))
    assert data.check(source, tmp_path) == ()
    assert not data.is_usable(source, "review", as_target=True)


def test_few_words_that_come_again_stay_classes_and_can_be_text(tmp_path):
    source = chosen(tmp_path, "colour,x\n" + "red,1\nblue,2\ngreen,3\n" * 10)
    assert source.column("colour").kind == "category"
    assert data.possible_kinds(source.column("colour")) == ("category", "text")
    as_text = data.with_kind(source, "colour", "text", tmp_path)
    assert as_text.column("colour").kind == "text"
    back = data.with_kind(as_text, "colour", "category", tmp_path)
    assert back.column("colour").classes == ("blue", "green", "red")


def test_many_different_texts_cannot_be_classes(tmp_path):
    source = chosen(tmp_path, "name,x\n" + "".join(f"n{row},{row / 2}\n" for row in range(300)))
    with pytest.raises(data.DataError, match="more than 200 different texts"):
        data.with_kind(source, "name", "category", tmp_path)


@pytest.mark.parametrize("day", ["2024-{m:02}-{d:02}", "{d}.{m}.2024", "{m}/{d}/24", "2024-{m:02}-{d:02}T10:30:00Z"])
def test_dates_get_a_sentence(tmp_path, day):
    days = [day.format(m=row % 12 + 1, d=row % 28 + 1) for row in range(60)]
    reading = reading_of(tmp_path, "when,x\n" + "".join(f"{each},1.5\n" for each in days))
    assert "holds dates such as" in reading.faults["when"]


def test_a_mixture_of_numbers_and_words_is_told(tmp_path):
    reading = reading_of(tmp_path, "a,x\n" + "12,1\nmany,2\n7,3\nfew,4\n" * 3)
    assert reading.columns["a"].kind == "category"
    assert reading.notes == (
        "Column “a” mixes numbers and words (row 2: “12”, row 3: “many”): all of it is read as text.",
    )


def test_texts_of_array_files():
    texts = np.array([f"number {row} of the many texts" for row in range(250)])
    reading = from_arrays({"t": texts, "y": np.arange(250) % 2}, "file.npz")
    assert reading.columns["t"].kind == "text"
    assert reading.faults == {}


def test_long_texts_are_shown_on_one_short_line(tmp_path):
    lines = "".join(f'"first {row}\nsecond {"word " * 100}",{row % 2}\n' for row in range(30))
    source = chosen(tmp_path, "text,y\n" + lines)
    shown = data.cells(source, "text", tmp_path, [0])[0]
    assert shown.startswith("first 0 second word")
    assert len(shown) <= 201
    assert "\n" not in shown


def load_code(source, description):
    project = graph(description)
    return codegen.generate(replace(project, data=source), CATALOG).text


def test_the_code_reads_words_as_they_are_written(tmp_path):
    source = chosen(tmp_path)
    text = load_code(source, "text:Input -> TextVectorization(max_tokens=50, output_sequence_length=8) -> o:Output")
    assert 'pd.read_csv(DATA, dtype={"review": str})' in text
    assert 'table["review"].to_numpy(object)' in text
    assert 'keras.Input(shape=(), dtype="string"' in text
    assert "take((x, y), train)" in text


def test_words_of_a_category_go_to_layers_that_take_words_and_its_number_to_others(tmp_path):
    source = chosen(tmp_path, "colour,x\n" + "red,1.5\nblue,2\ngreen,3\n" * 10)
    source = data.renew(source, tmp_path)
    source = replace(source, features=("colour",), targets=("x",))
    looked_up = load_code(source, "c:Input -> StringLookup(output_mode='one_hot') -> Dense(units=1) -> o:Output")
    assert 'table[["colour"]].to_numpy(object)' in looked_up
    assert "CLASSES" not in looked_up
    embedded = load_code(source, "c:Input -> Embedding(input_dim=3, output_dim=2) -> o:Output")
    assert "pd.Categorical" in embedded
    assert 'dtype="int32"' in embedded


def test_free_text_is_no_target(tmp_path):
    source = replace(chosen(tmp_path), features=("stars",), targets=("review",))
    project = replace(graph("x:Input -> Dense(units=1) -> o:Output"), data=source)
    found = [problem for problem in rules.problems(project, CATALOG) if problem.code == "text_target"]
    assert len(found) == 1
    assert "free text" in found[0].message
    assert {node.type for node in project.main.nodes.values()} >= {INPUT, OUTPUT}
