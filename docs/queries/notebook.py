"""Runs the notebook that is given on stdin, in the working directory, and prints it with its outputs."""

import sys

import nbclient
import nbformat

notebook = nbformat.read(sys.stdin, as_version=4)
nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3", record_timing=False).execute()
nbformat.write(notebook, sys.stdout)
