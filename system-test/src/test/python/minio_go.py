"""The functional tests of minio-go against a Forebay server with authentication, which takes signatures of version 2 too:
`minio_go.py URL PROGRAM EXPECTED`.

PROGRAM prints a line of JSON for each test, and more for one that fails in several ways. Those that are expected to fail are
in EXPECTED, a table with a reason each; the list is strict: one of them that passes fails the run.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from urllib.parse import urlsplit

URL, PROGRAM, EXPECTED = sys.argv[1:4]
ADDRESS = urlsplit(URL)
# Of several lines on one test the worst counts.
RANKS = ["PASS", "NA", "FAIL"]


def run():
    """Each test's result and what it said of it, by name."""
    settings = os.environ | {
        "SERVER_ENDPOINT": ADDRESS.netloc, "ENABLE_HTTPS": str(int(ADDRESS.scheme == "https")), "ENABLE_KMS": "0",
        "ACCESS_KEY": os.environ["FOREBAY_ROOT_ACCESS_KEY"], "SECRET_KEY": os.environ["FOREBAY_ROOT_SECRET_KEY"],
        "SSL_CERT_FILE": os.environ["AWS_CA_BUNDLE"], "MINT_MODE": "full", "RUN_ON_FAIL": "1",
    }
    # It leaves files where it runs.
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [PROGRAM], env=settings, cwd=folder, capture_output=True, text=True, timeout=600, check=True)
    results = {}
    for line in done.stdout.splitlines():
        entry = json.loads(line)
        name = entry["name"].removeprefix("minio-go: ")
        # Cases of one test that is a table.
        name = name.split("_")[0]
        worst = results.get(name, ("PASS", ""))
        if RANKS.index(entry["status"]) > RANKS.index(worst[0]):
            words = " ".join(str(entry.get(key, "")) for key in ("message", "error"))
            worst = (entry["status"], words[:300])
        results[name] = worst
    return results


def main():
    """Exits with 1 when a test did not end as expected."""
    with open(EXPECTED, encoding="utf-8", newline="") as file:
        expected = {row["case"]: row["reason"] for row in csv.DictReader(file, delimiter="\t")
                    if row["where"] in ("any", ADDRESS.scheme)}
    results = run()
    surprises = 0
    for name, (result, words) in results.items():
        if (result == "FAIL") != (name in expected):
            surprises += 1
            said = words if result == "FAIL" else f"take it out of the list of expected failures ({expected[name]})"
            print(f"FAILED minio-go: {name}: {result} {said}")
    counts = {rank: sum(result == rank for result, _ in results.values()) for rank in RANKS}
    print(f"minio-go: {counts['FAIL']} fail, {counts['NA']} ask for what is not implemented")
    print(f"{counts['PASS']} passed, {surprises} failed", flush=True)
    sys.exit(1 if surprises else 0)


if __name__ == "__main__":
    main()
