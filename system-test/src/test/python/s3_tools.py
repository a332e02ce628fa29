"""Tools that keep files in S3, against a Forebay server with authentication: `s3_tools.py URL NAME PROGRAM`, where NAME is
`rclone` or `s3fs` and PROGRAM its file."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import suite
from suite import content, equal, holds, unique

URL, NAME, PROGRAM = sys.argv[1:4]
ACCESS, SECRET = os.environ["FOREBAY_ROOT_ACCESS_KEY"], os.environ["FOREBAY_ROOT_SECRET_KEY"]
AUTHORITY = os.environ["AWS_CA_BUNDLE"]
MIB = 1024 * 1024
WORK = tempfile.TemporaryDirectory()
FILES = {
    "a.txt": content(10),
    "b/with space.bin": content(200_000),
    "b/c/ünïcödé.bin": content(5),
    "b/plus+percent%.bin": content(17),
    "large.bin": content(17 * MIB + 3),
    "empty": b"",
}


def run(*command, fails=False, **settings):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **settings)
    if (done.returncode != 0) != fails:
        raise AssertionError(f"{' '.join(command)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def folder_of(files):
    folder = Path(tempfile.mkdtemp(dir=WORK.name))
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def files_in(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Rclone:
    """rclone: `sync` and `check` compare by MD5, as every copy does."""

    def __init__(self):
        self.bucket = unique("rclone")
        self.settings = os.environ | {
            "RCLONE_CONFIG": f"{WORK.name}/rclone.conf", "RCLONE_CONFIG_S3_TYPE": "s3", "RCLONE_CONFIG_S3_PROVIDER": "Other",
            "RCLONE_CONFIG_S3_ENDPOINT": URL, "RCLONE_CONFIG_S3_ACCESS_KEY_ID": ACCESS,
            "RCLONE_CONFIG_S3_SECRET_ACCESS_KEY": SECRET, "RCLONE_CONFIG_S3_REGION": "us-east-1",
            "RCLONE_CA_CERT": AUTHORITY, "RCLONE_RETRIES": "1", "RCLONE_LOW_LEVEL_RETRIES": "1",
            "RCLONE_S3_UPLOAD_CUTOFF": "8Mi", "RCLONE_S3_CHUNK_SIZE": "5Mi",
        }

    def rclone(self, *arguments, **how):
        return run(PROGRAM, *arguments, env=self.settings, **how)

    def check_sync(self):
        self.rclone("mkdir", f"s3:{self.bucket}")
        source = folder_of(FILES)
        self.rclone("sync", str(source), f"s3:{self.bucket}/tree")
        self.rclone("check", str(source), f"s3:{self.bucket}/tree")
        self.rclone("check", "--download", str(source), f"s3:{self.bucket}/tree")
        (source / "a.txt").write_bytes(b"another")
        (source / "empty").unlink()
        self.rclone("check", str(source), f"s3:{self.bucket}/tree", fails=True)
        self.rclone("sync", str(source), f"s3:{self.bucket}/tree")
        self.rclone("check", str(source), f"s3:{self.bucket}/tree")
        target = folder_of({})
        self.rclone("sync", f"s3:{self.bucket}/tree", str(target))
        equal(files_in(target), files_in(source), "files synced back")

    def check_copies_inside(self):
        self.rclone("copy", f"s3:{self.bucket}/tree", f"s3:{self.bucket}/copy")
        self.rclone("check", f"s3:{self.bucket}/tree", f"s3:{self.bucket}/copy")
        self.rclone("moveto", f"s3:{self.bucket}/copy/a.txt", f"s3:{self.bucket}/moved.txt")
        equal(self.rclone("cat", f"s3:{self.bucket}/moved.txt"), "another", "moved content")
        equal(self.rclone("cat", "--offset", "2", "--count", "3", f"s3:{self.bucket}/moved.txt"), "oth", "range")

    def check_streams(self):
        data = content(12 * MIB)
        subprocess.run([PROGRAM, "rcat", f"s3:{self.bucket}/piped"], input=data, env=self.settings, check=True, timeout=120)
        back = subprocess.run([PROGRAM, "cat", f"s3:{self.bucket}/piped"], env=self.settings, check=True, timeout=120,
                              capture_output=True)
        equal(back.stdout, data, "piped content")

    def check_removal(self):
        self.rclone("purge", f"s3:{self.bucket}")
        self.rclone("lsjson", f"s3:{self.bucket}", fails=True)


class S3fs:
    """s3fs, a bucket as a file system."""

    def __init__(self):
        self.bucket = unique("s3fs")
        subprocess.run(
            [sys.executable, str(Path(sys.executable).parent / "aws"), "s3", "mb", f"s3://{self.bucket}"], check=True,
            capture_output=True, env=os.environ | {
                "AWS_ENDPOINT_URL": URL, "AWS_ACCESS_KEY_ID": ACCESS, "AWS_SECRET_ACCESS_KEY": SECRET,
                "AWS_DEFAULT_REGION": "us-east-1",
            })
        password = Path(WORK.name) / "password"
        password.write_text(f"{ACCESS}:{SECRET}", encoding="utf-8")
        password.chmod(0o600)
        self.options = [
            "-o", f"url={URL},endpoint=us-east-1,use_path_request_style,passwd_file={password},multipart_size=10,retries=3",
        ]

    def mounted(self, work):
        """Runs the work in the bucket, mounted for it."""
        folder = folder_of({})
        command = [PROGRAM, self.bucket, str(folder), "-f", *self.options]
        with subprocess.Popen(command, env=os.environ | {"CURL_CA_BUNDLE": AUTHORITY}, stdout=subprocess.DEVNULL) as process:
            try:
                while not folder.is_mount():
                    holds(process.poll() is None, "it did not mount")
                    time.sleep(0.05)
                work(folder)
            finally:
                process.terminate()
                process.wait(60)

    def check_files(self):
        def write(folder):
            for name, data in FILES.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(data)
            (folder / "a.txt").rename(folder / "renamed.txt")
            (folder / "empty").unlink()
            with open(folder / "large.bin", "r+b") as file:
                file.seek(9 * MIB)
                file.write(b"changed")

        expected = dict(FILES)
        expected["renamed.txt"] = expected.pop("a.txt")
        del expected["empty"]
        large = bytearray(expected["large.bin"])
        large[9 * MIB : 9 * MIB + 7] = b"changed"
        expected["large.bin"] = bytes(large)
        self.mounted(write)
        # What is read now comes from the server.
        self.mounted(lambda folder: equal(files_in(folder), expected, "files after another mount"))


if __name__ == "__main__":
    kind = {"rclone": Rclone, "s3fs": S3fs}[NAME]
    under_test = kind()
    suite.run(NAME, [(name, getattr(under_test, name)) for name in kind.__dict__ if name.startswith("check_")])
