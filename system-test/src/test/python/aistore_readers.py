"""The SDK's readers: whole, in ranges, in pieces, in parallel, straight from the owner, and resumed."""

import io
from concurrent.futures import ThreadPoolExecutor

from aistore import Client
from aistore.sdk.blob_download_config import BlobDownloadConfig
from aistore.sdk.errors import AISError, ErrObjNotFound

from aistore_case import KIB, MIB, URL, ask, new_bucket, put, read, refused, session
from breaking_proxy import BreakingProxy
from suite import content, equal, raises


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
    by_url = session.get(obj.get_url(), timeout=20)
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


def check_ranges_on_the_wire():
    bucket = new_bucket()
    put(bucket, "o", content(1000))
    path = f"objects/{bucket.name}/o"
    part = ask("GET", path, headers={"Range": "bytes=10-19"})
    equal((part.status_code, part.content), (206, content(1000)[10:20]), "part")
    equal(part.headers["Content-Range"], "bytes 10-19/1000", "Content-Range")
    equal(part.headers["Accept-Ranges"], "bytes", "Accept-Ranges")
    whole = ask("GET", path).headers
    equal(part.headers["Ais-Checksum-Value"], whole["Ais-Checksum-Value"], "checksum, which is the whole object's")
    for text in ("bytes=5-2", "bytes=a-b", "10-19", "bytes=0-1,4-5", "bytes=1000-"):
        reply = ask("GET", path, headers={"Range": text})
        refused(reply, 416)
        equal(reply.headers["Content-Range"], "bytes */1000", f"Content-Range of {text}")
    put(bucket, "empty", b"")
    refused(ask("GET", f"objects/{bucket.name}/empty", headers={"Range": "bytes=0-0"}), 416)


def check_headers_of_a_read():
    bucket = new_bucket()
    put(bucket, "o", b"12345").get_writer().set_custom_props({"one": "1", "two": "2"})
    reply = ask("GET", f"objects/{bucket.name}/o", stream=True)
    equal(reply.headers["Content-Type"], "application/octet-stream", "type")
    equal(reply.headers["Content-Length"], "5", "length")
    lines = sorted(reply.raw.headers.getlist("Ais-Custom-Md"))
    equal(lines, ["one=1", "two=2"], "a line for each entry of custom metadata")
    equal(reply.content, b"12345", "content")


def check_parallel_reads_of_parts():
    bucket = new_bucket()
    obj = bucket.object("o")
    parts = [content(size, size) for size in (3 * MIB, 2 * MIB, 700_001)]
    upload = obj.multipart_upload().create()
    for number, part in enumerate(parts, 1):
        upload.add_part(number).put_content(part)
    upload.complete()
    with obj.get_reader(num_workers=3).read_all() as parallel:
        equal(parallel.tobytes(), b"".join(parts), "parallel content of parts")
    raises(ValueError, lambda: put(bucket, "empty", b"").get_reader(num_workers=2).read_all())
    raises(ValueError, obj.get_reader, num_workers=1)
    raises(ValueError, obj.get_reader, num_workers=2, byte_range="bytes=0-1")


def check_many_ranges_at_once():
    bucket = new_bucket()
    data = content(4 * MIB)
    put(bucket, "o", data)
    spans = [(at, min(at + 40_000, len(data))) for at in range(0, len(data), 40_000)]

    def part(span):
        reply = ask("GET", f"objects/{bucket.name}/o", headers={"Range": f"bytes={span[0]}-{span[1] - 1}"})
        return reply.status_code == 206 and reply.content == data[span[0] : span[1]]

    with ThreadPoolExecutor(8) as pool:
        equal(sum(pool.map(part, spans)), len(spans), "right parts")


def check_blob_options_are_for_remote_buckets():
    bucket = new_bucket()
    obj = put(bucket, "o", content(300 * KIB))
    config = BlobDownloadConfig(chunk_size="1MiB", num_workers="4")
    refusal = raises(AISError, lambda: obj.get_reader(blob_download_config=config).read_all())
    equal(refusal.status_code, 400, "status")
    equal("blob-downloader is not supported" in refusal.message, True, "message")
    equal(read(obj, latest=True), content(300 * KIB), "the latest version, which is the one there is")
    raises(ValueError, obj.get_reader, blob_download_config=config, byte_range="bytes=0-1")


def through(proxy):
    """A client whose requests pass the proxy."""
    return Client(proxy.url)


def check_reader_as_file_resumes():
    bucket = new_bucket()
    data = content(3 * MIB + 17)
    put(bucket, "o", data)
    with BreakingProxy(URL, session, [1_000_000, 900_000, 0]) as proxy:
        obj = through(proxy).bucket(bucket.name).object("o")
        with obj.get_reader().as_file(max_resume=5) as file:
            equal(file.read(500_000), data[:500_000], "first bytes")
            equal(file.read(), data[500_000:], "the rest, over broken connections")
        equal(proxy.broken, 3, "broken replies")
        equal([text for text in proxy.ranges if text][0].startswith("bytes="), True, "the range of a resumed read")


def check_reader_as_file_gives_up():
    bucket = new_bucket()
    put(bucket, "o", content(MIB))
    with BreakingProxy(URL, session, [1000] * 20) as proxy:
        obj = through(proxy).bucket(bucket.name).object("o")
        raises(Exception, lambda: obj.get_reader().as_file(max_resume=2).__enter__().read())


def check_resumed_ranges():
    bucket = new_bucket()
    data = content(MIB)
    put(bucket, "o", data)
    for text, expected in [("bytes=1000-800000", data[1000:800_001]), ("bytes=-700000", data[-700_000:])]:
        with BreakingProxy(URL, session, [300_000]) as proxy:
            obj = through(proxy).bucket(bucket.name).object("o")
            with obj.get_reader(byte_range=text).as_file() as file:
                equal(file.read(), expected, f"resumed {text}")
            equal(proxy.broken, 1, "broken replies")
