"""Batches of the unmodified AIStore SDK against a Forebay server: `aistore_batch.py URL STORAGE_NODES`.

Runs with 1.25.0, 1.26.0 and 2.0.0; what only newer versions have is asked for where they have it.
"""

import inspect
import io
import tarfile
import zipfile
from importlib.metadata import version

from aistore.sdk.batch.batch import Batch
from aistore.sdk.errors import AISError

import suite
from aistore_case import KIB, NODES, SDK, URL, client, new_bucket, session
from suite import content, equal, holds, raises

SIZES = {"a": 10 * KIB, "folder/b": 1, "large": 700 * KIB, "empty": 0, "ünï": 33}
HAS_RANGES = "start" in inspect.signature(Batch.add).parameters and SDK >= (1, 26)


def filled_bucket():
    bucket = new_bucket()
    for name, size in SIZES.items():
        bucket.object(name).get_writer().put_content(content(size))
    return bucket


def check_objects_come_in_order_with_duplicates():
    bucket = filled_bucket()
    names = [*SIZES, "a", "large", "a"]
    found = list(client.batch(names, bucket).get())
    equal([info.obj_name for info, _ in found], names)
    for info, data in found:
        equal(data, content(SIZES[info.obj_name]), info.obj_name)


def check_many_small_objects_come_from_every_node():
    bucket = new_bucket()
    names = [f"n{index:04}" for index in range(300)]
    for index, name in enumerate(names):
        bucket.object(name).get_writer().put_content(content(index, index))
    found = list(client.batch(names[::-1], bucket).get())
    equal([info.obj_name for info, _ in found], names[::-1])
    for position, (_, data) in enumerate(found):
        index = len(names) - 1 - position
        equal(data, content(index, index), names[index])


def check_every_format_and_mode_gives_the_same():
    bucket = filled_bucket()
    names = [name for name in SIZES if name != "empty"]
    for output in (".tar", ".tgz", ".tar.gz", ".zip"):
        for streams in (True, False):
            batch = client.batch(names, bucket, output_format=output, streaming_get=streams)
            found = list(batch.get())
            equal([info.obj_name for info, _ in found], names, output)
            for info, data in found:
                equal(data, content(SIZES[info.obj_name]), output)


def check_metadata_comes_first_without_streaming():
    bucket = filled_bucket()
    batch = client.batch(bucket=bucket, streaming_get=False)
    batch.add("a", opaque=b"\xfb\xef\xff id")
    batch.add("none")
    batch.add("empty")
    found = list(batch.get())
    equal([info.obj_name for info, _ in found], ["a", "none", "empty"])
    equal([info.size for info, _ in found], [10 * KIB, 0, 0])
    holds("does not exist" in found[1][0].err_msg, found[1][0].err_msg)
    holds(not found[0][0].err_msg and not found[2][0].err_msg, "what is there has no error")
    equal(found[0][0].opaque, b"\xfb\xef\xff id", "opaque")


def check_raw_archive_has_the_names_of_the_reference():
    bucket = filled_bucket()
    names = ["a", "none", "folder/b"]
    for only_name, prefix in ((False, bucket.name + "/"), (True, "")):
        raw = client.batch(names, bucket, only_obj_name=only_name).get(raw=True)
        with tarfile.open(fileobj=io.BytesIO(raw.read())) as archive:
            members = [(member.name, member.size) for member in archive.getmembers()]
        equal(members, [(prefix + "a", 10 * KIB), ("__404__/" + prefix + "none", 0), (prefix + "folder/b", 1)])
    raw = client.batch(["a"], bucket, output_format=".zip").get(raw=True)
    with zipfile.ZipFile(io.BytesIO(raw.read())) as archive:
        equal(archive.namelist(), [bucket.name + "/a"])


def check_missing_objects_fail_a_strict_batch():
    bucket = filled_bucket()
    failure = raises(AISError, client.batch(["a", "none"], bucket, cont_on_err=False).get)
    equal(failure.status_code, 404)
    holds(f"ais://{bucket.name}/none" in str(failure), str(failure))


def check_objects_of_several_buckets():
    first, second = filled_bucket(), filled_bucket()
    second.object("a").get_writer().put_content(b"other")
    found = list(client.batch([first.object("a"), second.object("a"), first.object("folder/b")]).get())
    equal([data for _, data in found], [content(10 * KIB), b"other", content(1)])


def check_ranges():
    if not HAS_RANGES:
        return
    bucket = filled_bucket()
    batch = client.batch(bucket=bucket)
    for start, length in ((0, 5), (1000, 100), (10 * KIB - 7, -1), (0, 0)):
        batch.add("a", start=start, length=length)
    whole = content(10 * KIB)
    equal([data for _, data in batch.get()], [whole[:5], whole[1000:1100], whole[-7:], whole])
    failure = raises(AISError, client.batch(bucket=bucket, cont_on_err=False).add("a", start=10 * KIB, length=1).get)
    equal(failure.status_code, 416)


def check_what_means_nothing_is_refused():
    bucket = filled_bucket()
    url = f"{URL}/v1/ml/moss/{bucket.name}"
    for message in ({}, {"in": []}, {"in": [{"objname": ""}]}, {"in": [{"objname": "a"}], "mime": ".rar"}):
        equal(session.get(url, json=message, timeout=20).status_code, 400, message)
    missing = session.get(f"{URL}/v1/ml/moss/none-{bucket.name}", json={"in": [{"objname": "a"}]}, timeout=20)
    equal(missing.status_code, 404)
    holds("does not exist" in missing.text, missing.text)
    answer = session.get(url, json={"in": [{"objname": "a"}], "strm": True}, timeout=20)
    equal(answer.headers["Content-Type"], "application/x-tar")


if __name__ == "__main__":
    suite.run(f"batches of aistore {version('aistore')} with {NODES} nodes", suite.checks_of(globals()))
