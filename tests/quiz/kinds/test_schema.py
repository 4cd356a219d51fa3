"""Does the published schema say what the lint says?"""

import copy
import json
import tomllib

import pytest
from jsonschema import Draft7Validator

from course_support import places
from course_support.cli import main
from course_support.quiz.kinds import KINDS
from course_support.quiz.schema import NAME, refresh, schema, text

FILES = sorted(places.QUESTIONS.glob("*.toml"))


@pytest.fixture(scope="module")
def validator():
    Draft7Validator.check_schema(schema())
    return Draft7Validator(schema())


def test_published_schema_is_the_one_that_the_tables_make():
    said, fresh = refresh(write=False)
    assert fresh, said


def test_stale_schema_is_said_and_written_anew(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(places, "QUESTIONS", tmp_path)
    assert main(["schema", "--check"]) == 1
    assert "is stale. Write it anew: python3 course.py schema" in capsys.readouterr().out
    assert main(["schema"]) == 0
    assert json.loads((tmp_path / NAME).read_text("utf-8")) == schema()
    assert main(["schema", "--check"]) == 0


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_of_the_bank_follows_the_schema_and_names_it(validator, path):
    written = path.read_text("utf-8")
    errors = list(validator.iter_errors(tomllib.loads(written)))
    assert [f"{list(error.path)}: {error.message}" for error in errors] == []
    assert written.startswith(f"#:schema ./{NAME}\n")


def test_every_kind_follows_the_schema(validator, kinds_text, bank_text):
    for written in (kinds_text(), bank_text):
        errors = validator.iter_errors(tomllib.loads(written))
        assert [f"{list(error.path)}: {error.message}" for error in errors] == []


def entry(kinds_text, name):
    return tomllib.loads(kinds_text(name))


@pytest.mark.parametrize("name", ["choices", "order", "predict", "line", "match", "repair"])
def test_missing_or_unknown_key_is_refused_as_by_the_lint(validator, kinds_text, name):
    data = entry(kinds_text, name)
    for key in KINDS[name].required - {"id", "kind"}:
        lacking = copy.deepcopy(data)
        del lacking["question"][0][key]
        assert not validator.is_valid(lacking), key
    data["question"][0]["secton"] = "x"
    assert not validator.is_valid(data)


@pytest.mark.parametrize(
    ("key", "value"),
    [("kind", "quiz"), ("level", "simple"), ("section", "play"), ("source", ["A-Q9"]),
     ("hints", "one"), ("attempts", 0), ("prompt", "")],
)  # fmt: skip
def test_value_that_cannot_be_is_refused(validator, kinds_text, key, value):
    data = entry(kinds_text, "predict")
    data["question"][0][key] = value
    assert not validator.is_valid(data)


def test_schema_says_what_each_key_is_for():
    for rule in schema()["properties"]["question"]["items"]["allOf"]:
        for name, field in rule["then"]["properties"].items():
            assert field["description"], name
    assert json.loads(text()) == schema()
