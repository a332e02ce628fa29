"""boto3 with default settings against a Forebay server: `s3_boto3.py URL`.

With the root user's keys in the environment, they sign; else any do, for a server without authentication.
"""

import base64
import hashlib
import io
import json
import os
import queue
import sys
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote_plus, urlsplit

import boto3
import urllib3
from boto3.s3.transfer import TransferConfig
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

import suite
from suite import content, equal, holds, raises, unique

URL = sys.argv[1]
AUTHENTICATED = "FOREBAY_ROOT_ACCESS_KEY" in os.environ
ACCESS = os.environ.get("FOREBAY_ROOT_ACCESS_KEY", "any")
SECRET = os.environ.get("FOREBAY_ROOT_SECRET_KEY", "any-secret")
KIB, MIB = 1024, 1024 * 1024
NAMES = [
    "plain",
    "folder/deeper/name.jpg",
    "with space",
    "plus+sign",
    "per%cent%20",
    "hash#question?and&",
    "ünï/cödé-日本語-🚀",
    "quote'\"<>&amp;",
    "trailing/",
    "//double//slash",
    ".",
    "..",
    "a/../b",
    "./x",
    "tab\tname",
    "k" * 1024,
]


def client_of(**settings):
    return boto3.client(
        "s3",
        endpoint_url=URL,
        region_name="us-east-1",
        aws_access_key_id=ACCESS,
        aws_secret_access_key=SECRET,
        config=Config(retries={"total_max_attempts": 1}, **settings),
    )


s3 = client_of()
http = urllib3.PoolManager(ca_certs=os.environ.get("AWS_CA_BUNDLE"))


def send(method, path, body=b"", headers=None, trailer=False):
    """A request as it is, beside boto3's own; signed where that is asked for."""
    request = AWSRequest(method, f"{URL}{path}", data=body, headers=headers or {})
    if AUTHENTICATED:
        if trailer:
            request.context["checksum"] = {"request_algorithm": {"in": "trailer"}}
        S3SigV4Auth(Credentials(ACCESS, SECRET), "s3", "us-east-1").add_auth(request)
    return http.request(method, request.url, body=body, headers=dict(request.headers.items()))


def new_bucket():
    name = unique("boto")
    s3.create_bucket(Bucket=name)
    return name


def put(bucket, key, data, **more):
    return s3.put_object(Bucket=bucket, Key=key, Body=data, **more)


def get(bucket, key, **more):
    return s3.get_object(Bucket=bucket, Key=key, **more)["Body"].read()


def refused(code, status, call, **arguments):
    """Fails unless the call is answered with that error code and status."""
    error = raises(ClientError, call, **arguments).response
    equal(error["Error"]["Code"], code, "error code")
    equal(error["ResponseMetadata"]["HTTPStatusCode"], status, "status")
    return error


def md5(data):
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def check_refused_expectations():
    bucket = new_bucket()
    for _ in range(3):
        error = raises(ClientError, s3.put_object, Bucket=f"{bucket}-absent", Key="k", Body=b"body")
        equal(error.response["Error"]["Code"], "NoSuchBucket", "code of a refused PUT")
        equal(s3.put_object(Bucket=bucket, Key="k", Body=b"body")["ResponseMetadata"]["HTTPStatusCode"], 200, "next PUT")


def check_bucket_life():
    name = unique("boto")
    refused("404", 404, s3.head_bucket, Bucket=name)
    s3.create_bucket(Bucket=name)
    s3.head_bucket(Bucket=name)
    holds(name in [b["Name"] for b in s3.list_buckets()["Buckets"]], "bucket is not listed")
    holds(s3.list_buckets()["Owner"]["ID"], "no owner")
    equal(s3.get_bucket_location(Bucket=name)["LocationConstraint"], None, "location")
    put(name, "x", b"x")
    refused("BucketNotEmpty", 409, s3.delete_bucket, Bucket=name)
    s3.delete_object(Bucket=name, Key="x")
    s3.delete_bucket(Bucket=name)
    refused("NoSuchBucket", 404, s3.delete_bucket, Bucket=name)
    refused("NoSuchBucket", 404, s3.list_objects_v2, Bucket=name)


def check_bucket_names_that_are_refused():
    loose = client_of()
    loose.meta.events.unregister("before-parameter-build.s3", boto3_validate(loose))
    for name in ["ab", "UPPER", "under_score", "-dash", "192.168.1.1", "xn--a-b"]:
        error = raises(Exception, loose.create_bucket, Bucket=name)
        holds("Invalid" in str(error), f"{name}: {error}")


def boto3_validate(_client):
    from botocore.handlers import validate_bucket_name  # pylint: disable=import-outside-toplevel

    return validate_bucket_name


def check_objects_of_all_sizes():
    bucket = new_bucket()
    for size in [0, 1, 100, 4 * KIB, 128 * KIB, 128 * KIB + 1, MIB, 7 * MIB + 3]:
        data = content(size)
        stored = put(bucket, f"size-{size}", data)
        equal(stored["ETag"], f'"{md5(data)}"', "ETag of PUT")
        answer = s3.get_object(Bucket=bucket, Key=f"size-{size}")
        equal(answer["Body"].read(), data, f"content of {size} bytes")
        equal(answer["ContentLength"], size, "length")
        equal(answer["ETag"], stored["ETag"], "ETag of GET")
        head = s3.head_object(Bucket=bucket, Key=f"size-{size}")
        equal((head["ContentLength"], head["ETag"]), (size, stored["ETag"]), "HEAD")
        age = datetime.now(timezone.utc) - head["LastModified"]
        holds(abs(age) < timedelta(minutes=5), f"LastModified is {head['LastModified']}")


