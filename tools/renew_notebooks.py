"""Run the committed notebooks anew, in place, from a fresh kernel each; text outputs are kept, pictures are not.

Pictures would make every renewal a large change, and nbval does not compare them.
"""

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
        for output in cell.get("outputs", []):
            for kind in ("image/png", "image/svg+xml"):
                output.get("data", {}).pop(kind, None)
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    write_whole(path, (nbformat.writes(notebook) + "\n").encode())


if __name__ == "__main__":
    restart_in_utf8()
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        print(path.name)
        renew(path)
