"""What can be set: types, limits, and a file of parameters with its mistakes."""

import ast
import json
import re

import pytest
from crosscity import CrosscityError
from crosscity.study.parameters import PARAMETERS, check_parameters, notebook_parameters, read_parameters

from tests.conftest import PROJECT

NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))


def refused(values, *messages):
    with pytest.raises(CrosscityError) as error:
        check_parameters(values, "study.yaml")
    for message in messages:
        assert message in str(error.value)
    return str(error.value)


WRONG = {
    "by": [1, True, None, ["city"], {}],
    "variants": ["joined", True, None],
    "stopwords": [0, False, None, ["a.txt"]],
    "dictionary": [3.5, None],
    "k": ["8", 8.0, True, None, [8], 101, -8, 10**30],
    "ks": [8, [], ["8"], [1], [8, 201], [8.0], [True], None, "8 12"],
    "resamples": [1, 1001, "10", 10.0],
    "refits": [4, 1001, None],
    "method": ["NMF", "", 1, None, ["nmf"]],
    "template": [-0.1, 1.1, "0.2", True, None],
    "codebook": [1, None, ["a.tsv"]],
    "labels": [0, None],
    "answers": [0, None, []],
    "terms": ["10", 2, 31, 10.5, False],
    "min_df": [0, 1001, 3.0, "3"],
    "min_tokens": [0, 101, True],
    "permutations": [198, 100000, "1999"],
    "baseline": ["city-reports", "", 1, None],
    "match": ["genre", [1], {"genre": 1}, None],
    "measure": ["euclid", "", 1, None],
    "window": [0, 51, 5.0],
    "a": [1978, None, ["随州"]],
    "b": [True, {}],
    "length": [11, 1001, "30"],
    "similarity": [0.66, 1.01, "0.7", True],
    "references": [1, None, []],
    "questions": [1, None, ["party"]],
    "coding": [0, {}, None],
    "splits": [19, 2001, None],
    "specifications": [7, 5001, 32.0],
    "seed": [-1, 2**31, 1.0, "1", True],
    "draws": [49, 20001, "200"],
    "max_profiles": [-1, 10001, None],
    "max_df": ["0.3", 1.01, -1, True, float("nan"), float("inf"), None],
    "prior": ["500", 0.99, 1e7, True, float("nan")],
    "hmm": ["true", 1, 0, None, "no"],
    "read_seconds": [0, 86_401, 1.5, "60", None, True],
    "read_memory": [49, 10**6 + 1, "2000", None],
    "width": ["wide", 7.2, None, True],
    "language": ["de", "EN", 1, None, ["en"]],
    "mask_places": ["true", 1, 0, None, "no"],
    "kinds": ["body", [], ["corpse"], [1], {"body": 1}, None, ["body", "heads"], ("body",)],
    "profiles": ["合肥", [2014], [None], {"合肥": 1}],
    "only": [
        "city",
        ["city"],
        None,
        {1: "x"},
        {"city": None},
        {"city": {"a": 1}},
        {"pilot": True},
        {"city": ["合肥", None]},
        {"city": [["合肥"]]},
    ],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in WRONG.items() for v in values])
def test_a_value_of_the_wrong_type_or_range_is_refused_by_name(name, value):
    message = refused({name: value})
    assert message.startswith(f"study.yaml: {name} is {value!r}; ")
    assert len(message) > len(f"study.yaml: {name} is {value!r}; ") + 10


def test_every_parameter_has_wrong_values_here():
    assert set(WRONG) == set(PARAMETERS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("k", 2),
        ("k", 100),
        ("terms", 3),
        ("terms", 30),
        ("max_df", 1),
        ("max_df", 0.01),
        ("prior", 1),
        ("seed", 0),
        ("seed", 2**31 - 1),
        ("draws", 50),
        ("hmm", True),
        ("kinds", ["title", "byline", "heading", "body", "note"]),
        ("profiles", ["合肥", "a/b"]),
        ("only", {"genre": "news feature", "year": [2014, "2018"], "score": 1.5}),
        ("by", "任何一列"),
    ],
)
def test_a_value_within_the_limits_is_taken(name, value):
    assert check_parameters({name: value})[name] == value


