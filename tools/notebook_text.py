"""A notebook as text, without its pictures, for `make diff`: python tools/notebook_text.py NOTEBOOK"""

import json
import sys
from pathlib import Path


def notebook_text(notebook):
    """Cells with their source and what they print, one after the other; of a picture its size in bytes."""
    lines = []
    for cell in notebook["cells"]:
        lines += [f"## {cell['cell_type']} {cell.get('id', '')}", "".join(cell["source"])]
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            lines += [f"-- {kind}, {len(data[kind]):,} bytes" for kind in sorted(data) if kind.startswith("image/")]
            lines.append("".join(output.get("text") or data.get("text/plain", [])))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    from crosscity.files import restart_in_utf8

    restart_in_utf8()
    print(notebook_text(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), end="")
