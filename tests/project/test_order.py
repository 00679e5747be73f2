"""The order of files decides nothing: documents named the other way round give the same results, but for their names.

The embedded documents are always looked at, the real corpora where they stand beside the checkout; of these, some of
the documents. bench/order.py runs whole studies both ways.
"""

import csv
import importlib.util
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from crosscity import ordering
from crosscity.compare import (
    answers,
    arithmetic,
    collocations,
    confounding,
    correspondence,
    distances,
    indicators,
    keyness,
    network,
    programmes,
    questions,
    shifts,
    stances,
    targets,
)
from crosscity.facts.coding import draw_sample
from crosscity.files import frame_to_csv
from crosscity.project.export import export
from crosscity.study import check_parameters
from crosscity.study.grouped_corpus import GroupedCorpus
from crosscity.study.groups import document_label
from crosscity.tables import TABLES, build, builder, cleaning_summary, read_table
from crosscity.tables.audit import oddities
from crosscity.tables.edition import csv_text
from crosscity.topics import intruders, labels, models, prevalence, quality
from crosscity.words import new_terms, reuse

from tests.conftest import CORPORA, PROJECT, SHARED

_spec = importlib.util.spec_from_file_location("bench_order", PROJECT / "bench" / "order.py")
bench = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(bench)

SOME = 12  # documents of a real corpus


