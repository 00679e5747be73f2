"""What can be exchanged and in how many ways, all by hand; tests that use it are in test_keyness and test_shifts."""

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.inference import exchangeable_units, group_permutations, with_answers


@pytest.mark.parametrize(
    ("groups", "strata", "unit", "codes", "blocks", "of"),
    [
        ("bab", None, "document", [1, 0, 1], [0, 0, 0], [0, 1, 2]),
        # Strata sorted by name, whatever their order: x is a's, z is b's.
        ("bbaa", "zzxx", "stratum", [0, 1], [0, 0], [1, 1, 0, 0]),
        ("aabb", "xxzz", "stratum", [0, 1], [0, 0], [0, 0, 1, 1]),
        # x holds the second and the third, in their order, then z the first and the fourth.
        ("abab", "zxxz", "document within stratum", [1, 0, 0, 1], [0, 0, 1, 1], [2, 0, 1, 3]),
        ("abb", [2, 2, 1], "document within stratum", [1, 0, 1], [0, 1, 1], [1, 2, 0]),
    ],
)
def test_what_is_exchanged_stands_in_the_order_of_names(groups, strata, unit, codes, blocks, of):
    units = exchangeable_units(list(groups), None if strata is None else list(strata))
    assert (units.unit, units.groups) == (unit, ["a", "b"])
    assert (units.codes.tolist(), units.blocks.tolist(), units.unit_of.tolist()) == (codes, blocks, of)


def test_means_are_of_units_and_centred_in_their_blocks():
    values = np.array([[1.0], [3], [5], [9]])
    assert exchangeable_units(list("bbaa"), list("zzxx")).means(values).tolist() == [[7], [2]]
    units = exchangeable_units(list("abab"), list("zxxz"))
    assert units.means(values).tolist() == [[3], [5], [1], [9]]
    assert units.centred(units.means(values)).tolist() == [[-1], [1], [-4], [4]]


def test_one_group_cannot_be_compared():
    with pytest.raises(CrosscityError, match="two groups are needed to compare, not 1"):
        exchangeable_units(list("aa"))


@pytest.mark.parametrize(
    ("groups", "strata", "ways", "floor"),
    [
        ("aabb", None, 6, 2 / 6),  # as telling with the names changed
        ("aabbb", None, 10, 1 / 10),
        ("aabbcc", None, 90, 6 / 90),
        ("abab", "xxyy", 4, 2 / 4),
        ("ababb", "xxyyy", 6, 1 / 6),
    ],
)
def test_all_arrangements_and_the_smallest_p(groups, strata, ways, floor):
    units = exchangeable_units(list(groups), None if strata is None else list(strata))
    drawn, least = group_permutations(units, ways, 1)  # exactly as many as are allowed
    assert least == pytest.approx(floor)
    assert len({tuple(row) for row in drawn.tolist()}) == len(drawn) == ways
    assert units.codes.tolist() in drawn.tolist()
    for block in set(units.blocks):
        part = units.blocks == block
        assert {tuple(sorted(row)) for row in drawn[:, part].tolist()} == {tuple(sorted(units.codes[part].tolist()))}
    some, least = group_permutations(units, ways - 1, 1)
    assert len(some) == ways  # the one found, and as many as are asked for
    assert some[0].tolist() == units.codes.tolist()
    assert least == pytest.approx(max(floor, 1 / ways))


def test_answers_at_the_level_itself():
    table, p = pd.DataFrame({"term": list("甲乙")}), np.array([0.05, 0.0501])
    found = with_answers(table.copy(), p, p, 0.05, 0.95, "9 documents", "yes", "no")
    assert found["answer"].tolist() == ["yes", "no"]  # 1 - 0.95 is a little more than 0.05
    found = with_answers(table.copy(), p, p, 0.1, 0.9, "9 documents", "yes", "no")
    assert found["answer"].tolist() == ["yes", "yes"]  # 1 - 0.9 is a little less than 0.1
    found = with_answers(table, p, p, 0.06, 0.95, "9 documents", "yes", "no")
    assert found["answer"].tolist() == ["not testable with 9 documents"] * 2
    assert found["floor"].tolist() == [0.06] * 2
    assert found[["p", "p_adjusted"]].isna().all(axis=None)
