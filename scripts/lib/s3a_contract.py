"""Runs Hadoop's file-system contract tests over S3A: see scripts/s3a-contract."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import boto3

from forebay_server import ROOT, ForebayServer, https_settings

PROJECT = ROOT / "scripts" / "s3a-contract.d"
BUCKET = "s3a-contract"
REGION = "eu-central-1"
ACCESS, SECRET = "s3a-access-key", "s3a-secret-key"
TRUST_PASSWORD = "no-secret"


def trust_store(folder, authority):
    """A Java trust store with only that authority."""
    store = f"{folder}/trust.p12"
    subprocess.run(
        [f"{os.environ['JAVA_HOME']}/bin/keytool", "-importcert", "-noprompt", "-alias", "authority", "-file", authority,
         "-keystore", store, "-storetype", "PKCS12", "-storepass", TRUST_PASSWORD],
        check=True, capture_output=True,
    )
    return store


def core_site(folder, url):
    """Writes Hadoop's settings."""
    settings = {
        "fs.contract.test.fs.s3a": f"s3a://{BUCKET}",
        "fs.s3a.endpoint": url,
        "fs.s3a.endpoint.region": REGION,
        "fs.s3a.path.style.access": "true",
        "fs.s3a.connection.ssl.enabled": str(url.startswith("https:")).lower(),
        "fs.s3a.access.key": ACCESS,
        "fs.s3a.secret.key": SECRET,
        "fs.s3a.aws.credentials.provider": "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
        "fs.s3a.attempts.maximum": "1",
        "fs.s3a.retry.limit": "0",
        # Each test has settings of its own.
        "fs.s3a.impl.disable.cache": "true",
        "hadoop.tmp.dir": f"{folder}/hadoop",
    }
    root = ElementTree.Element("configuration")
    for name, value in settings.items():
        one = ElementTree.SubElement(root, "property")
        ElementTree.SubElement(one, "name").text = name
        ElementTree.SubElement(one, "value").text = value
    conf = Path(folder) / "conf"
    conf.mkdir(exist_ok=True)
    ElementTree.ElementTree(root).write(conf / "core-site.xml")
    return conf


def run(folder, url, authority, parts):
    """Runs the parts against that server; returns how many cases passed, failed and were skipped."""
    boto3.client(
        "s3", endpoint_url=url, region_name=REGION, aws_access_key_id=ACCESS, aws_secret_access_key=SECRET, verify=authority
    ).create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    reports = PROJECT / "target" / "surefire-reports"
    shutil.rmtree(reports, ignore_errors=True)
    tests = ",".join(f"S3aContractTest${part}" for part in parts) if parts else "S3aContractTest"
    store = trust_store(folder, authority)
    environment = {**os.environ, "MAVEN_OPTS": f"{os.environ.get('MAVEN_OPTS', '')} --sun-misc-unsafe-memory-access=allow"}
    subprocess.run(
        ["mvn", "--batch-mode", "--quiet", "--no-transfer-progress", "-f", str(PROJECT), "test", f"-Dtest={tests}",
         f"-Dmaven.test.additionalClasspath={core_site(folder, url)}", "-Dmaven.test.failure.ignore=true",
         f"-DargLine=-Djavax.net.ssl.trustStore={store} -Djavax.net.ssl.trustStorePassword={TRUST_PASSWORD} "
         f"-Dtest.build.data={folder}/test --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"],
        check=True, env=environment,
    )
    passed = failed = skipped = 0
    for report in reports.glob("TEST-*.xml"):
        suite = ElementTree.parse(report).getroot()
        bad = int(suite.get("errors")) + int(suite.get("failures"))
        passed += int(suite.get("tests")) - bad - int(suite.get("skipped"))
        failed, skipped = failed + bad, skipped + int(suite.get("skipped"))
    return passed, failed, skipped


def main():
    """Exits with 1 when a case failed, or none ran."""
    arguments = argparse.ArgumentParser(prog="scripts/s3a-contract")
    arguments.add_argument("--http", action="store_true")
    arguments.add_argument("--https", action="store_true")
    arguments.add_argument("parts", nargs="*")
    asked = arguments.parse_args()
    schemes = [scheme for scheme in ("http", "https") if getattr(asked, scheme)] or ["http", "https"]
    totals = [0, 0, 0]
    for scheme in schemes:
        with tempfile.TemporaryDirectory(prefix="forebay-s3a-") as folder:
            authority, lines = https_settings(f"{folder}/tls")
            settings = Path(folder) / "server.properties"
            settings.write_text(f"gateway.s3.region={REGION}\n{lines}", encoding="utf-8")
            keys = {"FOREBAY_ROOT_ACCESS_KEY": ACCESS, "FOREBAY_ROOT_SECRET_KEY": SECRET}
            options = ["--auth", "on", "--storage-nodes", "3", "--config", str(settings)]
            with ForebayServer(f"{folder}/data", *options, environment=keys) as server:
                counts = run(folder, server.url.replace("http:", f"{scheme}:"), authority, asked.parts)
        print(f"S3A over {scheme.upper()}: {counts[0]} passed, {counts[1]} failed, {counts[2]} skipped", flush=True)
        totals = [total + count for total, count in zip(totals, counts)]
    print(f"{totals[0]} passed, {totals[1]} failed, {totals[2]} skipped")
    sys.exit(1 if totals[1] or not totals[0] else 0)


if __name__ == "__main__":
    main()
