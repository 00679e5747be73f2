"""Tables of a paper keep within the text: by their widths, and as XeLaTeX sets them."""

import shutil
import subprocess

import pytest
from crosscity.pages import FONT_FILE
from crosscity.project.paper_tables import column_widths, fitting_rows, html_table, latex_table, shortened, text_width

LONG = "党建引领基层治理的做法和成效" * 3
HEADINGS = ["document", "reason & 50%", "in 1,000 words", "count_elsewhere", "share"]
ROWS = [
    ["合肥", LONG, "12.5", "1,234", "12.3%"],
    [
        "a_name_of_a_file_that_is_as_long_as_a_line_of_text.txt",
        "grassroots party-building organisation",
        "–",
        "3",
        "0%",
    ],
    ["", "{brace} ~^\\", "<0.001", "-0.5", "100%"],
    ["d105933ab2dfe9f9d105933ab2dfe9f9d105933ab2df", "x" * 70, "n" * 50, "1", "2"],
]
PAPER = r"""\documentclass{article}
\usepackage{booktabs,graphicx,longtable,array,fontspec}
\setmainfont{%s}[Path=%s/]
\XeTeXlinebreaklocale "zh"
\begin{document}
%s
\end{document}
"""


def test_shares_of_the_width_add_up_to_one():
    for rows in (ROWS, [], [["1", "2", "3", "4", "5"]]):
        widths = column_widths(HEADINGS, rows)
        assert sum(widths) == pytest.approx(1, abs=0.001)
        assert all(width > 0 for width in widths)


def test_what_is_longer_gets_more_room():
    # By hand: "a" and "1" take 1 and 2 letters more, so does "words"; 23 letters want 24 of a line of 64.
    widths = column_widths(["a", "b", "c"], [["1", LONG, "words"]])
    assert widths[1] > widths[2] > 0.05
    assert widths[1] > 0.7


def test_a_cell_is_cut_by_what_it_takes():
    assert text_width("党建 a") == 6
    assert shortened("党建工作" * 20, 21) == "党建工作党建工作党建…"
    assert shortened("short", 5) == "short"


def test_long_rows_leave_room_for_fewer():
    widths = [0.5, 0.5]
    assert fitting_rows([["a", "b"]] * 20, widths) == 20
    # 30 letters a line and column: 120 letters take 4 lines, of which 42 hold ten rows.
    assert fitting_rows([["a", "b" * 120]] * 20, widths) == 10
    assert fitting_rows([["a", "b" * 9000]], widths) == 1


def test_text_of_documents_is_text():
    assert "<td>&lt;b&gt;</td>" in html_table("<i>", ["a"], [["<b>"]])
    assert r"\{brace\} \textasciitilde{}\textasciicircum{}\textbackslash{}" in latex_table("x", "c", HEADINGS, ROWS)


@pytest.mark.parametrize("rows", [ROWS, ROWS * 20, [], [["", "", "", "", ""]]], ids=["few", "many", "none", "empty"])
def test_xelatex_sets_no_line_beyond_the_text(tmp_path, rows):
    xelatex = shutil.which("xelatex")
    if not xelatex:
        pytest.skip("no xelatex is on the PATH: widths alone were looked at")
    text = latex_table("a", "A caption of 50%", HEADINGS, rows)
    assert (r"\begin{longtable}" in text) == (len(rows) > 40)
    (tmp_path / "a.tex").write_text(PAPER % (FONT_FILE.name, FONT_FILE.parent, text), encoding="utf-8")
    done = subprocess.run(
        [xelatex, "-interaction=nonstopmode", "-halt-on-error", "a.tex"], cwd=tmp_path, capture_output=True, check=False
    )
    log = (tmp_path / "a.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, log[-2000:]
    assert [line for line in log.splitlines() if line.startswith(("Overfull", "LaTeX Warning: Float too large"))] == []
