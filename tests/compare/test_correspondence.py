"""Correspondence analysis against Greenacre's published example, and regions against what they promise."""

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.compare.correspondence import confidence_ellipses, correspondence, document_frequency
from scipy import sparse

# Greenacre (1984), smoking of staff: senior managers, junior managers, senior employees, junior employees, secretaries.
STAFF = ["SM", "JM", "SE", "JE", "SC"]
SMOKING = np.array(["none", "light", "medium", "heavy"], dtype=object)
TABLE = np.array([[4, 2, 3, 2], [4, 3, 7, 4], [25, 10, 12, 4], [18, 24, 33, 13], [10, 6, 7, 2]])


def smoking():
    return correspondence(sparse.csr_array(TABLE), SMOKING, STAFF)


def test_inertia_of_the_smoking_data():
    inertia = smoking().inertia
    assert inertia["inertia"].sum() == pytest.approx(0.085190, abs=5e-7)  # chi-square 16.44 over 193
    assert inertia["inertia"].to_numpy() == pytest.approx([0.074759, 0.010017, 0.000414], abs=5e-7)
    assert inertia["share"].to_numpy() == pytest.approx([0.8776, 0.1176, 0.0049], abs=5e-5)


def test_places_of_the_smoking_data():
    # As the R package ca prints them (Nenadić and Greenacre 2007), but for the signs of axes, which are arbitrary.
    found = smoking()
    groups, terms = found.groups.set_index("group").loc[STAFF], found.terms.set_index("term").loc[SMOKING]
    x = np.array([-0.065768, 0.258958, -0.380595, 0.232952, -0.201089])
    y = np.array([0.193737, 0.243305, 0.010660, -0.057744, -0.078911])
    assert groups["x"].to_numpy() == pytest.approx(-x, abs=1e-6)  # SE contributes most to the first axis
    assert groups["y"].to_numpy() == pytest.approx(y, abs=1e-6)  # and JM to the second
    standard = np.array([-1.438471, 0.363746, 0.718017, 1.074445])
    assert terms["standard_x"].to_numpy() == pytest.approx(-standard, abs=2e-6)
    assert groups["mass"].to_numpy() == pytest.approx(TABLE.sum(axis=1) / 193)
    assert groups["contribution_x"].to_numpy() == pytest.approx([0.003, 0.084, 0.512, 0.331, 0.070], abs=5e-4)
    assert groups["shown"].to_numpy() == pytest.approx([0.893, 0.991, 1.000, 1.000, 0.999], abs=6e-4)


def test_contribution_coordinates_are_roots_of_contributions():
    terms = smoking().terms.set_index("term")
    # Of the published contributions: none 0.654, light 0.031, medium 0.166, heavy 0.150 of the first axis.
    assert np.square(terms["x"]).to_numpy() == pytest.approx([0.654, 0.031, 0.166, 0.150], abs=5e-4)
    assert terms["contribution"].sum() == pytest.approx(1)
    assert terms["contribution"]["none"] == pytest.approx((0.654 * 0.074759 + 0.029336 * 0.010017) / 0.084776, abs=5e-4)


def test_distances_in_full_space_are_chi_square_distances():
    found, share = smoking(), TABLE / TABLE.sum()
    profile = share / share.sum(axis=1, keepdims=True)
    expected = np.sqrt((np.square(profile - share.sum(axis=0)) / share.sum(axis=0)).sum(axis=1))
    assert found.groups.set_index("group").loc[STAFF, "far"].to_numpy() == pytest.approx(expected)


def test_paragraphs_are_summed_and_order_changes_nothing():
    counts = sparse.csr_array(np.concatenate([TABLE[::-1], TABLE, np.zeros((1, 4), dtype=np.int64)]))
    found = correspondence(counts, SMOKING, [*STAFF[::-1], *STAFF, "empty"])
    for one, other in zip(found, smoking(), strict=True):
        pd.testing.assert_frame_equal(one, other, atol=1e-7)


def test_what_has_no_plane_is_an_error():
    with pytest.raises(CrosscityError, match="three groups and three terms, and there are 2 and 4"):
        correspondence(sparse.csr_array(TABLE[:2]), SMOKING, STAFF[:2])


def test_documents_that_hold_a_term():
    counts = sparse.csr_array(np.array([[1, 0, 2], [1, 0, 0], [0, 3, 1]]))
    assert document_frequency(counts, ["a", "a", "b"]).tolist() == [1, 1, 2]


