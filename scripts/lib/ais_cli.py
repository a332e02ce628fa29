"""Runs AIStore's command line against servers of this build: see scripts/ais-cli."""

import sys
import tempfile
from pathlib import Path

from client_suites import SUITES, run
from forebay_server import ForebayServer


def run_suite(title, program, url):
    """Runs the suite, prints its line, and returns its counts."""
    passed, failed = run(title, [sys.executable, "-B", str(SUITES / "python" / "ais_cli.py"), url, program])
    print(f"{title}: {passed} passed, {failed} failed", flush=True)
    return passed, failed


def main():
    """Exits with 1 when a check failed, or none ran."""
    program = str(Path(sys.argv[1]).resolve())
    counts = []
    if len(sys.argv) > 2:
        counts.append(run_suite(sys.argv[2], program, sys.argv[2]))
    else:
        for nodes in (1, 3):
            with tempfile.TemporaryDirectory(prefix="forebay-ais-cli-") as folder:
                with ForebayServer(f"{folder}/data", "--storage-nodes", str(nodes)) as server:
                    counts.append(run_suite("3 storage nodes" if nodes == 3 else "1 storage node", program, server.url))
    passed, failed = (sum(column) for column in zip(*counts))
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
