"""Runs the notebook from the start: ``python notebooks/execute.py [file]`` keeps its output.

Without a file it is the committed notebook that is written, its pictures made small.
"""

import base64
import io
import os
import sys
import tempfile
from pathlib import Path

import nbformat
from build import build
from nbclient import NotebookClient
from nbformat import NotebookNode

COMMITTED = Path(__file__).with_name("customer_segmentation.ipynb")
SECONDS = 180
COLOURS = 128


def executed() -> NotebookNode:
    """The notebook with fresh output; a cell that fails raises."""
    notebook = build()
    with tempfile.TemporaryDirectory() as empty:
        os.environ["IPYTHONDIR"] = empty
        client = NotebookClient(
            notebook,
            timeout=SECONDS,
            resources={"metadata": {"path": empty}},
            record_timing=False,
            extra_arguments=["--log-level=ERROR"],
        )
        client.execute()
    notebook["metadata"]["language_info"] = {"name": "python"}
    return notebook


def small_png(png: bytes) -> bytes:
    """The picture with a palette, which is a third of its size and looks the same."""
    from PIL import Image

    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT)
    out = io.BytesIO()
    picture.save(out, format="PNG", optimize=True)
    return out.getvalue()


def shrink(notebook: NotebookNode) -> None:
    """Make every picture small, in place."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "image/png" in data:
                small = small_png(base64.b64decode(data["image/png"]))
                data["image/png"] = base64.b64encode(small).decode("ascii")


def main() -> None:
    """Run the notebook and write it."""
    notebook = executed()
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else COMMITTED
    if target == COMMITTED:
        shrink(notebook)
    nbformat.validate(notebook)
    target.write_text(nbformat.writes(notebook, version=4) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
