"""The unmodified AIStore SDK against a Forebay server: `aistore_sdk.py URL STORAGE_NODES`.

Runs with 1.25.0, 1.26.0 and 2.0.0; what only newer versions have is asked for where they have it.
"""

import io
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import requests
import xxhash
from aistore import Client
from aistore.sdk.errors import AISError, ErrBckAlreadyExists, ErrBckNotFound, ErrObjNotFound
from aistore.sdk.list_object_flag import ListObjectFlag

import suite
from suite import content, equal, holds, raises, unique

URL = sys.argv[1]
NODES = int(sys.argv[2])
SDK = tuple(int(part) for part in version("aistore").split(".")[:2])
KIB, MIB = 1024, 1024 * 1024
NAMES = [
    "plain",
    "folder/and/deeper/name.jpg",
    "with space",
    "plus+sign",
    "per%cent",
    "per%20cent",
    "hash#mark",
    "question?mark=1&b=2",
    "ünï/cödé-日本語-🚀",
    "quote'and\"double",
    "semi;colon,comma:colon@at=equals",
    "tilde~dash-dot.under_score",
    "[brackets]{braces}(round)",
    "back\\slash",
    "pipe|dollar$caret^tick`star*bang!",
    "dots.../..name",
    "x" * 200,
]

client = Client(URL)


def new_bucket():
    return client.bucket(unique()).create()


def put(bucket, name, data):
    bucket.object(name).get_writer().put_content(data)
    return bucket.object(name)


def read(obj, **how):
    return bytes(obj.get_reader(**how).read_all())


def size_of(obj):
    """The size that HEAD tells, in the form that the SDK's version has."""
    head = obj.head()
    return head.size if SDK >= (2, 0) else int(head["Content-Length"])


def check_cluster_is_ready():
    cluster = client.cluster()
    holds(cluster.is_ready(), "the cluster is not ready")
    info = cluster.get_info()
    equal(len(info.tmap), NODES, "storage nodes")
    equal(len(info.pmap), 1, "gateways")
    holds(info.uuid, "the cluster has no id")
    equal(cluster.get_uuid(), info.uuid, "cluster id")
    equal(cluster.get_primary_url(), URL, "primary URL")


def check_performance_of_every_node():
    equal(len(client.cluster().get_performance()), NODES, "nodes with numbers")


def check_no_jobs_and_no_etls():
    equal(client.cluster().list_running_jobs(), [], "running jobs")
    equal(client.cluster().list_jobs_status(), [], "jobs")
    equal(client.cluster().list_etls(), [], "ETLs")


def check_bucket_life():
    name = unique()
    bucket = client.bucket(name)
    raises(ErrBckNotFound, bucket.delete)
    bucket.create()
    holds(name in [found.name for found in client.cluster().list_buckets()], "bucket is not listed")
    raises(ErrBckAlreadyExists, bucket.create)
    bucket.create(exist_ok=True)
    headers = bucket.head()
    equal(headers["Ais-Bucket-Props"][:1] if "Ais-Bucket-Props" in headers else "{", "{", "bucket properties")
    put(bucket, "something", b"x")
    bucket.delete()
    holds(name not in [found.name for found in client.cluster().list_buckets()], "bucket is still listed")
    bucket.delete(missing_ok=True)
    raises(ErrBckNotFound, bucket.list_objects)
    raises(AISError, bucket.head)


def check_bucket_made_again_is_empty():
    bucket = new_bucket()
    for index in range(5):
        put(bucket, f"object-{index}", content(KIB, index))
    bucket.delete()
    bucket.create()
    equal(bucket.list_all_objects(), [], "objects of the new bucket")
    raises(ErrObjNotFound, lambda: read(bucket.object("object-1")))


def check_bucket_of_wrong_name_is_refused():
    for name in ["a" * 65, "two..dots", "with space", "slash%2Fed"]:
        raises(AISError, client.bucket(name).create)


def check_put_get_head_delete_of_all_sizes():
    bucket = new_bucket()
    for size in [0, 1, 100, 4 * KIB, 128 * KIB - 1, 128 * KIB, 128 * KIB + 1, MIB, 9 * MIB + 7]:
        data = content(size)
        obj = put(bucket, f"size-{size}", data)
        equal(read(obj), data, f"content of {size} bytes")
        equal(size_of(obj), size, "size by HEAD")
        attributes = obj.get_reader().attributes
        equal(attributes.size, size, "size of attributes")
        equal(attributes.checksum_type, "xxhash2", "checksum type")
        equal(attributes.checksum_value, xxhash.xxh64(data).hexdigest(), "checksum")
        holds(attributes.present, "object is not present")
        obj.delete()
        raises(ErrObjNotFound, lambda o=obj: read(o))
        raises(ErrObjNotFound, obj.delete)
        raises(AISError, obj.head)