def test_the_message_says_what_is_allowed():
    refused({"k": 200}, "study.yaml: k is 200; give a whole number from 0 to 100")
    refused({"max_df": 2}, "max_df is 2; give a number from 0 to 1")
    refused({"ks": [1]}, "ks is [1]; give whole numbers from 2 to 200, such as [3, 5, 8]")
    refused({"method": "bertopic"}, "the choices are nmf, minibatch, lda, gibbs")
    refused({"hmm": "yes"}, "hmm is 'yes'; give true or false")
    refused({"by": 2014}, "by is 2014; give text; put quotes around it")
    refused({"kinds": ["corpse"]}, "kinds is ['corpse']; the choices are title, byline, heading, body, note")
    refused({"only": {"pilot": True}}, "True is neither text nor a number; put quotes around it")


@pytest.mark.parametrize(
    ("wrong", "meant"), [("min_dif", "min_df"), ("stopword", "stopwords"), ("K", None), ("prioor", "prior")]
)
def test_an_unknown_name_comes_with_a_suggestion(wrong, meant):
    message = refused({wrong: 1}, f"there is no parameter {wrong!r}: ")
    if meant:
        assert message.endswith(f"did you mean {meant!r}?")
    else:
        assert all(name in message for name in PARAMETERS)


def test_all_problems_are_said_at_once():
    message = refused({"k": "8", "draws": 1, "topics": 3, "seed": 5})
    assert message.startswith("3 problems:\n")
    lines = message.splitlines()[1:]
    for line, start in zip(lines, ("k is '8'; ", "draws is 1; ", "there is no parameter 'topics': "), strict=True):
        assert line.startswith(f"  - study.yaml: {start}")


def test_defaults_are_filled_in():
    values = check_parameters({"k": 5})
    assert values == {name: p.default for name, p in PARAMETERS.items()} | {"k": 5}
    assert all(check_parameters({name: p.default})[name] == p.default for name, p in PARAMETERS.items())


def test_whole_numbers_become_floats_where_the_default_is_one():
    assert isinstance(check_parameters({"prior": 200})["prior"], float)
    assert isinstance(check_parameters({"max_df": 1})["max_df"], float)
    assert type(check_parameters({})["k"]) is int
    assert check_parameters({})["hmm"] is False


def test_changing_what_one_run_got_changes_no_default():
    check_parameters({})["kinds"].append("note")
    check_parameters({})["only"]["city"] = "合肥"
    assert PARAMETERS["kinds"].default == ["body"]
    assert check_parameters({})["only"] == {}
    given = {"kinds": ["body"]}
    check_parameters(given)["kinds"].append("note")
    assert given == {"kinds": ["body"]}


def yaml_file(tmp_path, text):
    path = tmp_path / "我的 study.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


@pytest.mark.parametrize(
    "text",
    [
        "k: 5\nby: 体裁\nonly:\n  city: [合肥, 盐城]\n",
        "\ufeffk: 5\r\nby: '体裁'\r\nonly: {city: [合肥, 盐城]}\r\n",
        "# 主题数\nk: 5   # five\nby: 体裁\nonly: {'city': ['合肥', '盐城']}",
    ],
)
def test_a_file_is_read_with_its_defaults(tmp_path, text):
    values = read_parameters(yaml_file(tmp_path, text))
    assert (values["k"], values["by"], values["only"]) == (5, "体裁", {"city": ["合肥", "盐城"]})
    assert values["seed"] == 1


@pytest.mark.parametrize("text", ["", "# nothing is set\n", "---\n"])
def test_a_file_that_sets_nothing_gives_the_defaults(tmp_path, text):
    assert read_parameters(yaml_file(tmp_path, text)) == check_parameters({})


