"""The commands `aws s3`, `aws s3api` and `s3cmd` against a Forebay server: `s3_commands.py URL [NODES [WORD]]`, only the
checks with that word, such as `s3cmd`, when it is given.

With the root user's keys in the environment, they sign; else any do, for a server without authentication.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import suite
from suite import content, equal, holds, unique

URL = sys.argv[1]
WORD = sys.argv[3] if len(sys.argv) > 3 else ""
ACCESS = os.environ.get("FOREBAY_ROOT_ACCESS_KEY", "any")
SECRET = os.environ.get("FOREBAY_ROOT_SECRET_KEY", "any-secret")
BIN = Path(sys.executable).parent
MIB = 1024 * 1024
WORK = tempfile.TemporaryDirectory()
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": WORK.name,
    "AWS_ACCESS_KEY_ID": ACCESS,
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ENDPOINT_URL": URL,
    "AWS_MAX_ATTEMPTS": "1",
} | {name: os.environ[name] for name in ("AWS_CA_BUNDLE",) if name in os.environ}
FILES = {
    "a.txt": content(10),
    "b/with space.bin": content(200_000),
    "b/c/ünïcödé.bin": content(5),
    "b/plus+percent%.bin": content(17),
    "large.bin": content(17 * MIB + 3),
    "empty": b"",
}


def run(command, *arguments, fails=False):
    done = subprocess.run(
        [sys.executable, str(BIN / command), *arguments], env=ENVIRONMENT, capture_output=True, text=True, timeout=120,
        check=False,
    )
    if (done.returncode != 0) != fails:
        raise AssertionError(f"{command} {' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def aws(*arguments, **how):
    return run("aws", *arguments, **how)


def s3cmd(*arguments, **how):
    address = urlsplit(URL)
    host = address.netloc
    over = ["--no-ssl"]
    if address.scheme == "https":
        over = ["--ssl", f"--ca-certs={os.environ['AWS_CA_BUNDLE']}"]
    return run(
        "s3cmd", *over, f"--host={host}", f"--host-bucket={host}", f"--access_key={ACCESS}",
        f"--secret_key={SECRET}", "--no-progress", "--max-retries=0", *arguments, **how,
    )


def folder_of_files(files=None):
    folder = Path(tempfile.mkdtemp(dir=WORK.name))
    write_files(folder, FILES if files is None else files)
    return folder


def write_files(folder, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def files_in(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def keys_of(bucket):
    listed = json.loads(aws("s3api", "list-objects-v2", "--bucket", bucket, "--output", "json") or "{}")
    return {entry["Key"]: entry["Size"] for entry in listed.get("Contents", [])}


def check_aws_copies_folders():
    bucket = unique("aws")
    aws("s3", "mb", f"s3://{bucket}")
    holds(bucket in aws("s3", "ls"), "bucket is not listed")
    source = folder_of_files()
    aws("s3", "cp", "--recursive", str(source), f"s3://{bucket}/tree")
    equal(keys_of(bucket), {f"tree/{name}": len(data) for name, data in FILES.items()}, "keys")
    holds("PRE b/" in aws("s3", "ls", f"s3://{bucket}/tree/"), "folder is not listed")
    target = folder_of_files({})
    aws("s3", "cp", "--recursive", f"s3://{bucket}/tree", str(target))
    equal(files_in(target), FILES, "files copied back")
    aws("s3", "cp", "--recursive", f"s3://{bucket}/tree", f"s3://{bucket}/copy")
    equal(len(keys_of(bucket)), 2 * len(FILES), "keys after a copy inside")
    aws("s3", "mv", f"s3://{bucket}/copy/a.txt", f"s3://{bucket}/moved.txt")
    holds("moved.txt" in keys_of(bucket) and "copy/a.txt" not in keys_of(bucket), "not moved")
    aws("s3", "rm", "--recursive", f"s3://{bucket}")
    equal(keys_of(bucket), {}, "keys after removal")
    aws("s3", "rb", f"s3://{bucket}")


def check_aws_sync():
    bucket = unique("aws")
    aws("s3", "mb", f"s3://{bucket}")
    source = folder_of_files()
    # Sync compares times, and S3 has whole seconds: a file written in the second of its upload would look newer.
    for path in source.rglob("*"):
        os.utime(path, (path.stat().st_mtime - 10,) * 2)
    aws("s3", "sync", str(source), f"s3://{bucket}")
    equal(aws("s3", "sync", "--no-progress", str(source), f"s3://{bucket}"), "", "a second sync has nothing to do")
    write_files(source, {"new.txt": b"new", "a.txt": b"another length"})
    (source / "empty").unlink()
    changes = aws("s3", "sync", "--delete", "--no-progress", str(source), f"s3://{bucket}")
    equal(len(changes.strip().splitlines()), 3, f"changes of {changes}")
    target = folder_of_files({})
    aws("s3", "sync", f"s3://{bucket}", str(target))
    equal(files_in(target), files_in(source), "files synced back")
    aws("s3", "rb", "--force", f"s3://{bucket}")


def check_aws_presign():
    bucket = unique("aws")
    aws("s3", "mb", f"s3://{bucket}")
    source = folder_of_files()
    aws("s3", "cp", str(source / "b/with space.bin"), f"s3://{bucket}/with space.bin")
    url = aws("s3", "presign", f"s3://{bucket}/with space.bin").strip()
    with urllib.request.urlopen(url, timeout=20) as answer:
        equal(answer.read(), FILES["b/with space.bin"], "content by presigned URL")


def check_aws_standard_input_and_output():
    bucket = unique("aws")
    aws("s3", "mb", f"s3://{bucket}")
    done = subprocess.run(
        [sys.executable, str(BIN / "aws"), "s3", "cp", "-", f"s3://{bucket}/piped"],
        env=ENVIRONMENT, input=FILES["large.bin"], capture_output=True, timeout=120, check=True,
    )
    equal(done.returncode, 0, "exit code")
    done = subprocess.run(
        [sys.executable, str(BIN / "aws"), "s3", "cp", f"s3://{bucket}/piped", "-"],
        env=ENVIRONMENT, capture_output=True, timeout=120, check=True,
    )
    equal(done.stdout, FILES["large.bin"], "piped content")


def check_aws_errors():
    bucket = unique("absent")
    aws("s3", "ls", f"s3://{bucket}", fails=True)
    aws("s3api", "head-bucket", "--bucket", bucket, fails=True)


def check_s3cmd():
    bucket = unique("s3cmd")
    s3cmd("mb", f"s3://{bucket}")
    holds(f"s3://{bucket}" in s3cmd("ls"), "bucket is not listed")
    source = folder_of_files()
    s3cmd("put", str(source / "a.txt"), f"s3://{bucket}/a.txt")
    s3cmd("put", "--multipart-chunk-size-mb=5", str(source / "large.bin"), f"s3://{bucket}/large.bin")
    equal(keys_of(bucket), {"a.txt": 10, "large.bin": len(FILES["large.bin"])}, "keys")
    target = folder_of_files({})
    s3cmd("get", f"s3://{bucket}/large.bin", str(target / "large.bin"))
    s3cmd("get", f"s3://{bucket}/a.txt", str(target / "a.txt"))
    equal(files_in(target), {"a.txt": FILES["a.txt"], "large.bin": FILES["large.bin"]}, "files got")
    holds("MD5 sum" in s3cmd("info", f"s3://{bucket}/a.txt"), "no information")
    s3cmd("cp", f"s3://{bucket}/a.txt", f"s3://{bucket}/b.txt")
    s3cmd("mv", f"s3://{bucket}/b.txt", f"s3://{bucket}/c.txt")
    equal(set(keys_of(bucket)), {"a.txt", "c.txt", "large.bin"}, "keys after cp and mv")
    s3cmd("del", "--recursive", "--force", f"s3://{bucket}")
    equal(keys_of(bucket), {}, "keys after deletion")
    s3cmd("rb", f"s3://{bucket}")


def check_s3cmd_sync():
    bucket = unique("s3cmd")
    s3cmd("mb", f"s3://{bucket}")
    source = folder_of_files()
    s3cmd("sync", f"{source}/", f"s3://{bucket}/tree/")
    equal(keys_of(bucket), {f"tree/{name}": len(data) for name, data in FILES.items()}, "keys")
    target = folder_of_files({})
    s3cmd("sync", f"s3://{bucket}/tree/", f"{target}/")
    equal(files_in(target), FILES, "files synced back")
    listed = s3cmd("ls", "--recursive", f"s3://{bucket}")
    equal(len(listed.strip().splitlines()), len(FILES), "lines of a recursive listing")


if __name__ == "__main__":
    suite.run("aws and s3cmd", [check for check in suite.checks_of(globals()) if WORD in check[0]])