def check_names_of_every_kind():
    bucket = new_bucket()
    for index, name in enumerate(NAMES):
        put(bucket, name, content(64, index))
    for index, name in enumerate(NAMES):
        equal(get(bucket, name), content(64, index), f"content of {name!r}")
    listed = [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    equal(listed, sorted(NAMES, key=lambda name: name.encode()), "listed names")
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": name} for name in NAMES]})
    equal(len(answer["Deleted"]), len(NAMES), "deleted")
    equal(s3.list_objects_v2(Bucket=bucket)["KeyCount"], 0, "objects left")


def check_absent_objects():
    bucket = new_bucket()
    refused("NoSuchKey", 404, s3.get_object, Bucket=bucket, Key="absent")
    refused("404", 404, s3.head_object, Bucket=bucket, Key="absent")
    equal(s3.delete_object(Bucket=bucket, Key="absent")["ResponseMetadata"]["HTTPStatusCode"], 204, "status")
    refused("NoSuchBucket", 404, s3.get_object, Bucket=unique("absent"), Key="x")
    refused("NoSuchBucket", 404, s3.put_object, Bucket=unique("absent"), Key="x", Body=b"x")


def check_metadata():
    bucket = new_bucket()
    put(
        bucket,
        "described",
        b"content",
        Metadata={"label": "7", "Mixed-Case": "Value with spaces"},
        ContentType="image/png",
        CacheControl="max-age=60",
        ContentDisposition='attachment; filename="a.png"',
        ContentEncoding="gzip",
        ContentLanguage="de",
        Expires=datetime(2030, 1, 2, 3, 4, 5, tzinfo=timezone.utc),
    )
    for answer in [s3.head_object(Bucket=bucket, Key="described"), s3.get_object(Bucket=bucket, Key="described")]:
        equal(answer["Metadata"], {"label": "7", "mixed-case": "Value with spaces"}, "metadata")
        equal(answer["ContentType"], "image/png", "type")
        equal(answer["CacheControl"], "max-age=60", "cache control")
        equal(answer["ContentDisposition"], 'attachment; filename="a.png"', "disposition")
        equal(answer["ContentEncoding"], "gzip", "encoding")
        equal(answer["ContentLanguage"], "de", "language")
        equal(answer["ExpiresString"], "Wed, 02 Jan 2030 03:04:05 GMT", "expires")
    answer = s3.get_object(Bucket=bucket, Key="described", ResponseContentType="text/plain")
    equal(answer["ContentType"], "text/plain", "overridden type")
    put(bucket, "plain", b"x")
    equal(s3.head_object(Bucket=bucket, Key="plain")["ContentType"], "binary/octet-stream", "default type")


def check_ranges():
    bucket = new_bucket()
    for size in [1000, 2 * MIB]:
        data = content(size)
        key = f"ranged-{size}"
        put(bucket, key, data)
        for text, first, last in [("0-0", 0, 0), ("10-19", 10, 19), (f"{size - 5}-", size - 5, size - 1),
                                  ("-7", size - 7, size - 1), (f"5-{size * 2}", 5, size - 1)]:
            answer = s3.get_object(Bucket=bucket, Key=key, Range=f"bytes={text}")
            equal(answer["Body"].read(), data[first : last + 1], f"range {text}")
            equal(answer["ContentRange"], f"bytes {first}-{last}/{size}", "Content-Range")
            equal(answer["ResponseMetadata"]["HTTPStatusCode"], 206, "status")
        refused("InvalidRange", 416, s3.get_object, Bucket=bucket, Key=key, Range=f"bytes={size}-")
        equal(get(bucket, key, Range="lines=1-2"), data, "a range of another unit is ignored")


def check_conditional_reads():
    bucket = new_bucket()
    etag = put(bucket, "conditional", b"content")["ETag"]
    modified = s3.head_object(Bucket=bucket, Key="conditional")["LastModified"]
    later, earlier = modified + timedelta(hours=1), modified - timedelta(hours=1)
    at = {"Bucket": bucket, "Key": "conditional"}
    equal(get(bucket, "conditional", IfMatch=etag), b"content", "If-Match")
    refused("PreconditionFailed", 412, s3.get_object, IfMatch='"other"', **at)
    refused("304", 304, s3.get_object, IfNoneMatch=etag, **at)
    equal(get(bucket, "conditional", IfNoneMatch='"other"'), b"content", "If-None-Match")
    refused("304", 304, s3.get_object, IfModifiedSince=later - timedelta(minutes=59), **at)
    equal(get(bucket, "conditional", IfModifiedSince=earlier), b"content", "If-Modified-Since")
    refused("PreconditionFailed", 412, s3.get_object, IfUnmodifiedSince=earlier, **at)
    equal(get(bucket, "conditional", IfUnmodifiedSince=later), b"content", "If-Unmodified-Since")
    refused("412", 412, s3.head_object, IfMatch='"other"', **at)
    refused("304", 304, s3.head_object, IfNoneMatch=etag, **at)


def check_conditional_writes():
    bucket = new_bucket()
    put(bucket, "once", b"first", IfNoneMatch="*")
    refused("PreconditionFailed", 412, s3.put_object, Bucket=bucket, Key="once", Body=b"second", IfNoneMatch="*")
    equal(get(bucket, "once"), b"first", "content after a refused write")
    etag = s3.head_object(Bucket=bucket, Key="once")["ETag"]
    put(bucket, "once", b"third", IfMatch=etag)
    refused("PreconditionFailed", 412, s3.put_object, Bucket=bucket, Key="once", Body=b"x", IfMatch=etag)
    equal(get(bucket, "once"), b"third", "content after a refused change")


def check_only_one_of_many_first_writers_wins():
    bucket = new_bucket()

    def attempt(index):
        try:
            put(bucket, "contested", f"writer {index}".encode(), IfNoneMatch="*")
            return index
        except ClientError as error:
            holds(error.response["Error"]["Code"] in ("PreconditionFailed", "ConditionalRequestConflict"), str(error))
            return None

    with ThreadPoolExecutor(8) as pool:
        winners = [index for index in pool.map(attempt, range(24)) if index is not None]
    equal(len(winners), 1, "winners")
    equal(get(bucket, "contested"), f"writer {winners[0]}".encode(), "content")


def check_checksums():
    bucket = new_bucket()
    data = content(100_000)
    crc32 = base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()
    sha256 = base64.b64encode(hashlib.sha256(data).digest()).decode()
    sha1 = base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()
    for algorithm, field, value in [("CRC32", "ChecksumCRC32", crc32), ("SHA256", "ChecksumSHA256", sha256),
                                    ("SHA1", "ChecksumSHA1", sha1)]:
        key = f"computed-{algorithm}"
        equal(put(bucket, key, data, ChecksumAlgorithm=algorithm)[field], value, f"{algorithm} of PUT")
        equal(s3.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")[field], value, f"{algorithm} of HEAD")
        put(bucket, f"given-{algorithm}", data, **{field: value})
        # botocore takes a given SHA-256 as that of the payload too, which is looked at first.
        code = "XAmzContentSHA256Mismatch" if algorithm == "SHA256" else "BadDigest"
        error = refused(code, 400, s3.put_object, Bucket=bucket, Key="bad", Body=data + b"x", **{field: value})
        holds(error["Error"]["Message"], "no message")
    equal(s3.list_objects_v2(Bucket=bucket, Prefix="bad")["KeyCount"], 0, "objects of refused writes")
    for algorithm, size in [("MD5", 16), ("XXHASH64", 8), ("XXHASH3", 8), ("XXHASH128", 16)]:
        field = f"Checksum{algorithm}"
        wrong = base64.b64encode(bytes(size)).decode()
        refused("BadDigest", 400, s3.put_object, Bucket=bucket, Key="bad", Body=data, **{field: wrong})
    value = base64.b64encode(bytes.fromhex(md5(data))).decode()
    put(bucket, "by-md5", data, ChecksumMD5=value)
    equal(s3.head_object(Bucket=bucket, Key="by-md5", ChecksumMode="ENABLED")["ChecksumMD5"], value, "MD5 of HEAD")
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="by-md5")["Contents"][0]
    equal((listed["ChecksumAlgorithm"], listed["ChecksumType"]), (["MD5"], "FULL_OBJECT"), "MD5 of a list")
    right = base64.b64encode(bytes.fromhex(md5(data))).decode()
    put(bucket, "with-md5", data, ContentMD5=right)
    refused("BadDigest", 400, s3.put_object, Bucket=bucket, Key="bad", Body=b"other", ContentMD5=right)
    refused("InvalidDigest", 400, s3.put_object, Bucket=bucket, Key="bad", Body=b"other", ContentMD5="no-digest")


def check_streaming_bodies():
    bucket = new_bucket()
    data = content(3 * MIB + 17)

    class Unseekable(io.RawIOBase):
        """A body that can be read once."""

        def __init__(self):
            super().__init__()
            self.rest = io.BytesIO(data)

        def readable(self):
            return True

        def readinto(self, target):
            return self.rest.readinto(target)

    s3.upload_fileobj(Unseekable(), bucket, "unseekable")
    equal(get(bucket, "unseekable"), data, "content of an unseekable body")
    s3.upload_fileobj(io.BytesIO(data), bucket, "seekable")
    equal(get(bucket, "seekable"), data, "content of a file")
    sink = io.BytesIO()
    s3.download_fileobj(bucket, "seekable", sink)
    equal(sink.getvalue(), data, "downloaded content")


def aws_chunked(data, chunk, trailer):
    """The body of `STREAMING-UNSIGNED-PAYLOAD-TRAILER`."""
    parts = []
    for at in range(0, len(data), chunk):
        piece = data[at : at + chunk]
        parts.append(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
    return b"".join(parts) + b"0\r\n" + trailer.encode() + b"\r\n\r\n"


def check_unsigned_trailers():
    bucket = new_bucket()
    data = content(200_000)
    crc = base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()

    def upload(key, trailer, decoded=len(data)):
        headers = {
            "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            "x-amz-decoded-content-length": str(decoded),
            "x-amz-trailer": "x-amz-checksum-crc32",
            "content-encoding": "aws-chunked",
        }
        return send("PUT", f"/{bucket}/{key}", aws_chunked(data, 65536, trailer), headers, trailer=True)

    equal(upload("trailer", f"x-amz-checksum-crc32:{crc}").status, 200, "status")
    equal(get(bucket, "trailer"), data, "content")
    head = s3.head_object(Bucket=bucket, Key="trailer", ChecksumMode="ENABLED")
    equal(head["ChecksumCRC32"], crc, "checksum of the trailer")
    holds(not head.get("ContentEncoding"), f"aws-chunked was kept: {head.get('ContentEncoding')}")
    equal(upload("wrong", "x-amz-checksum-crc32:AAAAAA==").status, 400, "status of a wrong trailer")
    holds(upload("wrong", f"x-amz-checksum-crc32:{crc}", 10).status >= 400, "a wrong decoded length is stored")
    equal(s3.list_objects_v2(Bucket=bucket, Prefix="wrong")["KeyCount"], 0, "objects of refused writes")


def check_copies():
    bucket, other = new_bucket(), new_bucket()
    data = content(300_000)
    etag = put(bucket, "source name+%", data, Metadata={"a": "1"}, ContentType="text/x")["ETag"]
    source = {"Bucket": bucket, "Key": "source name+%"}
    answer = s3.copy_object(Bucket=other, Key="copy", CopySource=source)
    equal(answer["CopyObjectResult"]["ETag"], etag, "ETag of the copy")
    copied = s3.get_object(Bucket=other, Key="copy")
    equal(copied["Body"].read(), data, "content of the copy")
    equal((copied["Metadata"], copied["ContentType"]), ({"a": "1"}, "text/x"), "metadata of the copy")
    s3.copy_object(Bucket=other, Key="copy", CopySource=source, MetadataDirective="REPLACE", Metadata={"b": "2"})
    equal(s3.head_object(Bucket=other, Key="copy")["Metadata"], {"b": "2"}, "replaced metadata")
    refused("InvalidRequest", 400, s3.copy_object, Bucket=bucket, Key="source name+%", CopySource=source)
    s3.copy_object(Bucket=bucket, Key="source name+%", CopySource=source, MetadataDirective="REPLACE",
                   Metadata={"c": "3"})
    equal(s3.head_object(Bucket=bucket, Key="source name+%")["Metadata"], {"c": "3"}, "metadata changed in place")
    equal(get(bucket, "source name+%"), data, "content after a copy onto itself")
    refused("NoSuchKey", 404, s3.copy_object, Bucket=other, Key="x", CopySource={"Bucket": bucket, "Key": "absent"})
    refused("PreconditionFailed", 412, s3.copy_object, Bucket=other, Key="x", CopySource=source,
            CopySourceIfMatch='"other"')


def check_deletion_of_many():
    bucket = new_bucket()
    names = [f"many/{n:03}" for n in range(60)]
    for name in names:
        put(bucket, name, b"x")
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": n} for n in names[:50] + ["absent"]]})
    equal(sorted(d["Key"] for d in answer["Deleted"]), sorted(names[:50] + ["absent"]), "deleted")
    equal(s3.list_objects_v2(Bucket=bucket)["KeyCount"], 10, "objects left")
    quiet = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": n} for n in names[50:]], "Quiet": True})
    equal(quiet.get("Deleted", []), [], "deleted, told quietly")
    equal(s3.list_objects_v2(Bucket=bucket)["KeyCount"], 0, "objects left")


def tree():
    bucket = new_bucket()
    names = sorted([f"a/{n:02}" for n in range(12)] + [f"b/c/{n}" for n in range(3)] + ["b/top", "root", "z"])
    for name in names:
        put(bucket, name, b"12345")
    return bucket, names


def check_listing():
    bucket, names = tree()
    for list_all in [s3.list_objects_v2, s3.list_objects]:
        answer = list_all(Bucket=bucket)
        equal([entry["Key"] for entry in answer["Contents"]], names, "names")
        equal(answer["IsTruncated"], False, "truncated")
        equal({entry["Size"] for entry in answer["Contents"]}, {5}, "sizes")
        equal({entry["StorageClass"] for entry in answer["Contents"]}, {"STANDARD"}, "classes")
        equal({entry["ETag"] for entry in answer["Contents"]}, {f'"{md5(b"12345")}"'}, "ETags")
        folded = list_all(Bucket=bucket, Delimiter="/")
        equal([entry["Prefix"] for entry in folded["CommonPrefixes"]], ["a/", "b/"], "folders")
        equal([entry["Key"] for entry in folded["Contents"]], ["root", "z"], "names beside folders")
        inner = list_all(Bucket=bucket, Delimiter="/", Prefix="b/")
        equal([entry["Prefix"] for entry in inner["CommonPrefixes"]], ["b/c/"], "inner folders")
        equal([entry["Key"] for entry in inner["Contents"]], ["b/top"], "inner names")
    equal(s3.list_objects_v2(Bucket=bucket, Prefix="none")["KeyCount"], 0, "count of nothing")
    equal([entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket, StartAfter="b/top")["Contents"]], ["root", "z"],
          "names after one")
    equal([entry["Key"] for entry in s3.list_objects(Bucket=bucket, Marker="b/top")["Contents"]], ["root", "z"],
          "names after a marker")
    refused("InvalidArgument", 400, s3.list_objects_v2, Bucket=bucket, MaxKeys=-1)
    equal(s3.list_objects_v2(Bucket=bucket, MaxKeys=0)["KeyCount"], 0, "count of a page of none")


def check_listing_in_pages():
    bucket, names = tree()
    for operation in ["list_objects_v2", "list_objects", "list_object_versions"]:
        for size in [1, 4, 1000]:
            found, folders = [], []
            for page in s3.get_paginator(operation).paginate(Bucket=bucket, PaginationConfig={"PageSize": size}):
                found += [entry["Key"] for entry in page.get("Contents", page.get("Versions", []))]
            equal(found, names, f"{operation} by {size}")
            found = []
            pages = s3.get_paginator(operation).paginate(
                Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": size})
            for page in pages:
                found += [entry["Key"] for entry in page.get("Contents", page.get("Versions", []))]
                folders += [entry["Prefix"] for entry in page.get("CommonPrefixes", [])]
            equal((found, folders), (["root", "z"], ["a/", "b/"]), f"{operation} with folders by {size}")


def check_versions_of_an_unversioned_bucket():
    bucket, names = tree()
    answer = s3.list_object_versions(Bucket=bucket)
    equal([entry["Key"] for entry in answer["Versions"]], names, "names")
    equal({entry["VersionId"] for entry in answer["Versions"]}, {"null"}, "versions")
    equal({entry["IsLatest"] for entry in answer["Versions"]}, {True}, "latest")


def check_multipart_upload():
    bucket = new_bucket()
    parts = [content(5 * MIB, 1), content(5 * MIB + 1, 2), content(1000, 3)]
    upload = s3.create_multipart_upload(Bucket=bucket, Key="whole", Metadata={"m": "1"}, ContentType="x/y")["UploadId"]
    at = {"Bucket": bucket, "Key": "whole", "UploadId": upload}
    done = []
    for number, part in enumerate(parts, 1):
        etag = s3.upload_part(PartNumber=number, Body=part, **at)["ETag"]
        equal(etag, f'"{md5(part)}"', "ETag of a part")
        done.append({"PartNumber": number, "ETag": etag})
    listed = s3.list_parts(**at)["Parts"]
    equal([(p["PartNumber"], p["Size"], p["ETag"]) for p in listed],
          [(n, len(p), f'"{md5(p)}"') for n, p in enumerate(parts, 1)], "parts")
    uploads = s3.list_multipart_uploads(Bucket=bucket)["Uploads"]
    equal([(u["Key"], u["UploadId"]) for u in uploads], [("whole", upload)], "uploads")
    refused("NoSuchKey", 404, s3.get_object, Bucket=bucket, Key="whole")
    refused("InvalidPart", 400, s3.complete_multipart_upload,
            MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": '"0123"'}]}, **at)
    refused("InvalidPartOrder", 400, s3.complete_multipart_upload, MultipartUpload={"Parts": done[::-1]}, **at)
    answer = s3.complete_multipart_upload(MultipartUpload={"Parts": done}, **at)
    whole = b"".join(parts)
    expected = md5(b"".join(hashlib.md5(p, usedforsecurity=False).digest() for p in parts)) + "-3"
    equal(answer["ETag"], f'"{expected}"', "ETag of the whole")
    got = s3.get_object(Bucket=bucket, Key="whole")
    equal(got["Body"].read(), whole, "content of the whole")
    equal((got["Metadata"], got["ContentType"], got["ETag"]), ({"m": "1"}, "x/y", f'"{expected}"'), "attributes")
    equal(get(bucket, "whole", Range=f"bytes={5 * MIB - 3}-{5 * MIB + 3}"), whole[5 * MIB - 3 : 5 * MIB + 4], "range")
    part = s3.get_object(Bucket=bucket, Key="whole", PartNumber=2)
    equal((part["Body"].read(), part["PartsCount"]), (parts[1], 3), "part 2 of the whole")
    equal(s3.list_multipart_uploads(Bucket=bucket).get("Uploads", []), [], "uploads after completion")


def check_multipart_refusals():
    bucket = new_bucket()
    upload = s3.create_multipart_upload(Bucket=bucket, Key="refused")["UploadId"]
    at = {"Bucket": bucket, "Key": "refused", "UploadId": upload}
    small = [{"PartNumber": n, "ETag": s3.upload_part(PartNumber=n, Body=b"small", **at)["ETag"]} for n in (1, 2)]
    refused("EntityTooSmall", 400, s3.complete_multipart_upload, MultipartUpload={"Parts": small}, **at)
    for number in (0, 10_001):
        refused("InvalidArgument", 400, s3.upload_part, PartNumber=number, Body=b"x", **at)
    s3.abort_multipart_upload(**at)
    refused("NoSuchUpload", 404, s3.upload_part, PartNumber=1, Body=b"x", **at)
    refused("NoSuchUpload", 404, s3.list_parts, **at)
    refused("NoSuchUpload", 404, s3.complete_multipart_upload, MultipartUpload={"Parts": small}, **at)
    equal(s3.list_objects_v2(Bucket=bucket)["KeyCount"], 0, "objects")


def check_parts_copied_from_objects():
    bucket = new_bucket()
    data = content(11 * MIB)
    put(bucket, "source", data)
    upload = s3.create_multipart_upload(Bucket=bucket, Key="target")["UploadId"]
    at = {"Bucket": bucket, "Key": "target", "UploadId": upload}
    done = []
    for number, (first, last) in enumerate([(0, 6 * MIB - 1), (6 * MIB, 11 * MIB - 1)], 1):
        copied = s3.upload_part_copy(PartNumber=number, CopySource={"Bucket": bucket, "Key": "source"},
                                     CopySourceRange=f"bytes={first}-{last}", **at)
        done.append({"PartNumber": number, "ETag": copied["CopyPartResult"]["ETag"]})
    s3.complete_multipart_upload(MultipartUpload={"Parts": done}, **at)
    equal(get(bucket, "target"), data, "content of copied parts")


def check_transfer_manager():
    bucket = new_bucket()
    data = content(21 * MIB + 5)
    config = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB, max_concurrency=4)
    s3.upload_fileobj(io.BytesIO(data), bucket, "managed", Config=config, ExtraArgs={"Metadata": {"k": "v"}})
    head = s3.head_object(Bucket=bucket, Key="managed")
    equal((head["ContentLength"], head["Metadata"]), (len(data), {"k": "v"}), "head")
    holds(head["ETag"].endswith('-5"'), head["ETag"])
    sink = io.BytesIO()
    s3.download_fileobj(bucket, "managed", sink, Config=config)
    equal(sink.getvalue(), data, "content")
    s3.copy({"Bucket": bucket, "Key": "managed"}, bucket, "managed-copy", Config=config)
    equal(get(bucket, "managed-copy"), data, "content of the managed copy")


def check_checksums_of_multipart_uploads():
    bucket = new_bucket()
    parts = [content(5 * MIB, 1), content(100, 2)]
    for algorithm, kind in [("CRC32", "FULL_OBJECT"), ("CRC32", "COMPOSITE"), ("SHA256", "COMPOSITE"), ("SHA512", "COMPOSITE")]:
        key = f"{algorithm}-{kind}"
        upload = s3.create_multipart_upload(
            Bucket=bucket, Key=key, ChecksumAlgorithm=algorithm, ChecksumType=kind)["UploadId"]
        at = {"Bucket": bucket, "Key": key, "UploadId": upload}
        field = f"Checksum{algorithm}"
        done = []
        for number, part in enumerate(parts, 1):
            sent = s3.upload_part(PartNumber=number, Body=part, ChecksumAlgorithm=algorithm, **at)
            done.append({"PartNumber": number, "ETag": sent["ETag"], field: sent[field]})
        answer = s3.complete_multipart_upload(MultipartUpload={"Parts": done}, **at)
        equal(answer["ChecksumType"], kind, "kind")
        if kind == "FULL_OBJECT":
            whole = base64.b64encode(zlib.crc32(b"".join(parts)).to_bytes(4, "big")).decode()
            equal(answer[field], whole, "checksum of the whole")
        if kind == "COMPOSITE":
            holds(answer[field].endswith("-2"), answer[field])
        head = s3.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
        equal(head[field], answer[field], "checksum by HEAD")


def check_appending():
    bucket = new_bucket()
    refused("InvalidWriteOffset", 400, s3.put_object, Bucket=bucket, Key="log", Body=b"x", WriteOffsetBytes=3)
    equal(put(bucket, "log", b"one ", WriteOffsetBytes=0, Metadata={"a": "b"})["Size"], 4, "size of the first")
    last = put(bucket, "log", b"two ", WriteOffsetBytes=4)
    equal(last["Size"], 8, "size of both")
    refused("InvalidWriteOffset", 400, s3.put_object, Bucket=bucket, Key="log", Body=b"x", WriteOffsetBytes=4)
    refused("PreconditionFailed", 412, s3.put_object, Bucket=bucket, Key="log", Body=b"x", WriteOffsetBytes=8, IfMatch='"other"')
    large = content(3 * MIB)
    last = put(bucket, "log", io.BytesIO(large), WriteOffsetBytes=8, IfMatch=last["ETag"])
    answer = s3.get_object(Bucket=bucket, Key="log")
    equal(answer["Body"].read(), b"one two " + large, "content")
    equal((answer["ETag"], answer["Metadata"]), (last["ETag"], {"a": "b"}), "ETag and metadata")


def check_renaming():
    bucket = new_bucket()
    etag = put(bucket, "from/old name", b"content", Metadata={"a": "b"})["ETag"]
    put(bucket, "to", b"there")
    at = {"Bucket": bucket, "Key": "to", "RenameSource": "from/old%20name"}
    refused("PreconditionFailed", 412, s3.rename_object, DestinationIfNoneMatch="*", **at)
    refused("PreconditionFailed", 412, s3.rename_object, SourceIfMatch='"other"', **at)
    for _ in range(2):
        s3.rename_object(ClientToken="once", SourceIfMatch=etag, **at)
    answer = s3.get_object(Bucket=bucket, Key="to")
    equal((answer["Body"].read(), answer["ETag"], answer["Metadata"]), (b"content", etag, {"a": "b"}), "renamed")
    equal([entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]], ["to"], "names")
    refused("NoSuchKey", 404, s3.rename_object, ClientToken="twice", **at)
    at["RenameSource"] = "other"
    refused("IdempotencyParameterMismatch", 400, s3.rename_object, ClientToken="once", **at)


def check_object_attributes():
    bucket = new_bucket()
    upload = s3.create_multipart_upload(Bucket=bucket, Key="parts", ChecksumAlgorithm="CRC32")["UploadId"]
    at = {"Bucket": bucket, "Key": "parts", "UploadId": upload}
    parts = []
    for number in [1, 4, 9]:
        data = content(5 * MIB, number)
        answer = s3.upload_part(PartNumber=number, Body=data, ChecksumAlgorithm="CRC32", **at)
        parts.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumCRC32": answer["ChecksumCRC32"]})
    done = s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **at)
    everything = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"]
    told = s3.get_object_attributes(Bucket=bucket, Key="parts", ObjectAttributes=everything)
    equal(told["ETag"], done["ETag"].strip('"'), "ETag")
    equal(told["Checksum"], {"ChecksumCRC32": done["ChecksumCRC32"], "ChecksumType": "COMPOSITE"}, "checksum")
    equal((told["StorageClass"], told["ObjectSize"]), ("STANDARD", 15 * MIB), "class and size")
    found = told["ObjectParts"]
    equal((found["TotalPartsCount"], found["MaxParts"], found["IsTruncated"]), (3, 1000, False), "parts")
    equal(
        found["Parts"],
        [{"PartNumber": p["PartNumber"], "Size": 5 * MIB, "ChecksumCRC32": p["ChecksumCRC32"]} for p in parts],
        "each part",
    )
    page = {"Bucket": bucket, "Key": "parts", "ObjectAttributes": ["ObjectParts"], "MaxParts": 2}
    first = s3.get_object_attributes(**page)["ObjectParts"]
    equal([p["PartNumber"] for p in first["Parts"]], [1, 4], "first page")
    equal((first["IsTruncated"], first["NextPartNumberMarker"]), (True, 4), "end of the first page")
    second = s3.get_object_attributes(PartNumberMarker=4, **page)["ObjectParts"]
    equal(([p["PartNumber"] for p in second["Parts"]], second["IsTruncated"]), ([9], False), "second page")
    put(bucket, "plain", b"x")
    told = s3.get_object_attributes(Bucket=bucket, Key="plain", ObjectAttributes=everything)
    holds("ObjectParts" not in told, "parts of a plain object")
    equal(told["Checksum"]["ChecksumType"], "FULL_OBJECT", "type of a plain object's checksum")