def check_overwrite_counts_versions():
    bucket = new_bucket()
    obj = put(bucket, "twice", b"first content")
    first = obj.get_reader().attributes.obj_version
    put(bucket, "twice", b"second")
    equal(read(obj), b"second", "content after overwrite")
    equal(obj.get_reader().attributes.obj_version, str(int(first) + 1), "version")


def check_names_of_every_kind():
    bucket = new_bucket()
    for index, name in enumerate(NAMES):
        put(bucket, name, content(100, index))
    for index, name in enumerate(NAMES):
        equal(read(bucket.object(name)), content(100, index), f"content of {name!r}")
        equal(size_of(bucket.object(name)), 100, f"size of {name!r}")
    listed = [entry.name for entry in bucket.list_all_objects()]
    equal(listed, sorted(NAMES, key=lambda name: name.encode()), "listed names")
    for name in NAMES:
        bucket.object(name).delete()
    equal(bucket.list_all_objects(), [], "objects after deletion")


def check_names_that_are_refused():
    bucket = new_bucket()
    session = requests.Session()
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE", True)
    for name in ["..", "a/../b", "./x", "ends/"]:
        request = requests.Request("PUT", f"{URL}/v1/objects/{bucket.name}/x", data=b"x").prepare()
        request.url = f"{URL}/v1/objects/{bucket.name}/{name}"
        equal(session.send(request).status_code, 400, f"status of {name!r}")
    equal(bucket.list_all_objects(), [], "objects")


def check_ranges():
    bucket = new_bucket()
    for size in [1000, 3 * MIB]:
        data = content(size)
        obj = put(bucket, f"ranged-{size}", data)
        for text, expected in [
            ("bytes=0-0", data[:1]),
            ("bytes=0-499", data[:500]),
            (f"bytes={size - 10}-", data[-10:]),
            (f"bytes={size - 10}-{size + 100}", data[-10:]),
            ("bytes=-200", data[-200:]),
            ("bytes=17-17", data[17:18]),
        ]:
            equal(read(obj, byte_range=text), expected, f"range {text} of {size}")
        refused = raises(AISError, lambda o=obj, s=size: read(o, byte_range=f"bytes={s}-"))
        equal(refused.status_code, 416, "status beyond the end")


def check_reader_forms():
    bucket = new_bucket()
    data = content(3 * MIB + 5)
    obj = put(bucket, "forms", data)
    equal(b"".join(obj.get_reader(chunk_size=100_000)), data, "iterated content")
    with obj.get_reader().as_file() as file:
        equal(file.read(10), data[:10], "first bytes as a file")
        equal(file.read(), data[10:], "rest as a file")
    equal(obj.get_reader().raw().read(), data, "raw content")
    written = io.BytesIO()
    obj.get_reader(writer=written)
    equal(written.getvalue(), data, "content of a writer")
    by_url = requests.get(obj.get_url(), timeout=20)
    equal(by_url.content, data, "content by URL")


def check_direct_reads():
    bucket = new_bucket()
    for index in range(12):
        put(bucket, f"direct/{index}", content(10 * KIB, index))
    for index in range(12):
        obj = bucket.object(f"direct/{index}")
        equal(read(obj, direct=True), content(10 * KIB, index), "direct content")
        equal(read(obj, direct=True, byte_range="bytes=5-9"), content(10 * KIB, index)[5:10], "direct range")
    raises(ErrObjNotFound, lambda: read(bucket.object("direct/absent"), direct=True))


def check_parallel_reads():
    bucket = new_bucket()
    data = content(20 * MIB + 11)
    obj = put(bucket, "parallel", data)
    for how in [{}, {"direct": True}, {"chunk_size": MIB}]:
        with obj.get_reader(num_workers=4, **how).read_all() as parallel:
            equal(parallel.tobytes(), data, f"parallel content {how}")
    equal(b"".join(bytes(part) for part in obj.get_reader(num_workers=2)), data, "iterated parallel content")


