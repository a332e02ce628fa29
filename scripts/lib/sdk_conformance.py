"""Runs the suite of AIStore's SDK against clusters of processes: see scripts/sdk-conformance."""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading

from aistore import Client
from client_suites import SUITES, run_python
from forebay_server import ROOT, ForebayServer

VERSIONS = ["1.25", "1.26", "2.0"]
EXCHANGES = SUITES / "resources" / "aistore-exchanges"
# What a restart must not be noticed of. Appending goes on where it began, and may not while that node is away.
WHILE_RESTARTING = ["buckets", "objects", "readers", "listing"]
OTHER_SUITES = ["aistore_archives.py", "aistore_batch.py"]


class Cluster:
    """A cluster of `scripts/cluster` in a folder, which ends with the context."""

    def __init__(self, folder, gateways, storage_nodes):
        self.folder = folder
        self.start = ["start", "--gateways", str(gateways), "--storage-nodes", str(storage_nodes)]

    def order(self, *words):
        """What `scripts/cluster` prints."""
        command = [str(ROOT / "scripts" / "cluster"), *words, "--data", self.folder]
        return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout

    def urls(self, role):
        """The data addresses of the nodes of a role."""
        lines = [line.split() for line in self.order("status").splitlines()[1:]]
        return [line[2] for line in lines if line[1] == role]

    def __enter__(self):
        self.order(*self.start)
        return self

    def __exit__(self, *_):
        self.order("stop")


@contextlib.contextmanager
def restarts(cluster, names):
    """Kills and starts the nodes of these names, one after the other, until the context ends; then all serve."""
    done = threading.Event()
    counts = []

    def turn():
        while not done.is_set():
            name = names[len(counts) % len(names)]
            cluster.order("kill", name)
            cluster.order("start", name)
            counts.append(name)
            done.wait(5)

    thread = threading.Thread(target=turn)
    thread.start()
    try:
        yield counts
    finally:
        done.set()
        thread.join()
    print(f"-- {len(counts)} restarts", flush=True)


def run_all(versions, url, gateways, topics=()):
    """The counts of every version's suite."""
    counts = []
    for version in versions:
        print(f"-- aistore {version} with {gateways} gateways and 3 storage nodes", flush=True)
        client = f"aistore-{version}"
        counts.append(run_python(client, "aistore_sdk.py", url, "3", str(gateways), *topics))
        counts += [run_python(client, suite, url, "3", str(gateways)) for suite in OTHER_SUITES]
    return counts


def run_three(versions, folder):
    """Against settled clusters."""
    counts = []
    for gateways in (1, 3):
        with Cluster(f"{folder}/three-{gateways}", gateways, 3) as cluster:
            counts += run_all(versions, cluster.urls("gateway")[-1], gateways)
    return counts


def run_restarts(versions, folder):
    """While storage nodes are killed and started."""
    os.environ["FOREBAY_SUITE_COPIES"] = "2"
    try:
        with Cluster(f"{folder}/restarts", 1, 3) as cluster:
            with restarts(cluster, [f"storage-node-{number}" for number in (1, 2, 3)]):
                return run_all(versions, cluster.urls("gateway")[0], 1, WHILE_RESTARTING)
    finally:
        del os.environ["FOREBAY_SUITE_COPIES"]


def run_tokens(_, folder):
    """Lists one bucket page by page while all nodes are stopped and started, and a node joins, between two pages."""
    with Cluster(f"{folder}/tokens", 1, 2) as cluster:
        bucket = Client(cluster.urls("gateway")[0]).bucket("tokens").create()
        names = [f"{number:03}" for number in range(60)]
        for name in names:
            bucket.object(name).get_writer().put_content(name.encode())
        found, token, uuid = [], "", ""
        for change in (["stop"], ["add", "storage-node"], None):
            page = bucket.list_objects(page_size=20, continuation_token=token, uuid=uuid)
            found += [entry.name for entry in page.entries]
            token, uuid = page.continuation_token, page.uuid
            if change:
                cluster.order(*change)
            if change == ["stop"]:
                cluster.order("start")
        right = found == names
        print(f"{'passed' if right else 'FAILED'}: tokens across a restart and a node that joined: {found}", flush=True)
        return [(int(right), int(not right))]


def record(_, folder):
    """Writes the exchanges of all versions down anew: whichever were asked for, the files are of all."""
    shutil.rmtree(EXCHANGES, ignore_errors=True)
    with ForebayServer(f"{folder}/record") as server:
        return [run_python(f"aistore-{version}", "aistore_exchanges.py", server.url, "--record") for version in VERSIONS]


def main():
    """Runs what the arguments name and exits with 1 when something failed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("modes", nargs="*")
    parser.add_argument("--version", action="append", choices=VERSIONS)
    arguments = parser.parse_args()
    versions = arguments.version or VERSIONS
    modes = {"three": run_three, "restarts": run_restarts, "tokens": run_tokens, "record": record}
    unknown = [mode for mode in arguments.modes if mode not in modes]
    if unknown:
        parser.error(f"{unknown[0]} is none of {', '.join(modes)}")
    counts = []
    with tempfile.TemporaryDirectory(prefix="forebay-sdk-") as folder:
        for mode in arguments.modes or ["three", "tokens", "restarts"]:
            counts += modes[mode](versions, folder)
    passed, failed = (sum(column) for column in zip(*counts))
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
