"""The entry of the command line."""

from __future__ import annotations

import subprocess
import sys

INTERRUPTED = """
import sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "samewire.cli":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
from samewire.__main__ import main
main()
"""


def test_an_interrupt_during_the_imports_ends_it_without_a_trace() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
