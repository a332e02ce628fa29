"""Runs the suites of clients against a server, as programs of their own that print their counts last."""

import re
import subprocess

from forebay_server import ROOT

SUITES = ROOT / "system-test" / "src" / "test"
CLIENTS = ROOT / ".clients"


def run(title, command, **settings):
    """Runs one suite, shows what it prints, and returns how many checks passed and failed."""
    output = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **settings) as process:
        for line in process.stdout:
            output.append(line)
            if not re.match(r"\d+ passed", line):
                print(line, end="", flush=True)
    counts = re.findall(r"^(\d+) passed, (\d+) failed$", "".join(output), re.MULTILINE)
    if not counts or (process.returncode != 0 and counts[-1][1] == "0"):
        print(f"FAILED {title}: exit code {process.returncode}", flush=True)
        return 0, 1
    return int(counts[-1][0]), int(counts[-1][1])


def run_python(client, program, *arguments, **settings):
    """Runs one suite of Python with that client's environment."""
    command = [str(CLIENTS / client / "bin" / "python"), "-B", str(SUITES / "python" / program), *arguments]
    return run(program, command, **settings)