def check_completion_whose_answer_was_lost():
    bucket = new_bucket()
    upload = s3.create_multipart_upload(Bucket=bucket, Key="again")["UploadId"]
    etag = s3.upload_part(Bucket=bucket, Key="again", UploadId=upload, PartNumber=1, Body=b"part")["ETag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": etag}]}
    at = {"Bucket": bucket, "Key": "again", "UploadId": upload, "MultipartUpload": parts, "IfNoneMatch": "*"}
    first, second = s3.complete_multipart_upload(**at), s3.complete_multipart_upload(**at)
    equal(second["ETag"], first["ETag"], "ETag of the second answer")
    put(bucket, "again", b"another")
    refused("NoSuchUpload", 404, s3.complete_multipart_upload, **at)


def check_buckets_in_pages():
    names = [unique("paged") for _ in range(3)]
    for name in names:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"Tags": [{"Key": "team", "Value": "a b"}]})
        equal(s3.get_bucket_tagging(Bucket=name)["TagSet"], [{"Key": "team", "Value": "a b"}], "tags")
    first = s3.list_buckets(MaxBuckets=2, Prefix="paged-")
    equal(len(first["Buckets"]), 2, "first page")
    holds(all(b["Name"].startswith("paged-") and b["BucketRegion"] for b in first["Buckets"]), "prefix and region")
    second = s3.list_buckets(MaxBuckets=1000, Prefix="paged-", ContinuationToken=first["ContinuationToken"])
    listed = [b["Name"] for b in first["Buckets"] + second["Buckets"]]
    holds(set(names) <= set(listed) and listed == sorted(set(listed)), f"listed {listed}")
    holds("ContinuationToken" not in second, "there is a third page")
    equal(s3.list_buckets(BucketRegion="mars-1").get("Buckets", []), [], "buckets of another region")