def some_documents(corpus, out):
    """A copy of a corpus with some of its documents, evenly spaced."""
    out.mkdir()
    files = sorted(p for p in corpus.iterdir() if p.name != "corpus.csv")
    chosen = files[:: max(1, len(files) // SOME)][:SOME]
    for path in chosen:
        if path.suffix == ".jsonl":
            lines = path.read_text(encoding="utf-8").splitlines()
            (out / path.name).write_text("\n".join(lines[:: max(1, len(lines) // SOME)][:SOME]), encoding="utf-8")
        else:
            shutil.copy(path, out)
    if (corpus / "corpus.csv").is_file():
        with (corpus / "corpus.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["file"] in {p.name for p in chosen}]
        pd.DataFrame(rows).to_csv(out / "corpus.csv", index=False)
    return out


def as_text(value):
    """A result in all its digits: what is rounded may hide a sum in another order."""
    if isinstance(value, pd.DataFrame):
        return frame_to_csv(value.reset_index(), repr)
    if isinstance(value, tuple):
        return "\n".join(map(as_text, value))
    return repr(np.asarray(value).tolist())


def results(corpus, out):
    """What the functions behind the notebooks give, as text by name."""
    build(corpus, out / "tables", progress=False)
    made = {f"table {name}": csv_text(read_table(name, out / "tables")) for name in TABLES}
    run = GroupedCorpus(out / "tables", check_parameters({"seed": 1}))
    paragraphs = run.paragraphs(run["kinds"])
    whole, document, group = run.paragraphs(), paragraphs["doc_id"], paragraphs["group"]
    counts, terms = run.counts(paragraphs)
    groups, size = run.groups(), paragraphs["n_chars"]
    found = {"groups": pd.DataFrame({"group": groups}), "labels": document_label(run.corpus).to_frame("label")}
    found |= {"audit": oddities(run.corpus, run.table("paragraphs"), run.table("cleaning_log"))}
    found |= {"cleaning": cleaning_summary.summary(run.table("cleaning_log"))}
    found |= {"confounding": confounding.column_associations(run.corpus, run.by)}

    pairs = reuse.matches(paragraphs)
    places = reuse.passages(pairs, paragraphs, run.corpus)
    strips = reuse.strips(pairs, places, paragraphs)
    found |= {"matches": pairs, "passages": places, "strips": strips, "coverage": reuse.coverage(strips)}
    found |= {"pairs": reuse.pairwise_reuse(pairs, paragraphs), "formulas": run.texts.formulas(paragraphs)[0]}
    found |= {"template": pd.DataFrame({"masked": run.texts.template_mask(paragraphs)})}
    found |= {"new terms": new_terms.candidates(paragraphs, limit=300)}

    settings = {"permutations": 99, "strata": run.strata(paragraphs)}
    for name in groups[:2]:
        found[f"keyness {name}"] = table = keyness.keyness(counts, terms, document, group, name, **settings)
        found[f"neighbours {name}"] = distances.neighbours(counts, group, name, draws=20)
    found["shift"] = shifts.shift(counts, terms, document, group, *groups[:2], draws=20)
    found["divergence"] = shifts.divergence(counts, document, group, *groups[:2], permutations=99)
    found["distances"] = distances.distances(counts, group)
    found["tree"] = distances.cluster_tree(distances.equal_distances(counts, group, draws=20))
    words = sorted(table.sort_values(["count", "term"], ascending=[False, True])["term"].head(20))
    found["collocations"] = collocations.collocations(paragraphs, terms, words[:5])
    found["kwic"] = collocations.kwic(paragraphs, words[:5], max_lines=7)
    found["nodes"], found["edges"] = network.network(counts, terms, document, words, draws=20)
    found["map"] = correspondence.correspondence(counts, terms, group)

    model = models.fit(counts, terms, 5)
    found["model"] = model
    found["representatives"] = labels.representative_paragraphs(model, paragraphs, size)
    found["prevalence"] = prevalence.prevalence(model, group, size)
    if len(run.corpus) > 5:
        found["k"] = quality.choose_k(counts, terms, document, [3, 5], resamples=2, jobs=1).drop(columns="seconds")
    asked = intruders.make_tasks(model, paragraphs, 10, 1)
    found |= {"intruders": asked.questions, "intruders' key": asked.key}

    facts, body = run.facts(whole), whole[whole["kind"] == "body"].reset_index(drop=True)
    of_facts = [facts[name] for name in ("themes", "stances", "quantities", "programmes")]
    own = run.corpus
    found["indicators"] = indicators.indicators(facts["quantities"], whole, own)
    found["targets"], found["missing"] = targets.results_and_targets(found["indicators"], own)
    found["arithmetic"] = arithmetic.implied_values(facts["quantities"], whole)
    found["programmes"] = programmes.programme_table(facts["programmes"], own)
    found["answers"] = answers.answer_matrix(body, *of_facts, own, questions.choose_questions("", own, facts["themes"]))
    found["stances"] = stances.stance_shares(*of_facts[:2], body)
    found["causes"] = stances.causes(*of_facts[:2], body)
    sample = draw_sample({**facts, "paragraphs": whole}, dict(zip(own["doc_id"], own["group"], strict=True)), n=20)
    found |= {"coding": sample.key, **{f"sheet {name}": sheet for name, sheet in sample.sheets.items()}}

    for path in export(out / "tables", out / "edition"):
        if path.suffix == ".csv":
            made[f"edition {path.name}"] = path.read_text(encoding="utf-8")
    return made | {name: as_text(value) for name, value in found.items()}


def differing(corpus, tmp_path):
    """Names of results that differ when the files are turned round; how many there are."""
    names = bench.turn_round(corpus, tmp_path / "turned" / corpus.name)
    first = results(corpus, tmp_path / "first")
    second = results(tmp_path / "turned" / corpus.name, tmp_path / "second")
    assert first.keys() == second.keys()
    return [name for name in first if first[name] != bench.with_former_names(second[name], names)], len(first)


def test_the_order_of_files_decides_nothing(tmp_path):
    other, n = differing(PROJECT / "data" / "raw", tmp_path)
    assert (other, n > 60) == ([], True)


@pytest.mark.parametrize("name", [*CORPORA, "policies"])  # these have no places
def test_nor_does_it_with_real_documents(name, tmp_path):
    if not (SHARED / "corpora" / name).is_dir():
        pytest.skip(f"{name} does not stand beside this checkout (../shared/corpora)")
    other, n = differing(some_documents(SHARED / "corpora" / name, tmp_path / name), tmp_path)
    assert (other, n > 60) == ([], True)


FAULTS = {  # where names decide, and some of what then differs
    "tables": (builder, "canonical_order", lambda head: (head["row"]["doc_id"],), {"table paragraphs", "model"}),
    "rows": (ordering, "_order", lambda column: column, {"indicators", "cleaning"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_order_by_names_is_seen(fault, tmp_path, monkeypatch):
    *place, differ = FAULTS[fault]
    monkeypatch.setattr(*place)
    other, _ = differing(PROJECT / "data" / "raw", tmp_path)
    assert differ <= set(other)


def test_turning_round_keeps_every_document(tmp_path):
    (tmp_path / "a").mkdir()
    for name in ("x.txt", "y.txt", "z.txt"):
        (tmp_path / "a" / name).write_text(name, encoding="utf-8")
    (tmp_path / "a" / "corpus.csv").write_text("file,city\nx.txt,甲\ny.txt,乙\nz.txt,丙\n", encoding="utf-8")
    names = bench.turn_round(tmp_path / "a", tmp_path / "b")
    turned = sorted(p.name for p in (tmp_path / "b").glob("*.txt"))
    assert [(tmp_path / "b" / name).read_text(encoding="utf-8") for name in turned] == ["z.txt", "y.txt", "x.txt"]
    assert [names[Path(name).stem] for name in turned] == ["z", "y", "x"]
    manifest = (tmp_path / "b" / "corpus.csv").read_text(encoding="utf-8").splitlines()
    assert manifest == ["file,city", "001_z.txt,丙", "002_y.txt,乙", "003_x.txt,甲"]
    assert bench.with_former_names("001_z, 003_x#12; 0031", names | {"d#1": "d#2", "d#12": "d#3"}) == "z, x#12; 0031"


def test_copies_and_documents_without_a_place_have_an_order_too(tmp_path):
    texts = ["修路八百公里，建桥二十座，全村通车，都走上了水泥路。", "种树三万棵，绿化荒山，山青水秀，农民收入增加。"]
    for folder, order in (("a", "wxyz"), ("b", "zyxw")):
        (tmp_path / folder).mkdir()
        for n, name in enumerate(order):
            (tmp_path / folder / f"{name}.txt").write_text(texts[n % 2], encoding="utf-8")
    orders = []
    for folder in "ab":
        build(tmp_path / folder, tmp_path / folder / "out", progress=False)
        orders.append(read_table("paragraphs", tmp_path / folder / "out")["text"].tolist())
    assert orders[0] == orders[1]
    assert np.unique(orders[0]).tolist() == sorted(texts)
