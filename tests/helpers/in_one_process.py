"""`make` on a corpus in one process: python tests/helpers/in_one_process.py CORPUS OUT PARAMS

Each step is the one that the Makefile calls; only the kernels, which take longer to start than most notebooks to run,
are spared: cells run one after the other in a fresh namespace. Figures are drawn once, as PNG, which has limits of size
that SVG has not. A glyph that no font has is an error.
"""

import sys
import warnings
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from crosscity.cli import app
from crosscity.figures.style import MissingGlyphWarning
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib.figure import Figure
from nbformat import v4
from papermill.engines import Engine, papermill_engines


class OneProcess(Engine):
    """What papermill runs notebooks with here; an error in a cell ends it all, with its traceback."""

    @classmethod
    def execute_managed_notebook(cls, manager, kernel_name, **ignored):
        shell = InteractiveShell.instance(colors="NoColor", quiet=True)
        shell.reset(new_session=True)
        for i, cell in enumerate(manager.nb.cells):
            if cell.cell_type == "code":
                manager.cell_start(cell, i)
                cell.outputs = _run(shell, cell.source)
                manager.cell_complete(cell, i)
                plt.close("all")


def _run(shell, source):
    with capture_output() as said:
        done = shell.run_cell(source)
    done.raise_error()
    outputs = [v4.new_output("stream", name="stdout", text=said.stdout)] if said.stdout else []
    if done.result is not None:
        data, about = shell.display_formatter.format(done.result)
        outputs.append(v4.new_output("execute_result", data=data, metadata=about))
    return outputs


def _png_alone(savefig):
    def save(figure, path, **settings):
        if hasattr(path, "write"):  # the picture that a notebook shows
            savefig(figure, path, **settings)
        elif Path(path).suffix == ".svg":
            Path(path).write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
        elif Path(path).suffix == ".pdf":
            Path(path).write_text("%PDF-1.4\n%%EOF\n", encoding="utf-8")
        else:
            savefig(figure, path, **settings)

    return save


def main(corpus, out, parameters):
    """Tables, notebooks and report; what the commands say goes to stdout."""
    mpl.use("agg")
    Figure.savefig = _png_alone(Figure.savefig)
    warnings.simplefilter("error", MissingGlyphWarning)
    papermill_engines.register(None, OneProcess)
    out, state = Path(out), Path(out) / "state"
    folders = ["--tables", str(out / "processed"), "--reports", str(out / "reports")]
    stamps = ["--state", str(state), "--params", parameters]
    app(["build", corpus, "--out", str(out / "processed"), *stamps], standalone_mode=False)
    app(["plan", *folders, *stamps], standalone_mode=False)
    for about in sorted((state / "parameters").glob("*.json")):
        app(["run", about.stem, "--state", str(state)], standalone_mode=False)
    app(["report", *folders, *stamps], standalone_mode=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
