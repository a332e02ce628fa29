"""Runs every Python client's suite against servers of their own, over HTTP and HTTPS, and adds up the counts."""

import os
import socket
import sys
import tempfile
import time
from pathlib import Path

from client_suites import run_python
from forebay_server import ForebayServer, https_settings

AISTORE = ["aistore-1.25", "aistore-1.26", "aistore-2.0"]
AISTORE_SUITES = ["aistore_sdk.py", "aistore_batch.py", "aistore_archives.py"]


def run(client, program, *arguments):
    """Runs one suite and returns its counts."""
    print(f"-- {program} with {client} {' '.join(arguments[1:])}", flush=True)
    return run_python(client, program, *arguments)


def free_port():
    """A port that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def run_users(folder, wanted):
    """Runs the suite of several users, against a server with authentication, and returns its counts."""
    if wanted and not any(word in "s3 s3_users.py" for word in wanted):
        return 0, 0
    users = Path(folder) / "users"
    users.write_text("alice alice-key alice-secret\nbob bob-key bob-secret\n", encoding="utf-8")
    keys = {"FOREBAY_ROOT_ACCESS_KEY": "root-access-key", "FOREBAY_ROOT_SECRET_KEY": "root-secret-key"}
    options = ["--auth", "on", "--set", f"server.users-file={users}", "--set", "gateway.s3.sigv2=true"]
    with ForebayServer(f"{folder}/data-users", *options, environment=keys) as server:
        return run("s3", "s3_users.py", server.url)


def main():
    """Runs what the arguments name (every suite without any) and exits with 1 when something failed."""
    wanted = sys.argv[1:]
    passed = failed = 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="forebay-clients-") as folder:
        authority, lines = https_settings(f"{folder}/tls")
        settings = f"{folder}/server.properties"
        Path(settings).write_text(lines, encoding="utf-8")
        # What each client takes an authority from.
        for name in ("AWS_CA_BUNDLE", "AIS_CLIENT_CA", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
            os.environ[name] = authority
        for nodes in (1, 3):
            # Where the suite of S3 listens for what the server tells it.
            os.environ["FOREBAY_WEBHOOK_PORT"] = port = str(free_port())
            webhook = f"storage.notification.webhooks=suite=http://127.0.0.1:{port}/"
            options = ["--storage-nodes", str(nodes), "--config", settings, "--set", webhook]
            with ForebayServer(f"{folder}/data-{nodes}", *options) as server:
                runs = [(client, program, server.url, str(nodes)) for client in AISTORE for program in AISTORE_SUITES]
                runs += [("s3", "s3_boto3.py", server.url, str(nodes))]
                if nodes == 1:
                    runs += [(client, "aistore_exchanges.py", server.url) for client in AISTORE]
                if nodes == 3:
                    encrypted = server.url.replace("http:", "https:")
                    runs += [("s3", "s3_commands.py", server.url, str(nodes))]
                    runs += [(client, program, encrypted, str(nodes)) for client in AISTORE for program in AISTORE_SUITES]
                    runs += [("s3", program, encrypted, str(nodes)) for program in ("s3_boto3.py", "s3_commands.py")]
                for arguments in runs:
                    if wanted and not any(word in " ".join(arguments) for word in wanted):
                        continue
                    counts = run(*arguments)
                    passed, failed = passed + counts[0], failed + counts[1]
        counts = run_users(folder, wanted)
        passed, failed = passed + counts[0], failed + counts[1]
    print(f"clients took {time.monotonic() - began:.0f} s")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