def check_writer_of_file():
    bucket = new_bucket()
    data = content(2 * MIB + 1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.bin")
        path.write_bytes(data)
        obj = bucket.object("from-file")
        obj.get_writer().put_file(path)
        equal(read(obj), data, "content of file")
        for index in range(3):
            Path(folder, f"part-{index}.txt").write_bytes(content(500, index))
        bucket.put_files(folder, pattern="part-*.txt", prepend="many/")
    for index in range(3):
        equal(read(bucket.object(f"many/part-{index}.txt")), content(500, index), "content of one of many files")


def check_append():
    bucket = new_bucket()
    parts = [content(100_000, index) for index in range(4)]
    obj = bucket.object("appended")
    writer = obj.get_writer()
    handle = ""
    for part in parts:
        handle = writer.append_content(part, handle)
    raises(ErrObjNotFound, lambda: read(obj))
    writer.append_content(b"", handle, flush=True)
    equal(read(obj), b"".join(parts), "appended content")
    attributes = obj.get_reader().attributes
    # The checksum of pieces that came one by one is of a type that can be combined.
    holds(attributes.checksum_type in ("xxhash2", "crc32c"), attributes.checksum_type)
    holds(attributes.checksum_value, "no checksum")


def check_writer_as_file():
    bucket = new_bucket()
    obj = bucket.object("written-as-file")
    with obj.get_writer().as_file(mode="w") as file:
        file.write(b"one ")
        file.write(b"two ")
        file.flush()
        file.write(b"three")
    equal(read(obj), b"one two three", "content written as a file")


def check_custom_properties():
    bucket = new_bucket()
    obj = put(bucket, "described", b"content")
    obj.get_writer().set_custom_props({"label": "7", "source": "camera one"})
    equal(obj.get_reader().attributes.custom_metadata, {"label": "7", "source": "camera one"}, "custom")
    obj.get_writer().set_custom_props({"label": "8"})
    equal(obj.get_reader().attributes.custom_metadata, {"label": "8", "source": "camera one"}, "changed custom")
    obj.get_writer().set_custom_props({"only": "this"}, replace_existing=True)
    equal(obj.get_reader().attributes.custom_metadata, {"only": "this"}, "replaced custom")
    equal(obj.props.custom_metadata, {"only": "this"}, "custom of props")
    equal(read(obj), b"content", "content")


def check_props():
    bucket = new_bucket()
    data = content(5000)
    obj = put(bucket, "with props", data)
    props = obj.props
    equal(props.name, "with props", "name")
    equal(props.bucket_name, bucket.name, "bucket name")
    equal(props.size, 5000, "size")
    equal(props.checksum_value, xxhash.xxh64(data).hexdigest(), "checksum")
    holds(props.location, "no location")
    equal(props.obj_version, "1", "version")


def check_multipart_upload():
    bucket = new_bucket()
    parts = [content(size, size) for size in [MIB, 5 * MIB + 3, 10]]
    obj = bucket.object("multipart/object")
    upload = obj.multipart_upload().create()
    for number, part in enumerate(parts, 1):
        upload.add_part(number).put_content(part)
    raises(ErrObjNotFound, lambda: read(obj))
    upload.complete()
    whole = b"".join(parts)
    equal(read(obj), whole, "content of parts")
    equal(size_of(obj), len(whole), "size of parts")
    equal(read(obj, byte_range=f"bytes={MIB - 5}-{MIB + 4}"), whole[MIB - 5 : MIB + 5], "range over a border")
    raises(AISError, upload.complete)


def check_multipart_upload_aborted():
    bucket = new_bucket()
    obj = bucket.object("never")
    upload = obj.multipart_upload().create()
    upload.add_part(1).put_content(content(MIB))
    upload.abort()
    raises(AISError, upload.complete)
    raises(ErrObjNotFound, lambda: read(obj))
    equal(bucket.list_all_objects(), [], "objects")


def listing_bucket():
    bucket = new_bucket()
    names = sorted([f"a/{n:03}" for n in range(40)] + [f"b/{n:03}" for n in range(25)] + [f"c{n}" for n in range(5)])
    for name in names:
        put(bucket, name, content(10))
    return bucket, names


def names_of(entries):
    return [entry.name for entry in entries]


def check_listing_in_pages():
    bucket, names = listing_bucket()
    equal(names_of(bucket.list_all_objects()), names, "all names")
    equal(names_of(bucket.list_all_objects(page_size=7)), names, "names by pages of 7")
    equal(names_of(bucket.list_objects_iter(page_size=10)), names, "names by iterator")
    equal([obj.name for obj in bucket.list_all_objects_iter()], names, "names of objects")
    equal(names_of(bucket.list_all_objects(prefix="b/")), [n for n in names if n.startswith("b/")], "prefix b/")
    equal(names_of(bucket.list_all_objects(prefix="a/01")), [f"a/01{n}" for n in range(10)], "prefix a/01")
    equal(names_of(bucket.list_all_objects(prefix="none")), [], "prefix of nothing")
    first = bucket.list_objects(page_size=30)
    equal(len(first.entries), 30, "first page")
    holds(first.continuation_token, "no token after the first page")
    second = bucket.list_objects(page_size=100, continuation_token=first.continuation_token, uuid=first.uuid)
    equal(names_of(first.entries) + names_of(second.entries), names, "two pages")
    equal(second.continuation_token, "", "token at the end")
    equal(bucket.list_objects(page_size=len(names)).continuation_token in ("", names[-1]), True, "full page")


def check_listing_after_a_name():
    if SDK < (1, 26):
        return
    bucket, names = listing_bucket()
    equal(names_of(bucket.list_all_objects(start_after="b/010")), [n for n in names if n > "b/010"], "after b/010")
    equal(
        names_of(bucket.list_all_objects(start_after="b/010", page_size=4)),
        [n for n in names if n > "b/010"],
        "after b/010 by pages",
    )
    equal(names_of(bucket.list_all_objects(start_after="zzz")), [], "after the end")


def check_listing_with_properties():
    bucket = new_bucket()
    data = content(1234)
    obj = put(bucket, "listed", data)
    obj.get_writer().set_custom_props({"k": "v"})
    entry = bucket.list_objects(props="name,size,checksum,atime,version,custom,copies,location").entries[0]
    equal(entry.name, "listed", "name")
    equal(entry.size, 1234, "size")
    equal(entry.checksum, xxhash.xxh64(data).hexdigest(), "checksum")
    equal(entry.version, "1", "version")
    holds(entry.atime, "no access time")
    equal(entry.copies, 1, "copies")
    holds(entry.location, "no location")
    plain = bucket.list_objects().entries[0]
    equal((plain.name, plain.size), ("listed", 1234), "plain entry")
    only_names = bucket.list_objects(flags=[ListObjectFlag.NAME_ONLY]).entries[0]
    equal(only_names.name, "listed", "name only")


def check_listing_of_folders():
    bucket, names = listing_bucket()
    found = bucket.list_all_objects(flags=[ListObjectFlag.NO_RECURSION])
    equal({name.rstrip("/") for name in names_of(found)}, {"a", "b", "c0", "c1", "c2", "c3", "c4"}, "top level")
    flat = bucket.list_all_objects(flags=[ListObjectFlag.NO_RECURSION, ListObjectFlag.NO_DIRS])
    equal(names_of(flat), [f"c{n}" for n in range(5)], "top level without folders")
    inner = bucket.list_all_objects(prefix="b/", flags=[ListObjectFlag.NO_RECURSION])
    equal([n for n in names_of(inner) if n != "b/"], [n for n in names if n.startswith("b/")], "folder b/")


def check_group_of_objects():
    bucket = new_bucket()
    for index in range(5):
        put(bucket, f"group-{index}", content(50, index))
    group = bucket.objects(obj_names=[f"group-{index}" for index in range(5)])
    equal([obj.name for obj in group.list_all_objects_iter()], [f"group-{n}" for n in range(5)], "group")
    equal(len(group.list_urls()) if isinstance(group.list_urls(), list) else 5, 5, "URLs")
    template = bucket.objects(obj_template="group-{0..3}")
    equal(list(template.list_names()), [f"group-{n}" for n in range(4)], "names of a template")


def check_errors_name_what_they_are_about():
    bucket = new_bucket()
    missing = client.bucket(unique("absent"))
    error = raises(ErrBckNotFound, missing.list_objects)
    holds(missing.name in error.message, f"message does not name the bucket: {error.message}")
    error = raises(ErrObjNotFound, lambda: read(bucket.object("no-such-thing")))
    equal(error.status_code, 404, "status")
    holds("no-such-thing" in error.message, f"message does not name the object: {error.message}")
    raises(ErrBckNotFound, lambda: put(missing, "x", b"x"))
    raises(ErrBckNotFound, lambda: read(missing.object("x")))


def check_generators_and_files_as_bodies():
    bucket = new_bucket()
    data = content(300_000)
    answer = requests.put(bucket.object("from-stream").get_url(), data=io.BytesIO(data), timeout=20)
    equal(answer.status_code, 200, "status")
    equal(read(bucket.object("from-stream")), data, "content of a stream")


def check_many_small_objects_by_many_threads():
    from concurrent.futures import ThreadPoolExecutor  # pylint: disable=import-outside-toplevel

    bucket = new_bucket()

    def round_trip(index):
        data = content(2000, index)
        obj = put(bucket, f"thread/{index:04}", data)
        return read(obj) == data

    with ThreadPoolExecutor(16) as pool:
        equal(sum(pool.map(round_trip, range(400))), 400, "round trips")
    equal(len(bucket.list_all_objects(page_size=50)), 400, "objects listed")


if __name__ == "__main__":
    suite.run(f"aistore {version('aistore')} with {NODES} nodes", suite.checks_of(globals()))