@pytest.mark.parametrize("path", sorted((PROJECT / "params").glob("*.yaml")), ids=lambda p: p.name)
def test_the_files_that_come_with_the_suite_are_right(path):
    assert read_parameters(path)["seed"] == 1


def test_an_absent_file(tmp_path):
    with pytest.raises(CrosscityError, match=r"absent\.yaml is not there: give a file of parameters"):
        read_parameters(tmp_path / "absent.yaml")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("k: 8\nby: [city\nterms: 5\n", 3),
        ("k: 8\n\tby: city\n", 2),
        ("k: 8\nby: 'city\n", 3),
        ("k: 8\nby: city: year\n", 2),
        ("by: *nobody\n", 1),
    ],
)
def test_a_mistake_in_the_yaml_is_said_with_its_line(tmp_path, text, line):
    path = yaml_file(tmp_path, text)
    with pytest.raises(CrosscityError, match=f"^{re.escape(str(path))}, line {line} is not YAML .*: correct the line$"):
        read_parameters(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [("only: {date: 2014-13-01}\n", "is not YAML"), ("k: 8\x00\n", r"is binary \(it holds zero bytes\)")],
)
def test_dates_and_bytes_that_cannot_be_are_refused(tmp_path, text, said):
    with pytest.raises(CrosscityError, match=said):
        read_parameters(yaml_file(tmp_path, text))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_in_any_encoding_and_with_any_line_ends(tmp_path, encoding, end):
    path = tmp_path / "p.yaml"
    path.write_bytes("# 參數\nk: 9\nonly: {city: [臺北, 高雄]}\n".replace("\n", end).encode(encoding))
    values = read_parameters(path)
    assert (values["k"], values["only"]) == (9, {"city": ["臺北", "高雄"]})


@pytest.mark.parametrize("text", ["- k\n- 8\n", "k 8\n", "8\n", "false\n", "[]\n", "0\n", "''\n"])
def test_what_is_no_mapping_is_refused(tmp_path, text):
    with pytest.raises(CrosscityError, match="must hold lines such as 'k: 8', one parameter a line"):
        read_parameters(yaml_file(tmp_path, text))


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system ['touch {}']",
        "!!python/object/apply:subprocess.check_call [[touch, '{}']]",
        "!!python/object/new:os.system ['touch {}']",
        "!!python/name:os.system",
        "!!python/module:os",
        "!!python/tuple [a, b]",
    ],
)
def test_python_in_the_yaml_is_refused_and_not_run(tmp_path, tag):
    trace = tmp_path / "ran"
    with pytest.raises(CrosscityError, match=r"line 2 is not YAML \(could not determine a constructor for the tag"):
        read_parameters(yaml_file(tmp_path, f"k: 8\nby: {tag.format(trace)}\n"))
    assert not trace.exists()


def test_a_date_without_quotes_is_refused_with_the_remedy(tmp_path):
    with pytest.raises(
        CrosscityError, match=r"datetime\.date\(2014, 8, 9\) is neither text nor a number; put quotes around it"
    ):
        read_parameters(yaml_file(tmp_path, "only: {date: 2014-08-09}\n"))


def test_what_is_accepted_can_be_written_as_json(tmp_path):
    """The plan hands parameters to notebooks as JSON."""
    values = read_parameters(
        yaml_file(tmp_path, "only: {date: '2014-08-09', year: [2014, 2015]}\nkinds: [body, note]\n")
    )
    assert json.loads(json.dumps(values)) == values


def test_a_notebook_takes_its_own_parameters_alone():
    values = check_parameters({"k": 5})
    assert notebook_parameters("01-corpus", values) == {"by": "auto", "only": {}, "language": "en", "width": "page"}
    limits = {"read_seconds": 60, "read_memory": 2000}
    assert notebook_parameters("build", values) == {"codebook": "", "dictionary": "", "hmm": False, **limits}
    assert notebook_parameters("plan", values) == {"profiles": [], "max_profiles": 12}
    assert notebook_parameters("03-topics", values)["k"] == 5
    assert notebook_parameters("no such", values) == {}