def check_lifecycle_rules():
    bucket = new_bucket()
    refused("NoSuchLifecycleConfiguration", 404, s3.get_bucket_lifecycle_configuration, Bucket=bucket)
    rules = [
        {"ID": "logs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 3}},
        {
            "ID": "tagged",
            "Status": "Enabled",
            "Filter": {"And": {"Tags": [{"Key": "k", "Value": "v"}, {"Key": "l", "Value": "w"}], "ObjectSizeLessThan": 9}},
            "Expiration": {"Date": datetime(2040, 1, 2, tzinfo=timezone.utc)},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 5, "NewerNoncurrentVersions": 2},
        },
        {
            "ID": "uploads",
            "Status": "Disabled",
            "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        },
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    equal(s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"], rules, "rules")
    told = put(bucket, "logs/x", b"x")["Expiration"]
    holds(told.startswith('expiry-date="') and told.endswith('00:00:00 GMT", rule-id="logs"'), told)
    equal(s3.head_object(Bucket=bucket, Key="logs/x")["Expiration"], told, "expiration of HEAD")
    holds('rule-id="tagged"' in put(bucket, "other", b"x", Tagging="l=w&k=v")["Expiration"], "expiration by tags")
    holds("Expiration" not in put(bucket, "other", b"x"), "expiration without tags")
    moved = [{**rules[0], "Transitions": [{"Days": 1, "StorageClass": "GLACIER"}]}]
    refused(
        "InvalidStorageClass",
        400,
        s3.put_bucket_lifecycle_configuration,
        Bucket=bucket,
        LifecycleConfiguration={"Rules": moved},
    )
    s3.delete_bucket_lifecycle(Bucket=bucket)
    refused("NoSuchLifecycleConfiguration", 404, s3.get_bucket_lifecycle_configuration, Bucket=bucket)


class Told(BaseHTTPRequestHandler):
    """Keeps what is posted."""

    records = queue.SimpleQueue()

    def do_POST(self):
        for record in json.loads(self.rfile.read(int(self.headers["Content-Length"])))["Records"]:
            self.records.put(record)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


def check_notifications():
    bucket = new_bucket()
    rule = {
        "Id": "all",
        "QueueArn": "arn:forebay:sqs::suite:webhook",
        "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
        "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "a b/"}, {"Name": "suffix", "Value": ".jpg"}]}},
    }
    unknown = {**rule, "QueueArn": "arn:forebay:sqs::nobody:webhook"}
    configure = s3.put_bucket_notification_configuration
    refused(
        "InvalidArgument", 400, configure, Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [unknown]}
    )
    port = os.environ.get("FOREBAY_WEBHOOK_PORT")
    if port is None:
        return
    configure(Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [rule]})
    configured = s3.get_bucket_notification_configuration(Bucket=bucket)
    equal(configured["QueueConfigurations"], [rule], "rules")
    with ThreadingHTTPServer(("127.0.0.1", int(port)), Told) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        put(bucket, "a b/ü.jpg", b"123")
        put(bucket, "a b/other", b"1")
        s3.delete_object(Bucket=bucket, Key="a b/ü.jpg")
        records = [Told.records.get(timeout=60) for _ in range(2)]
        server.shutdown()
    equal([record["eventName"] for record in records], ["ObjectCreated:Put", "ObjectRemoved:Delete"], "events")
    equal({unquote_plus(record["s3"]["object"]["key"]) for record in records}, {"a b/ü.jpg"}, "keys")
    equal(records[0]["s3"]["object"]["size"], 3, "size")
    equal(records[0]["s3"]["bucket"]["name"], bucket, "bucket")
    configure(Bucket=bucket, NotificationConfiguration={})
    holds("QueueConfigurations" not in s3.get_bucket_notification_configuration(Bucket=bucket), "no rules")


def check_presigned_urls():
    bucket = new_bucket()
    data = content(50_000)
    put_url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "signed key+"}, ExpiresIn=60)
    equal(http.request("PUT", put_url, body=data).status, 200, "status of a presigned PUT")
    get_url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "signed key+"}, ExpiresIn=60)
    equal(http.request("GET", get_url).data, data, "content of a presigned GET")
    ranged = http.request("GET", get_url, headers={"Range": "bytes=1-3"})
    equal((ranged.status, ranged.data), (206, data[1:4]), "presigned range")
    head_url = s3.generate_presigned_url("head_object", Params={"Bucket": bucket, "Key": "signed key+"}, ExpiresIn=60)
    equal(http.request("HEAD", head_url).status, 200, "status of a presigned HEAD")


