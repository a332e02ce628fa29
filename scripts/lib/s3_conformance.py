"""Runs cases of a checkout of ceph/s3-tests and compares with the failures that are expected: see scripts/s3-conformance."""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import boto3
from botocore.config import Config

from forebay_server import ROOT, ForebayServer, https_settings

EXPECTED = ROOT / "system-test" / "src" / "test" / "s3-tests" / "expected-failures.tsv"
REGION = "eu-central-1"
# By what sections of the settings of s3-tests each user is called there.
USERS = {"main": "s3 main", "alt": "s3 alt", "tenant": "s3 tenant", "iam": "iam", "root-1": "iam root", "root-2": "iam alt root"}
LEFT_OUT = [
    "bucket_logging", "bucket_logging_cleanup", "lifecycle_expiration", "lifecycle_transition", "cloud_transition",
    "cloud_restore", "webidentity_test",
]
# A bucket that one case leaves behind must not fail every later one.
PLUGIN = """
def pytest_configure(config):
    import s3tests.functional as functional
    clean = functional.nuke_prefixed_buckets

    def lenient(prefix, client=None):
        try:
            return clean(prefix, client)
        except Exception as e:
            print("buckets were left behind:", e)

    functional.nuke_prefixed_buckets = lenient
"""


def keys(user):
    """The access key and the secret of a user."""
    return f"{user.replace('-', '')}access".upper().ljust(20, "0"), f"{user}-secret".ljust(40, "0")


def settings(folder, https):
    """Writes the server's settings: access control lists count, old signatures are taken, there are keys to encrypt by, and
    clients send theirs over HTTP too, as the cases expect it. Returns the file, and that of the certificates' authority."""
    users = Path(folder) / "users"
    users.write_text("".join(f"{user} {' '.join(keys(user))}\n" for user in USERS), encoding="utf-8")
    users.chmod(0o600)
    file = Path(folder) / "server.properties"
    authority, more = https_settings(f"{folder}/tls") if https else (None, "gateway.s3.customer-keys-over-http=true\n")
    file.write_text(
        f"server.users-file={users}\ngateway.s3.region={REGION}\ngateway.s3.default-ownership=object-writer\n"
        f"gateway.s3.sigv2=true\nstorage.encryption.keys=testkey-1,testkey-2\n{more}",
        encoding="utf-8",
    )
    return str(file), authority


def configuration(folder, url):
    """Writes the settings of s3-tests."""
    scheme, host, port = url.replace("//", "").split(":")
    text = (
        f"[DEFAULT]\nhost = {host}\nport = {port}\nis_secure = {scheme == 'https'}\nssl_verify = False\n"
        "[fixtures]\nbucket prefix = t-{random}-\niam name prefix = s3-tests-\niam path prefix = /s3-tests/\n"
    )
    for user, section in USERS.items():
        access, secret = keys(user)
        client = boto3.client(
            "s3", endpoint_url=url, aws_access_key_id=access, aws_secret_access_key=secret, region_name=REGION, verify=False,
            config=Config(retries={"total_max_attempts": 1}),
        )
        text += (
            f"[{section}]\ndisplay_name = {user}\nuser_id = {client.list_buckets()['Owner']['ID']}\n"
            f"email = {user}@example.com\napi_name = {REGION}\naccess_key = {access}\nsecret_key = {secret}\n"
        )
        text += "tenant = other\n" if user == "tenant" else ""
    file = Path(folder) / "s3tests.conf"
    file.write_text(text, encoding="utf-8")
    return str(file)


def run(checkout, folder, url, authority, workers, cases):
    """Runs the cases; returns by name whether they failed. Skipped ones are in neither.

    Some cases verify the server's certificate whatever their settings say, so that they have to know its authority.
    """
    (Path(folder) / "lenient_clean_up.py").write_text(PLUGIN, encoding="utf-8")
    results = f"{folder}/results.xml"
    environment = {
        **os.environ, "S3TEST_CONF": configuration(folder, url), "AWS_MAX_ATTEMPTS": "1", "AWS_RETRY_MODE": "standard",
        "AWS_DEFAULT_REGION": "us-east-1", "PYTHONPATH": f"{folder}:{checkout}", "PYTHONWARNINGS": "ignore",
    }
    if authority:
        environment.update(SSL_CERT_FILE=authority, REQUESTS_CA_BUNDLE=authority)
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "lenient_clean_up", "-n", str(workers),
        "--timeout", "60", f"--junitxml={results}", "--tb=line", "-m", " and ".join(f"not {mark}" for mark in LEFT_OUT),
        "s3tests/functional/test_s3.py", "s3tests/functional/test_headers.py",
    ]
    command += ["-k", " or ".join(cases)] if cases else []
    subprocess.run(command, cwd=checkout, env=environment, check=False)
    failed = {}
    for case in ElementTree.parse(results).getroot().iter("testcase"):
        if case.find("skipped") is None:
            broken = case.find("failure") is not None or case.find("error") is not None
            failed[case.get("name")] = failed.get(case.get("name"), False) or broken
    return failed


def expected(circumstances):
    """The cases that are expected to fail in those circumstances, each with its reason.

    `any` is always, `http` and `https` over that, `parallel` by chance while other cases run: those count for nothing then.
    """
    with open(EXPECTED, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {row["case"]: row["reason"] for row in rows if row["where"] in circumstances}


def main():
    """Exits with 1 when a case did not end as expected."""
    arguments = argparse.ArgumentParser(prog="scripts/s3-conformance")
    arguments.add_argument("checkout")
    arguments.add_argument("--https", action="store_true")
    arguments.add_argument("--workers", type=int, default=2)
    arguments.add_argument("cases", nargs="*")
    asked = arguments.parse_intermixed_args()
    checkout = Path(asked.checkout).resolve()
    if not (checkout / "s3tests" / "functional").is_dir():
        sys.exit(f"s3-conformance: {checkout} is not a checkout of ceph/s3-tests")
    with tempfile.TemporaryDirectory(prefix="forebay-s3-tests-") as folder:
        file, authority = settings(folder, asked.https)
        options = ["--auth", "on", "--config", file]
        with ForebayServer(f"{folder}/data", *options) as server:
            url = server.url.replace("http:", "https:") if asked.https else server.url
            failed = run(checkout, folder, url, authority, asked.workers, asked.cases)
    known = expected({"any", "https" if asked.https else "http"})
    by_chance = expected({"parallel"}) if asked.workers > 1 else {}
    failed = {case: broken for case, broken in failed.items() if case not in by_chance}
    surprises = sorted(case for case, broken in failed.items() if broken and case not in known)
    mended = sorted(case for case, broken in failed.items() if not broken and case in known)
    for case in surprises:
        print(f"FAILED {case}: not expected")
    for case in mended:
        print(f"PASSED {case}: take it out of the list of expected failures ({known[case]})")
    broken = sum(failed.values())
    print(f"s3-tests over {'HTTPS' if asked.https else 'HTTP'}: {len(failed) - broken} of {len(failed)} cases pass")
    print(f"{len(failed) - len(surprises) - len(mended)} as expected, {len(surprises) + len(mended)} not")
    sys.exit(1 if surprises or mended else 0)


if __name__ == "__main__":
    main()
