"""Run the committed notebooks anew, in place, from a fresh kernel each: text, tables and pictures are kept.

What a run draws is compared with what is kept by `make test` (conftest.py). `make diff` shows changes of notebooks
without their pictures.
"""

import sys
from pathlib import Path

import nbformat
from crosscity.files import restart_in_utf8
from crosscity.files.atomic import write_whole
from crosscity.project.pipeline import join_streams
from nbconvert.preprocessors import ExecutePreprocessor

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


def renew(path):
    """Run one notebook and write it back."""
    notebook = nbformat.read(path, as_version=4)
    ExecutePreprocessor(timeout=600, kernel_name="python3").preprocess(notebook, {"metadata": {"path": str(NOTEBOOKS)}})
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        cell.get("outputs", [])[:] = join_streams(cell.get("outputs", []))
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    write_whole(path, (nbformat.writes(notebook) + "\n").encode())


if __name__ == "__main__":
    restart_in_utf8()
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        if not sys.argv[1:] or path.stem in sys.argv[1:]:
            print(path.name)
            renew(path)
