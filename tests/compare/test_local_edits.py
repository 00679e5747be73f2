"""Which words a document puts in the place of a source's: by hand."""

import pytest
from crosscity.compare.local_edits import Edit, local_edits


@pytest.mark.parametrize(
    ("source", "document", "marked", "edits"),
    [
        ("推进城乡融合发展", "推进城乡融合发展，", "推进城乡融合发展，", []),
        ("推进城乡融合发展", "推进县域融合发展", "推进[城乡→县域]融合发展", [("城乡", "县域")]),
        ("推进城乡融合发展", "推进城乡产业融合发展", "推进城乡[+产业]融合发展", [("", "产业")]),
        ("推进城乡产业融合发展", "推进城乡融合发展", "推进城乡[−产业]融合发展", [("产业", "")]),
        # What only one has at an end is no part of the passage.
        ("因此推进城乡融合发展", "推进城乡融合发展，同时", "推进城乡融合发展，", []),
        ("增长6.5%左右，争取更好", "增长5%左右，争取更好", "增长[6.5%→5%]左右，争取更好", [("6.5%", "5%")]),
    ],
)
def test_edits(source, document, marked, edits):
    assert local_edits(source, document) == (marked, [Edit(*edit) for edit in edits])


def test_case_and_spaces_are_no_edits():
    assert local_edits("建设5G 网络平台", "建设5g网络平台")[1] == []
