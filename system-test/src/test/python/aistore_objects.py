"""Objects by the SDK: content, names, metadata, copies, removal."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import requests
import xxhash
from aistore.sdk.errors import AISError, ErrBckNotFound, ErrObjNotFound

from aistore_case import KIB, MIB, SDK, URL, ask, client, names_of, new_bucket, put, read, refused, session, size_of
from suite import content, equal, holds, raises, unique

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
    for name in ["..", "a/../b", "./x", "ends/"]:
        request = requests.Request("PUT", f"{URL}/v1/objects/{bucket.name}/x", data=b"x").prepare()
        request.url = f"{URL}/v1/objects/{bucket.name}/{name}"
        equal(session.send(request).status_code, 400, f"status of {name!r}")
    equal(bucket.list_all_objects(), [], "objects")


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
    answer = session.put(bucket.object("from-stream").get_url(), data=io.BytesIO(data), timeout=20)
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


def check_custom_properties_have_limits():
    bucket = new_bucket()
    writer = put(bucket, "described", b"content").get_writer()
    writer.set_custom_props({"k": "v" * 2047})
    equal(raises(AISError, writer.set_custom_props, {"k": "v" * 2048}).status_code, 400, "status of too much")
    refusal = raises(AISError, writer.set_custom_props, {"other": "x" * 100})
    holds("exceeds max 2048 bytes" in refusal.message, f"message of too much in sum: {refusal.message}")
    refusal = raises(AISError, writer.set_custom_props, {"": "value"})
    holds("empty key" in refusal.message, f"message of an empty key: {refusal.message}")
    equal(len(bucket.object("described").get_reader().attributes.custom_metadata["k"]), 2047, "what stayed")
    raises(ErrObjNotFound, bucket.object("absent").get_writer().set_custom_props, {"k": "v"})


def check_custom_properties_sent_with_content():
    bucket = new_bucket()
    reply = ask("PUT", f"objects/{bucket.name}/o", data=b"x", headers={"Ais-Custom-Md": "colour=blue"})
    equal(reply.status_code, 200, "status")
    equal(bucket.object("o").get_reader().attributes.custom_metadata, {"colour": "blue"}, "custom")
    refused(ask("PUT", f"objects/{bucket.name}/o", data=b"x", headers={"Ais-Custom-Md": "none"}), 400, "key=value")


def check_head_of_the_old_form():
    bucket = new_bucket()
    put(bucket, "o", b"12345").get_writer().set_custom_props({"k": "v"})
    head = ask("HEAD", f"objects/{bucket.name}/o?provider=ais", allow_redirects=True)
    equal(head.status_code, 200, "status")
    expected = {
        "Ais-Present": "true",
        "Ais-Name": "o",
        "Ais-Bucket-Name": bucket.name,
        "Ais-Bucket-Provider": "ais",
        "Ais-Checksum-Type": "xxhash2",
        "Ais-Checksum-Value": xxhash.xxh64(b"12345").hexdigest(),
        "Ais-Custom-Md": "k=v",
        "Content-Length": "5",
    }
    equal({name: head.headers.get(name) for name in expected}, expected, "headers")
    for name in ("Ais-Atime", "Ais-Version", "Ais-Location", "Ais-Mirror-Paths", "Ais-Mirror-Copies"):
        holds(head.headers.get(name), f"no {name}")
    bare = ask("HEAD", f"objects/{bucket.name}/o?presence=1", allow_redirects=True)
    equal((bare.status_code, bare.headers.get("Ais-Name")), (200, None), "presence without properties")
    refused(ask("HEAD", f"objects/{bucket.name}/absent", allow_redirects=True), 404, "does not exist", "/absent")


def check_head_of_selected_properties():
    bucket = new_bucket()
    put(bucket, "o", b"12345").get_writer().set_custom_props({"k": "v"})
    path = f"objects/{bucket.name}/o?props="
    told = {
        "name": [],
        "size": [],
        "checksum": ["Ais-Checksum-Type", "Ais-Checksum-Value"],
        "atime": ["Ais-Atime"],
        "version": ["Ais-Version"],
        "custom": ["Ais-Custom-Md"],
        "last-modified": ["Last-Modified"],
        "etag": ["ETag"],
        "location": ["Ais-Location"],
        "copies": ["Ais-Mirror-Copies", "Ais-Mirror-Paths"],
        "ec": [],
        "chunked": [],
    }
    possible = {header for headers in told.values() for header in headers}
    for name, headers in told.items():
        head = ask("HEAD", path + name, allow_redirects=True)
        equal((head.status_code, head.headers["Content-Length"]), (200, "5"), f"status and length of {name}")
        equal({header for header in possible if header in head.headers}, set(headers), f"headers of {name}")
    for name in ("cached", "status", "present", "target_url"):
        refused(ask("HEAD", path + name, allow_redirects=True), 400, name)
    put(bucket, "empty", b"")
    head = ask("HEAD", f"objects/{bucket.name}/empty?props=size", allow_redirects=True)
    equal(head.headers["Content-Length"], "0", "length of nothing")


def check_props_of_the_new_form():
    if SDK < (2, 0):
        return
    bucket = new_bucket()
    obj = put(bucket, "o", b"12345")
    head = obj.head("size,etag,last-modified,copies")
    holds(head.etag and head.last_modified, "no entity tag or time")
    holds(head.mirror_copies >= 1, "no copies")
    equal(raises(AISError, obj.head, "cached").status_code, 400, "status of a property of listings")
    obj.get_writer().set_custom_props({"with": "a=b"})
    equal(obj.props.custom_metadata, {"with": "a=b"}, "value with an equals sign")


def check_lock_is_free():
    bucket = new_bucket()
    put(bucket, "o", b"x")
    for query in ("", "?provider=ais"):
        equal(ask("POST", f"objects/{bucket.name}/o{query}", "check-lock").status_code, 200, "status of no lock")


def check_reads_during_writes_are_whole():
    bucket = new_bucket()
    versions = [bytes([n]) * (300 * KIB) for n in range(6)]
    obj = put(bucket, "o", versions[0])
    done = threading.Event()

    def write():
        for data in versions[1:]:
            obj.get_writer().put_content(data)
        done.set()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(write)
        while not done.is_set():
            holds(read(obj) in versions, "a mixture of two contents")


def check_copies_of_objects():
    bucket, other = new_bucket(), new_bucket()
    data = content(200 * KIB)
    obj = put(bucket, "source", data)
    obj.get_writer().set_custom_props({"k": "v"})
    for name in ("one", "two/three", "four with space"):
        obj.copy(bucket.object(name))
        obj.copy(other.object(name))
        for holder in (bucket, other):
            equal(read(holder.object(name)), data, f"copy {name}")
            equal(holder.object(name).get_reader().attributes.custom_metadata, {"k": "v"}, "custom of a copy")
    obj.copy(obj)
    equal(read(obj), data, "copy onto itself")
    raises(ErrObjNotFound, bucket.object("absent").copy, bucket.object("never"))
    raises(ErrBckNotFound, obj.copy, client.bucket(unique("absent")).object("never"))


def check_renamed_objects():
    bucket = new_bucket()
    for index in range(4):
        put(bucket, f"old-{index}", content(1000, index))
        renamed = ask("POST", f"objects/{bucket.name}/old-{index}", "rename-obj", name=f"new/{index}")
        equal(renamed.status_code, 200, "status")
        equal(read(bucket.object(f"new/{index}")), content(1000, index), "content under the new name")
    equal(names_of(bucket.list_all_objects()), [f"new/{n}" for n in range(4)], "names")
    refused(ask("POST", f"objects/{bucket.name}/new/0", "rename-obj", name="new/0"), 400, "to itself")
    refused(ask("POST", f"objects/{bucket.name}/absent", "rename-obj", name="x"), 404, "does not exist")
    refused(ask("POST", f"objects/{bucket.name}/new/0", "rename-obj", name="a/../b"), 400)


def check_checksums_that_clients_send():
    bucket = new_bucket()
    path = f"objects/{bucket.name}/o"
    right = {"Ais-Checksum-Type": "xxhash2", "Ais-Checksum-Value": xxhash.xxh64(b"content").hexdigest()}
    stored = ask("PUT", path, data=b"content", headers=right)
    equal((stored.status_code, stored.text), (200, ""), "reply to the right checksum")
    equal(stored.headers["Ais-Checksum-Value"], right["Ais-Checksum-Value"], "checksum of the reply")
    version = stored.headers["Ais-Version"]
    again = ask("PUT", path, data=b"content", headers=right)
    equal(again.headers["Ais-Version"], version, "version after the same content")
    refused(ask("PUT", f"{path}-wrong", data=b"other", headers=right), 500, "BAD DATA CHECKSUM")
    raises(ErrObjNotFound, lambda: read(bucket.object("o-wrong")))
    equal(read(bucket.object("o")), b"content", "content")
    unknown = {"Ais-Checksum-Type": "crc8", "Ais-Checksum-Value": "00"}
    refused(ask("PUT", path, data=b"x", headers=unknown), 400, "crc8")


def check_methods_that_objects_do_not_have():
    bucket = new_bucket()
    options = ask("OPTIONS", f"objects/{bucket.name}/o")
    equal(options.status_code, 200, "status of OPTIONS")
    holds("GET" in options.headers["Allow"], "OPTIONS tells no methods")
    refused(ask("POST", f"objects/{bucket.name}/o", "dance"), 400, "dance")
