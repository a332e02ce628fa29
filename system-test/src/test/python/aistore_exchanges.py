"""The SDK's exchanges with a server, call by call, against what is written down of them.

    aistore_exchanges.py URL [--record]

A call's file is resources/aistore-exchanges/CALL.json: for each request that it makes, the replies that it may get,
with status, headers and fields. What varies is its type: `<int>`, `<text>`. The same files are right for every version of
the SDK, each of which makes some of the requests; --record adds what is missing, so that a call is written down anew by
removing its file and recording with all versions.
"""

import json
import re
import sys
from importlib.metadata import version
from pathlib import Path

import msgspec
from aistore.sdk.errors import AISError
from requests.adapters import HTTPAdapter

import suite
from aistore_case import client, read, set_properties
from suite import unique

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "aistore-exchanges"
RECORDS = "--record" in sys.argv
# Of the connection, not of the call.
SKIPPED = {"Date", "Connection", "Server", "Keep-Alive"}
VARYING_HEADERS = {
    "Ais-Append-Handle",
    "Ais-Atime",
    "Ais-Location",
    "Ais-Mirror-Paths",
    "Ais-Xaction-Id",
    "Last-Modified",
}
VARYING_FIELDS = {
    *("bid", "created", "remote_addr", "node", "total_disks_size", "used_pct"),
    *("uuid", "UUID", "a", "atime", "t", "location"),
}


class Recorder:
    """Notes every exchange of a session, redirects among them."""

    def __init__(self):
        self.exchanges = []
        self._send = HTTPAdapter.send
        recorder = self

        def send(adapter, request, **how):
            reply = recorder._send(adapter, request, **how)
            recorder.exchanges.append((request, reply, how.get("stream")))
            return reply

        HTTPAdapter.send = send

    def close(self):
        """Notes no more."""
        HTTPAdapter.send = self._send


def typed(value):
    """The type of what varies, as the files have it."""
    return "<int>" if isinstance(value, int) or re.fullmatch(r"\d+", str(value)) else "<text>"


def fields(value):
    """A message with the types of what varies."""
    if isinstance(value, dict):
        return {key: typed(inner) if key in VARYING_FIELDS and inner else fields(inner) for key, inner in value.items()}
    return [fields(inner) for inner in value] if isinstance(value, list) else value


def body(reply, stream):
    """A reply's body as the files have it."""
    kind = reply.headers.get("Content-Type", "").split(";")[0]
    if kind == "application/msgpack":
        return fields(msgspec.msgpack.decode(reply.content))
    if kind == "application/json":
        return fields(reply.json())
    if stream:
        return "<bytes>"
    return typed(reply.text) if re.fullmatch(r"[A-Za-z0-9-]{9,}", reply.text) else reply.text


def header(name, value):
    """A header's value as the files have it."""
    if name in VARYING_HEADERS or (name == "Content-Length" and int(value) > 60):
        return typed(value)
    return fields(json.loads(value)) if value.startswith("{") else value


def described(request, reply, stream, bucket):
    """An exchange as the files have it: the request's line, and the reply."""

    def plain(text):
        return re.sub(r"\b([tp])\[\w+\]", r"\1[<node>]", text.replace(bucket, "<bucket>"))

    path = re.sub(r"((?:uuid|uploadId|append_handle)=)[^&]+", r"\1<text>", plain(request.path_url))
    action = ""
    if request.body and isinstance(request.body, (bytes, str)) and request.body[:1] in (b"{", "{"):
        action = " " + json.loads(request.body).get("action", "")
    told = {name: header(name, value) for name, value in sorted(reply.headers.items()) if name not in SKIPPED}
    answer = {"status": reply.status_code, "headers": told}
    if request.method != "HEAD" and (reply.headers.get("Content-Length") != "0" or stream):
        answer["body"] = body(reply, stream)
    return f"{request.method} {path}{action}", json.loads(plain(json.dumps(answer)))


def upload(obj):
    """A multipart upload of one part, in all its steps."""
    begun = obj.multipart_upload().create()
    begun.add_part(1).put_content(b"part")
    begun.complete()