def sample(words, sizes, seed):
    """Documents of ten paragraphs: counts, document and group of each paragraph. Documents of a group differ."""
    rng, rows, documents, labels = np.random.default_rng(seed), [], [], []
    for group, n in sizes.items():
        for i in range(n):
            p = rng.dirichlet(200 * words[group])
            rows.append(rng.multinomial(25, p, size=10))
            documents += [f"{group}{i}"] * 10
            labels += [group] * 10
    return sparse.csr_array(np.concatenate(rows)), np.array(documents), np.array(labels, dtype=object)


def test_regions_cover_the_place_of_the_group():
    # The axes are those of the mixtures; samples are put on them. 95 of 100 ellipses must hold the mixture's place.
    rng = np.random.default_rng(8)
    words, terms = (
        {g: rng.dirichlet(np.ones(12)) for g in "甲乙丙丁"},
        np.array([f"词{i:02d}" for i in range(12)], dtype=object),
    )
    truth = correspondence(
        sparse.csr_array(np.array([np.round(1e6 * p).astype(int) for p in words.values()])), terms, list(words)
    )
    standard, true = truth.terms[["standard_x", "standard_y"]].to_numpy(), truth.groups.set_index("group")[["x", "y"]]
    inside = []
    for seed in range(50):
        counts, documents, labels = sample(words, dict.fromkeys(words, 8), seed)
        sums = {g: np.asarray(counts[labels == g].sum(axis=0)) for g in words}
        groups = [(g, *(s @ standard / s.sum())) for g, s in sums.items()]
        found = truth._replace(groups=pd.DataFrame(groups, columns=["group", "x", "y"]))
        for r in confidence_ellipses(found, counts, terms, documents, labels, 100, seed).itertuples():
            turn = np.radians(r.angle)
            dx, dy = true.loc[r.group] - [r.x, r.y]
            along, across = dx * np.cos(turn) + dy * np.sin(turn), dy * np.cos(turn) - dx * np.sin(turn)
            inside.append((along / r.major) ** 2 + (across / r.minor) ** 2 <= 1)
    assert len(inside) == 200
    assert 0.90 <= np.mean(inside) <= 0.99


def test_a_region_stands_where_its_group_does_and_few_documents_have_none():
    words = {g: np.random.default_rng(i).dirichlet(np.ones(9)) for i, g in enumerate("甲乙丙丁")}
    counts, documents, labels = sample(words, {"甲": 5, "乙": 2, "丙": 1, "丁": 1}, 1)
    keep = np.flatnonzero((labels != "丁") | (np.arange(len(labels)) % 10 < 7))  # of 丁 seven paragraphs
    terms = np.array([f"词{i}" for i in range(9)], dtype=object)
    found = correspondence(counts[keep], terms, labels[keep])
    table = confidence_ellipses(found, counts[keep], terms, documents[keep], labels[keep], 50).set_index("group")
    pd.testing.assert_frame_equal(table[["x", "y"]], found.groups.set_index("group")[["x", "y"]], atol=1e-6)
    assert table["major"].isna().to_dict() == {"甲": False, "乙": True, "丙": False, "丁": True}
    assert (table["major"].dropna() >= table["minor"].dropna()).all()
    assert table["angle"].dropna().between(0, 180).all()


def test_an_ellipse_is_that_of_the_covariance_of_the_mean_of_documents():
    # Six documents of one length: the mean's covariance is theirs over six, and T² of 5 degrees of freedom and two
    # axes has 2 * 5 / 4 F(2, 4), of which F is 6.944 (Fisher's table of 5%).
    words = {g: np.random.default_rng(i).dirichlet(np.ones(9)) for i, g in enumerate("甲乙丙丁")}
    counts, documents, labels = sample(words, dict.fromkeys(words, 6), 3)
    terms = np.array([f"词{i}" for i in range(9)], dtype=object)
    found = correspondence(counts, terms, labels)
    table = confidence_ellipses(found, counts, terms, documents, labels, 4000).set_index("group")
    standard = found.terms[["standard_x", "standard_y"]].to_numpy()
    for group in words:
        mine = [counts[documents == f"{group}{i}"].sum(axis=0) @ standard / 250 for i in range(6)]
        half = np.sqrt(np.linalg.eigvalsh(np.cov(np.array(mine).T) / 6) * 2 * 5 / 4 * 6.944)
        assert table.loc[group, ["minor", "major"]].to_numpy(dtype=float) == pytest.approx(half, rel=0.05)