def check_virtual_host_style():
    bucket = new_bucket()
    put(bucket, "virtual/host name", b"virtual")
    parts = urlsplit(URL)
    answer = send("GET", "/virtual/host%20name", headers={"Host": f"{bucket}.localhost:{parts.port}"})
    equal((answer.status, answer.data), (200, b"virtual"), "GET by virtual host")
    listed = send("GET", "/?list-type=2", headers={"Host": f"{bucket}.localhost:{parts.port}"})
    holds(b"virtual/host name" in listed.data, f"listing by virtual host: {listed.data!r}")


def check_sub_resources_that_are_not_offered():
    bucket = new_bucket()
    put(bucket, "kept", b"kept")
    for call, arguments in [
        (s3.put_bucket_website, {"WebsiteConfiguration": {"IndexDocument": {"Suffix": "x"}}}),
        (s3.put_bucket_replication, {"ReplicationConfiguration": {"Role": "x", "Rules": [
            {"Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::x"}}]}}),
    ]:
        refused("NotImplemented", 501, call, Bucket=bucket, **arguments)
    for query in ["website", "intelligent-tiering", "inventory", "analytics", "metrics", "replication"]:
        answer = send("PUT", f"/{bucket}?{query}")
        equal(answer.status, 501, f"status of PUT ?{query}")
        holds(b"NotImplemented" in answer.data, f"PUT ?{query}: {answer.data!r}")
        # A configuration that cannot be made is absent.
        answer = send("GET", f"/{bucket}?{query}")
        holds(answer.status in (404, 501), f"GET ?{query}: {answer.status}")
        holds(b"<Error>" in answer.data, f"GET ?{query}: {answer.data!r}")
    equal(get(bucket, "kept"), b"kept", "content of the bystander")


