"""Runs clients of S3 against a server, over HTTP and HTTPS: see scripts/s3-clients."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from client_suites import CLIENTS, SUITES, run
from forebay_server import ROOT, ForebayServer, https_settings

KEYS = {"FOREBAY_ROOT_ACCESS_KEY": "root-access-key", "FOREBAY_ROOT_SECRET_KEY": "root-secret-key"}
NODES = "3"
SYSTEM_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"


@dataclass(frozen=True)
class Client:
    """One client: what scripts/clients installs for it, what else has to be there, and its suite for a URL."""

    name: str
    installed: str
    command: list
    needs: tuple = ()
    folder: str = None
    system_authorities: bool = False

    def missing(self, https):
        """Why it cannot run here, or None."""
        for program in self.needs:
            if not shutil.which(program) and not Path(program).exists():
                return f"there is no {program}"
        if https and self.system_authorities and in_own_mounts(self.name, ["true"]) is None:
            return "it trusts the system's authorities only, and those cannot be replaced for it here"
        return None


def in_own_mounts(authority, command):
    """The command with that file as the system's authorities, for it alone; None where that is not possible."""
    script = f'mount --bind "$0" {SYSTEM_AUTHORITIES} && exec "$@"'
    prefix = ["unshare", "--map-root-user", "--mount", "sh", "-c", script]
    if not shutil.which("unshare") or not Path(SYSTEM_AUTHORITIES).exists():
        return None
    if subprocess.run([*prefix, SYSTEM_AUTHORITIES, "true"], capture_output=True, check=False).returncode != 0:
        return None
    return [*prefix, authority, *command]


def python(client, program, *arguments):
    """The command of a suite of Python."""
    return [str(CLIENTS / client / "bin" / "python"), "-B", str(SUITES / "python" / program), *arguments]


def library(name, **more):
    """A library of Python with a client of its own."""
    return Client(name, "s3-libraries", python("s3-libraries", "s3_libraries.py", "URL", name), **more)


def node(name):
    """A client of JavaScript."""
    command = ["node", "--no-warnings", str(SUITES / "node" / "s3_clients.mjs"), "URL", name]
    return Client(name, "s3-node", command, ("node", "npm"), folder=str(CLIENTS / "s3-node"))


def all_clients():
    """Every client, in the order in which they run."""
    expected = str(SUITES / "minio-go" / "expected-failures.tsv")
    return [
        Client("boto3", "s3", python("s3", "s3_boto3.py", "URL", NODES)),
        library("boto3-crt"),
        Client("awscli", "s3", python("s3", "s3_commands.py", "URL", NODES, "aws")),
        Client("s3cmd", "s3", python("s3", "s3_commands.py", "URL", NODES, "s3cmd")),
        Client("rclone", "rclone", python("s3", "s3_tools.py", "URL", "rclone", str(CLIENTS / "rclone/rclone")), ("go",)),
        Client("s3fs", "s3", python("s3", "s3_tools.py", "URL", "s3fs", "s3fs"), ("s3fs", "/dev/fuse")),
        *[library(name) for name in ("pyarrow", "polars", "duckdb", "tensorstore")],
        library("s3torchconnector", system_authorities=True),
        library("webdataset"),
        node("aws-sdk-js"),
        node("minio-js"),
        Client("minio-go", "minio-go",
               python("s3", "minio_go.py", "URL", str(CLIENTS / "minio-go/functional"), expected), ("go",)),
    ]


def run_client(client, url, authority):
    """Runs a client's suite, prints its line, and returns its counts."""
    https = url.startswith("https:")
    label = f"{client.name:17} {'HTTPS' if https else 'HTTP':5}"
    missing = client.missing(https)
    if missing is not None:
        print(f"{label} skipped: {missing}", flush=True)
        return 0, 0, 1
    command = [url if part == "URL" else part for part in client.command]
    if https and client.system_authorities:
        command = in_own_mounts(authority, command)
    # What each client takes an authority from.
    trust = dict.fromkeys(("AWS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), authority)
    began = time.monotonic()
    subprocess.run([str(ROOT / "scripts" / "clients"), client.installed], check=True)
    passed, failed = run(client.name, command, env=os.environ | KEYS | trust, cwd=client.folder)
    print(f"{label} {passed} passed, {failed} failed, {time.monotonic() - began:.0f} s", flush=True)
    return passed, failed, 0


def check_secrets(log):
    """1 when the server has told a secret in its log, which it kept with everything that it can say; else 0."""
    told = KEYS["FOREBAY_ROOT_SECRET_KEY"] in Path(log).read_text(encoding="utf-8")
    print(f"{'server log':23} {'tells the secret key' if told else 'tells no secret'}", flush=True)
    return int(told)


def main():
    """Exits with 1 when a check failed, or none ran."""
    arguments = argparse.ArgumentParser(prog="scripts/s3-clients")
    arguments.add_argument("--http", action="store_true")
    arguments.add_argument("--https", action="store_true")
    arguments.add_argument("clients", nargs="*")
    asked = arguments.parse_args()
    known = {client.name: client for client in all_clients()}
    unknown = [name for name in asked.clients if name not in known]
    if unknown:
        sys.exit(f"s3-clients: there is no client {unknown[0]}: {', '.join(known)}")
    schemes = [scheme for scheme in ("http", "https") if getattr(asked, scheme)] or ["http", "https"]
    totals = [0, 0, 0]
    with tempfile.TemporaryDirectory(prefix="forebay-s3-clients-") as folder:
        authority, lines = https_settings(f"{folder}/tls")
        settings = Path(folder) / "server.properties"
        settings.write_text(f"gateway.s3.sigv2=true\nlog.level=debug\n{lines}", encoding="utf-8")
        options = ["--auth", "on", "--storage-nodes", NODES, "--config", str(settings)]
        with ForebayServer(f"{folder}/data", *options, environment=KEYS) as server:
            for name in asked.clients or known:
                for scheme in schemes:
                    counts = run_client(known[name], server.url.replace("http:", f"{scheme}:"), authority)
                    totals = [total + count for total, count in zip(totals, counts)]
        totals[1] += check_secrets(f"{folder}/data/forebay.log")
    print(f"{totals[0]} passed, {totals[1]} failed, {totals[2]} skipped")
    sys.exit(1 if totals[1] or not totals[0] else 0)


if __name__ == "__main__":
    main()
