"""The SDK's writers: content, files, folders, appending, multipart uploads."""

import contextlib
import logging
import tempfile
from pathlib import Path

from aistore.sdk.errors import AISError, ErrObjNotFound

from aistore_case import MIB, ask, new_bucket, put, read, refused, size_of
from suite import content, equal, holds, raises


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


@contextlib.contextmanager
def progress():
    """What the SDK tells of the files that it puts."""
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    logger = logging.getLogger("aistore.sdk.bucket.put_files")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield lines
    finally:
        logger.removeHandler(handler)


def check_folders():
    bucket = new_bucket()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("one.jpg", "two.txt", "inner/three.jpg", "inner/deep/four.jpg"):
            Path(folder, name).parent.mkdir(parents=True, exist_ok=True)
            Path(folder, name).write_bytes(name.encode())
        equal(sorted(bucket.put_files(folder)), ["one.jpg", "two.txt"], "files of the folder")
        equal(bucket.put_files(folder, dry_run=True, prepend="never/", pattern="*.jpg"), ["never/one.jpg"], "dry run")
        equal(bucket.put_files(folder, prefix_filter="tw", prepend="by-prefix/"), ["by-prefix/two.txt"], "by prefix")
        with progress() as lines:
            deep = bucket.put_files(folder, recursive=True, prepend="deep/", verbose=True)
        equal(len(deep), 4, "files of all folders")
        equal(len(lines), 5, "lines of progress, one a file and one at the end")
        flat = bucket.put_files(folder, recursive=True, basename=True, prepend="flat/", pattern="*.jpg")
        equal(sorted(flat), ["flat/four.jpg", "flat/one.jpg", "flat/three.jpg"], "by their last names")
        equal(read(bucket.object("deep/inner/deep/four.jpg")), b"inner/deep/four.jpg", "content")
        raises(ValueError, bucket.put_files, str(Path(folder, "one.jpg")))
    equal(len(bucket.list_all_objects(prefix="never/")), 0, "objects of the dry run")


def check_append_to_what_is_there():
    bucket = new_bucket()
    obj = put(bucket, "o", b"begin ")
    writer = obj.get_writer()
    handle = writer.append_content(b"middle ")
    equal(read(obj), b"begin ", "content before the flush")
    equal(writer.append_content(b"end", handle, flush=True), "", "handle after the flush")
    equal(read(obj), b"begin middle end", "content after the flush")


def check_append_that_is_refused():
    bucket = new_bucket()
    path = f"objects/{bucket.name}/o"
    refused(ask("PUT", f"{path}?append_type=flush&append_handle="), 400, "append")
    refused(ask("PUT", f"{path}?append_type=append&append_handle=a%7Cb", data=b"x"), 400, "handle")
    refused(ask("PUT", f"{path}?append_type=sideways", data=b"x"), 400, "sideways", "append_type")
    handle = bucket.object("o").get_writer().append_content(b"x")
    elsewhere = "|".join(["absentNode", *handle.split("|")[1:]])
    refused(ask("PUT", f"{path}?append_type=append", data=b"x", params={"append_handle": elsewhere}), 404)
    bucket.object("o").get_writer().append_content(b"", handle, flush=True)
    raises(AISError, bucket.object("o").get_writer().append_content, b"", handle, True)


def check_writer_as_file_of_mode_a():
    bucket = new_bucket()
    obj = put(bucket, "o", b"old ")
    with obj.get_writer().as_file(mode="a") as file:
        file.write(b"new")
    equal(read(obj), b"old new", "appended as a file")
    with obj.get_writer().as_file(mode="w") as file:
        file.write(b"only")
    equal(read(obj), b"only", "written anew as a file")


def check_multipart_upload_in_any_order():
    bucket = new_bucket()
    obj = bucket.object("o")
    upload = obj.multipart_upload().create()
    holds(len(upload.upload_id if hasattr(upload, "upload_id") else upload._upload_id) >= 9, "a short upload id")
    for number in (3, 1, 2):
        upload.add_part(number).put_content(bytes([number]) * 1000)
    upload.complete()
    equal(read(obj), b"".join(bytes([n]) * 1000 for n in (1, 2, 3)), "content")
    head = ask("HEAD", f"objects/{bucket.name}/o?props=chunked", allow_redirects=True).headers
    equal((head["Ais-Chunks-Count"], head["Ais-Chunks-Max-Chunk-Size"]), ("3", "1000"), "chunks")
    put(bucket, "o", b"plain again")
    equal(read(obj), b"plain again", "content of a later write")


def check_multipart_upload_errors():
    bucket = new_bucket()
    obj = bucket.object("o")
    path = f"objects/{bucket.name}/o"
    upload = obj.multipart_upload().create()
    refusal = raises(AISError, upload.add_part(1).put_content, b"")
    holds("invalid size (0)" in refusal.message, f"message of an empty part: {refusal.message}")
    nothing = obj.multipart_upload().create()
    holds("no chunks" in raises(AISError, nothing.complete).message, "message of no parts")
    twice = obj.multipart_upload().create()
    for _ in range(2):
        twice.add_part(1).put_content(b"part")
    refusal = raises(AISError, twice.complete)
    holds("partial completion" in refusal.message, f"message of a part named twice: {refusal.message}")
    equal(refusal.status_code, 501, "status of a part named twice")
    gap = obj.multipart_upload().create()
    for number in (1, 3):
        gap.add_part(number).put_content(b"part")
    refusal = raises(AISError, gap.complete)
    holds("parts must be exactly 1..2" in refusal.message, f"message of a gap: {refusal.message}")
    for number in ("0", "-1", "x"):
        refused(ask("PUT", f"{path}?uploadId=whatever1&partNumber={number}", data=b"x"), 400, "part number")
    refused(ask("PUT", f"{path}?uploadId=absentUpload&partNumber=1", data=b"x"), 404, "absentUpload")
    refused(ask("POST", f"{path}?uploadId=absentUpload", "mpt-complete", [{"part-number": 1, "etag": ""}]), 404)
    refused(ask("DELETE", f"{path}?uploadId=absentUpload", "mpt-abort"), 404, "absentUpload")
    raises(ErrObjNotFound, lambda: read(obj))