def test_every_parameter_is_some_notebook_s_or_step_s():
    known = {p.stem for p in NOTEBOOKS} | {"build", "plan"}
    for name, parameter in PARAMETERS.items():
        assert set(parameter.notebooks.split()) <= known, name
        assert parameter.notebooks, name
        assert parameter.description, name


def cells(path):
    return [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]


def set_in(path):
    """What the cell tagged `parameters` sets, read without running it."""
    (cell,) = [c for c in cells(path) if "parameters" in c["metadata"].get("tags", [])]
    tree = ast.parse("".join(cell["source"]))
    assert all(isinstance(node, ast.Assign) and len(node.targets) == 1 for node in tree.body)
    return {node.targets[0].id: ast.literal_eval(node.value) for node in tree.body}


def test_there_are_notebooks():
    assert [p.stem for p in NOTEBOOKS][:5] == ["01-corpus", "02-terms", "03-topics", "04-compare", "05-profile"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_sets_what_it_takes_with_the_same_defaults(path):
    expected = {n: p.default for n, p in PARAMETERS.items() if path.stem in p.notebooks.split()}
    found = set_in(path)
    assert found.pop("tables") == ""
    assert found.pop("out") == ""
    found.pop("group", None)
    assert found == expected
    assert {n: type(v) for n, v in found.items()} == {n: type(v) for n, v in expected.items()}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_hands_all_it_sets_to_its_study(path):
    second = cells(path)[1]["source"]
    calls = [node for node in ast.walk(ast.parse("".join(second))) if isinstance(node, ast.Call)]
    assert [ast.unparse(node) for node in calls if getattr(node.func, "id", "") == "open_study"] == [
        f"open_study(globals(), {path.stem!r})"
    ]


def test_a_file_beside_the_parameters_goes_before_one_in_the_suite(tmp_path):
    """What is there, counted from the file's folder, is meant; else the name counts from the suite's folder."""
    study = tmp_path / "我的 study's"
    (study / "lists").mkdir(parents=True)
    (study / "lists/stop.txt").write_text("党建\n", encoding="utf-8")
    (study / "answers").mkdir()
    (study / "party").mkdir()  # the name of a shipped codebook stays one, whatever lies there
    path = study / "params.yaml"
    path.write_text(
        "stopwords: lists/stop.txt\nanswers: answers\ndictionary: params/terms.tsv\n"
        "codebook: party\nreferences: /a/b\n",
        encoding="utf-8",
    )
    values = read_parameters(path)
    assert values["stopwords"] == str(study / "lists/stop.txt")
    assert values["answers"] == str(study / "answers")
    assert (values["dictionary"], values["codebook"]) == ("params/terms.tsv", "party")
    assert (values["references"], values["labels"]) == ("/a/b", "")


def test_a_file_beside_the_parameters_counts_from_there_wherever_one_stands(tmp_path, monkeypatch):
    (tmp_path / "study").mkdir()
    (tmp_path / "study/stop.txt").write_text("党建\n", encoding="utf-8")
    (tmp_path / "study/params.yaml").write_text("stopwords: stop.txt\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert read_parameters("study/params.yaml")["stopwords"] == str(tmp_path / "study/stop.txt")


def test_a_file_within_the_suite_stays_relative_to_it(monkeypatch):
    """So that the record of a run names no path of one machine."""
    beside = sorted((PROJECT / "params").glob("*.yaml"))[0]
    monkeypatch.setattr("crosscity.files.parse_yaml", lambda text, path: {"stopwords": beside.name})
    assert read_parameters(beside)["stopwords"] == f"params/{beside.name}"


def test_a_path_that_can_be_none_stays_as_it_is(tmp_path):
    long = "x" * 5000
    assert read_parameters(yaml_file(tmp_path, f"stopwords: {long}\n"))["stopwords"] == long