def abort(obj):
    """A multipart upload that is given up."""
    obj.multipart_upload().create().abort()


def append(obj):
    """An append and its flush."""
    writer = obj.get_writer()
    writer.append_content(b"end", writer.append_content(b"begin"), flush=True)


# By the name of its file: what is called, with the bucket and an object of five bytes in it.
CALLS = {
    "bucket-create": lambda bucket, obj: bucket.create(exist_ok=False),
    "bucket-head": lambda bucket, obj: bucket.head(),
    "bucket-info": lambda bucket, obj: bucket.info(),
    "bucket-summary": lambda bucket, obj: bucket.summary(),
    "bucket-properties-set": lambda bucket, obj: set_properties(bucket, {"checksum": {"type": "xxhash2"}}),
    "bucket-properties-reset": lambda bucket, obj: bucket.make_request("patch", "reset-bprops"),
    "bucket-rename": lambda bucket, obj: bucket.rename("other"),
    "bucket-copy": lambda bucket, obj: bucket.copy(client.bucket("other")),
    "bucket-inventories": lambda bucket, obj: bucket.show_inventory(),
    "list-objects": lambda bucket, obj: bucket.list_objects(),
    "list-objects-all-properties": lambda bucket, obj: bucket.list_objects(
        props="name,size,checksum,atime,version,custom,copies,location"
    ),
    "object-put": lambda bucket, obj: obj.get_writer().put_content(b"12345"),
    "object-append": lambda bucket, obj: append(bucket.object("appended")),
    "object-custom": lambda bucket, obj: obj.get_writer().set_custom_props({"k": "v"}),
    "object-head": lambda bucket, obj: obj.head(),
    "object-props": lambda bucket, obj: obj.props,
    "object-attributes": lambda bucket, obj: obj.get_reader().attributes,
    "object-read": lambda bucket, obj: read(obj),
    "object-read-range": lambda bucket, obj: read(obj, byte_range="bytes=1-2"),
    "object-read-range-beyond": lambda bucket, obj: read(obj, byte_range="bytes=9-"),
    "object-read-absent": lambda bucket, obj: read(bucket.object("absent")),
    "object-copy": lambda bucket, obj: obj.copy(bucket.object("copied")),
    "object-promote": lambda bucket, obj: obj.promote("/var/lib/ais/promote/x"),
    "object-blob-download": lambda bucket, obj: obj.blob_download(),
    "object-upload": lambda bucket, obj: upload(bucket.object("uploaded")),
    "object-upload-aborted": lambda bucket, obj: abort(bucket.object("never")),
    "object-delete": lambda bucket, obj: obj.delete(),
    "object-delete-absent": lambda bucket, obj: bucket.object("absent").delete(),
    "object-group-delete": lambda bucket, obj: bucket.objects(obj_names=["o"]).delete(),
    "bucket-delete": lambda bucket, obj: bucket.delete(),
    "bucket-delete-absent": lambda bucket, obj: client.bucket(bucket.name + "-absent").delete(),
}


def check(name, call):
    """Makes one call and compares, or records, its exchanges."""
    bucket = client.bucket(unique())
    obj = bucket.object("o")
    if name != "bucket-create":
        bucket.create()
        obj.get_writer().put_content(b"12345")
        obj.get_writer().set_custom_props({"colour": "blue"})
    recorder = Recorder()
    try:
        call(bucket, obj)
    except AISError:
        # Errors are exchanges too: the files say which calls end with one.
        pass
    finally:
        recorder.close()
    file = FOLDER / f"{name}.json"
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    for request, reply, stream in recorder.exchanges:
        line, answer = described(request, reply, stream, bucket.name)
        if RECORDS and answer not in known.setdefault(line, []):
            known[line].append(answer)
        told = answer in known.get(line, [])
        suite.holds(told, f"{line} is answered {json.dumps(answer)}, not as {file.name} has it")
    if RECORDS:
        FOLDER.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(dict(sorted(known.items())), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    checks = [(name, lambda name=name, call=call: check(name, call)) for name, call in CALLS.items()]
    suite.run(f"exchanges of aistore {version('aistore')}", checks)