def check_replies_carry_request_ids():
    bucket = new_bucket()
    answer = put(bucket, "x", b"x")["ResponseMetadata"]
    holds(answer["RequestId"], "no request id")
    error = raises(ClientError, s3.get_object, Bucket=bucket, Key="absent").response
    holds(error["ResponseMetadata"]["RequestId"], "no request id of an error")


def versioned_bucket():
    bucket = new_bucket()
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return bucket


def versions_of(bucket, **arguments):
    answer = s3.list_object_versions(Bucket=bucket, **arguments)
    return [(v["Key"], v["VersionId"], v["IsLatest"]) for v in answer.get("Versions", [])], [
        (m["Key"], m["VersionId"], m["IsLatest"]) for m in answer.get("DeleteMarkers", [])]


def check_versions_of_objects():
    bucket = new_bucket()
    put(bucket, "k", b"before")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    equal(s3.get_bucket_versioning(Bucket=bucket)["Status"], "Enabled", "status of versioning")
    ids = [put(bucket, "k", content(size))["VersionId"] for size in (10, 300 * KIB)]
    equal(get(bucket, "k", VersionId="null"), b"before", "content of version null")
    equal(get(bucket, "k", VersionId=ids[0]), content(10), "content of a version")
    equal(get(bucket, "k"), content(300 * KIB), "content")
    marker = s3.delete_object(Bucket=bucket, Key="k")
    holds(marker["DeleteMarker"], "no delete marker")
    error = refused("NoSuchKey", 404, s3.get_object, Bucket=bucket, Key="k")
    equal(error["ResponseMetadata"]["HTTPHeaders"]["x-amz-version-id"], marker["VersionId"], "id of the marker")
    refused("MethodNotAllowed", 405, s3.get_object, Bucket=bucket, Key="k", VersionId=marker["VersionId"])
    versions, markers = versions_of(bucket)
    equal(versions, [("k", ids[1], False), ("k", ids[0], False), ("k", "null", False)], "versions")
    equal(markers, [("k", marker["VersionId"], True)], "markers")
    equal(s3.list_objects_v2(Bucket=bucket)["KeyCount"], 0, "objects")
    refused("BucketNotEmpty", 409, s3.delete_bucket, Bucket=bucket)
    s3.delete_object(Bucket=bucket, Key="k", VersionId=marker["VersionId"])
    equal(s3.get_object(Bucket=bucket, Key="k")["VersionId"], ids[1], "version that is back")
    copied = s3.copy_object(
        Bucket=bucket, Key="k", CopySource={"Bucket": bucket, "Key": "k", "VersionId": ids[0]})
    equal(copied["CopySourceVersionId"], ids[0], "version that was copied")
    equal(get(bucket, "k"), content(10), "content of the copy")
    s3.put_object_tagging(Bucket=bucket, Key="k", VersionId=ids[0], Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    equal(s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"], [], "tags of the object")
    equal(len(s3.get_object_tagging(Bucket=bucket, Key="k", VersionId=ids[0])["TagSet"]), 1, "tags of the version")
    removed = s3.delete_objects(Bucket=bucket, Delete={"Objects": [
        {"Key": "k", "VersionId": i} for i in ids + ["null", copied["VersionId"]]]})
    equal(len(removed["Deleted"]), 4, "removed versions")
    equal(versions_of(bucket), ([], []), "what is left")
    s3.delete_bucket(Bucket=bucket)


def check_pages_of_versions():
    bucket = versioned_bucket()
    expected = []
    for name in ["a", "b/1", "b/2", "c", "d"]:
        expected += [(name, i) for i in reversed([put(bucket, name, b"x")["VersionId"] for _ in range(3)])]
    for size in (1, 2, 4, 7, 1000):
        found, arguments = [], {}
        while arguments is not None:
            page = s3.list_object_versions(Bucket=bucket, MaxKeys=size, **arguments)
            holds(len(page["Versions"]) <= size, "page is too long")
            found += [(v["Key"], v["VersionId"]) for v in page["Versions"]]
            arguments = {
                "KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"],
            } if page["IsTruncated"] else None
        equal(found, expected, f"versions by pages of {size}")
    rolled_up = s3.list_object_versions(Bucket=bucket, Delimiter="/")
    equal([p["Prefix"] for p in rolled_up["CommonPrefixes"]], ["b/"], "groups")
    equal(len(rolled_up["Versions"]), 9, "versions beside the group")


def check_parts_make_versions():
    bucket = versioned_bucket()
    first = put(bucket, "k", b"first")["VersionId"]
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    part = s3.upload_part(Bucket=bucket, Key="k", UploadId=upload, PartNumber=1, Body=content(6 * MIB))
    made = s3.complete_multipart_upload(Bucket=bucket, Key="k", UploadId=upload, MultipartUpload={
        "Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    put(bucket, "k", b"last")
    equal(get(bucket, "k", VersionId=made["VersionId"]), content(6 * MIB), "content made of parts")
    equal(get(bucket, "k", VersionId=first), b"first", "content of the first version")


def check_locked_versions():
    bucket = unique("boto")
    s3.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration={
        "ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}})
    version = put(bucket, "k", b"x")["VersionId"]
    head = s3.head_object(Bucket=bucket, Key="k")
    equal(head["ObjectLockMode"], "GOVERNANCE", "mode by default")
    holds(head["ObjectLockRetainUntilDate"] > datetime.now(timezone.utc), "it is not retained")
    s3.delete_object(Bucket=bucket, Key="k")
    refused("AccessDenied", 403, s3.delete_object, Bucket=bucket, Key="k", VersionId=version)
    s3.put_object_legal_hold(Bucket=bucket, Key="k", VersionId=version, LegalHold={"Status": "ON"})
    locked = {"Bucket": bucket, "Key": "k", "VersionId": version, "BypassGovernanceRetention": True}
    refused("AccessDenied", 403, s3.delete_object, **locked)
    # What AIStore's clients destroy is destroyed with everything in it; where there are users, this one is nobody.
    answer = http.request("DELETE", f"{URL}/v1/buckets/{bucket}", body=b'{"action":"destroy-bck"}')
    holds(answer.status in (401, 403), f"AIStore's destroy: {answer.data!r}")
    s3.put_object_legal_hold(Bucket=bucket, Key="k", VersionId=version, LegalHold={"Status": "OFF"})
    s3.delete_object(**locked)


def check_many_threads():
    bucket = new_bucket()

    def round_trip(index):
        data = content(3000, index)
        put(bucket, f"thread/{index:04}", data)
        return get(bucket, f"thread/{index:04}") == data

    with ThreadPoolExecutor(10) as pool:
        equal(sum(pool.map(round_trip, range(300))), 300, "round trips")
    listed = s3.list_objects_v2(Bucket=bucket, OptionalObjectAttributes=["RestoreStatus"])
    equal(listed["KeyCount"], 300, "objects")


if __name__ == "__main__":
    suite.run(f"boto3 {boto3.__version__}", suite.checks_of(globals()))
