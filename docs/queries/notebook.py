"""Runs the notebook that is given on stdin, in the working directory, and prints it with its outputs."""

import sys

import nbclient
import nbformat

notebook = nbformat.read(sys.stdin, as_version=4)
nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3", record_timing=False).execute()
for cell in notebook.cells:
    if "outputs" in cell:  # what libraries say on stderr depends on the machine, such as that a font cache is being built
        cell.outputs = [o for o in cell.outputs if o.get("name") != "stderr"]
nbformat.write(notebook, sys.stdout)
