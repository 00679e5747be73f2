"""nbval compares pictures too: bytes where they are the same, else what a reader would see."""

import base64
import copy
import io

from crosscity.project.verify import same_picture


def pytest_collectstart(collector):
    """Have nbval look at the PNG of each output; it skips them unless told."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare = tuple(kind for kind in collector.skip_compare if kind != "image/png")


def pytest_itemcollected(item):
    """Let a picture that agrees with the committed one pass as that one, cell by cell."""
    if not hasattr(item, "compare_outputs"):
        return
    compare = item.compare_outputs

    def compared(test, reference, *rest, **named):
        return compare(with_agreeing_pictures(test, reference), reference, *rest, **named)

    item.compare_outputs = compared


def with_agreeing_pictures(outputs, references):
    """Outputs of a run, with the committed picture in place of each that agrees with it."""
    pictures = [data["image/png"] for data in map(_data, references) if "image/png" in data]
    found = []
    for output in outputs:
        if "image/png" in _data(output) and pictures:
            former = pictures.pop(0)
            if same_picture(_bytes(former), _bytes(output["data"]["image/png"])):
                output = copy.deepcopy(output)
                output["data"]["image/png"] = former
        found.append(output)
    return found


def _data(output):
    return output.get("data", {})


def _bytes(text):
    return io.BytesIO(base64.b64decode(text))
