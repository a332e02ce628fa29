"""boto3 of several users against a Forebay server with authentication: `s3_users.py URL`.

The server has the root keys, and the users of `USERS`, and accepts signatures of version 2.
"""

import io
import sys
from datetime import datetime, timezone

import boto3
import urllib3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

import suite
from suite import equal, holds, raises, unique

ROOT = ("root-access-key", "root-secret-key")
USERS = {"alice": ("alice-key", "alice-secret"), "bob": ("bob-key", "bob-secret")}
URL = sys.argv[1] if len(sys.argv) > 1 else ""
ROLE = "arn:aws:iam:::role/whatever-is-long-enough"
CONTENT = b"x" * 1000


def client_of(keys, service="s3", token=None, **settings):
    access, secret = keys or ("none", "none")
    return boto3.client(
        service,
        endpoint_url=URL,
        region_name="us-east-1",
        aws_access_key_id=access,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(retries={"total_max_attempts": 1}, **settings),
    )


if URL:
    root, alice, bob = client_of(ROOT), client_of(USERS["alice"]), client_of(USERS["bob"])
    http = urllib3.PoolManager()


def denied(call, code="AccessDenied", status=403, **arguments):
    """Fails unless the call is refused with that code and status."""
    error = raises(ClientError, call, **arguments).response
    equal((error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]), (code, status), "refusal")


def filled(client):
    """A new bucket of that client's with the object `k`."""
    name = unique("users")
    client.create_bucket(Bucket=name)
    client.put_object(Bucket=name, Key="k", Body=CONTENT)
    return name


def read(client, bucket, key="k"):
    return client.get_object(Bucket=bucket, Key=key)["Body"].read()


def check_others_are_denied():
    hers, his = filled(alice), filled(bob)
    for call, arguments in [
        (bob.get_object, {"Key": "k"}),
        (bob.put_object, {"Key": "k", "Body": b"y"}),
        (bob.delete_object, {"Key": "k"}),
        (bob.list_objects_v2, {}),
        (bob.list_object_versions, {}),
        (bob.get_bucket_acl, {}),
        (bob.get_bucket_location, {}),
        (bob.delete_bucket, {}),
        (bob.create_multipart_upload, {"Key": "k"}),
        (client_of(None, signature_version=UNSIGNED).get_object, {"Key": "k"}),
        (client_of(None, signature_version=UNSIGNED).list_objects_v2, {}),
    ]:
        denied(call, Bucket=hers, **arguments)
    denied(bob.head_bucket, "403", Bucket=hers)
    denied(bob.head_object, "403", Bucket=hers, Key="k")
    denied(bob.copy_object, Bucket=his, Key="stolen", CopySource=f"{hers}/k")
    denied(bob.create_bucket, "BucketAlreadyExists", 409, Bucket=hers)
    errors = bob.delete_objects(Bucket=hers, Delete={"Objects": [{"Key": "k"}]})["Errors"]
    equal([(error["Key"], error["Code"]) for error in errors], [("k", "AccessDenied")], "errors of keys")
    equal(read(alice, hers), CONTENT, "the object afterwards")
    equal(read(root, hers), CONTENT, "the object as root reads it")


def check_users_see_their_buckets_and_owners():
    hers, his = filled(alice), filled(bob)
    names = {who: {bucket["Name"] for bucket in who.list_buckets()["Buckets"]} for who in (root, alice, bob)}
    holds({hers, his} <= names[root], "root sees every bucket")
    holds(hers in names[alice] and his not in names[alice], "alice sees hers")
    holds(his in names[bob] and hers not in names[bob], "bob sees his")
    her_id = alice.list_buckets()["Owner"]["ID"]
    holds(len(her_id) == 64, f"canonical id {her_id}")
    equal(root.get_bucket_acl(Bucket=hers)["Owner"], {"ID": her_id, "DisplayName": "alice"}, "owner of the bucket")
    listed = root.list_objects_v2(Bucket=hers, FetchOwner=True)["Contents"][0]["Owner"]
    equal(listed["ID"], her_id, "owner of the object")


def check_wrong_keys_are_refused():
    denied(client_of(("alice-key", "guess")).list_buckets, "SignatureDoesNotMatch")
    denied(client_of(("nobody", "guess")).list_buckets, "InvalidAccessKeyId")
    denied(client_of(("alice-key", "guess"), signature_version="s3").list_buckets, "SignatureDoesNotMatch")


def check_presigned_addresses_and_forms():
    hers = filled(alice)
    for client in (alice, client_of(USERS["alice"], signature_version="s3")):
        url = client.generate_presigned_url("get_object", Params={"Bucket": hers, "Key": "k"}, ExpiresIn=60)
        answer = http.request("GET", url)
        equal((answer.status, answer.data), (200, CONTENT), "what a presigned address gives")
        equal(http.request("GET", url.replace("/k?", "/other?")).status, 403, "another object by it")
        form = client.generate_presigned_post(hers, "form", ExpiresIn=60)
        sent = http.request("POST", form["url"], fields={**form["fields"], "file": ("name", b"from a form")})
        equal(sent.status, 204, f"a form: {sent.data!r}")
        equal(read(alice, hers, "form"), b"from a form", "what the form wrote")
    theirs = bob.generate_presigned_url("get_object", Params={"Bucket": hers, "Key": "k"}, ExpiresIn=60)
    equal(http.request("GET", theirs).status, 403, "an address that bob signed")


def check_temporary_credentials():
    hers = filled(alice)
    sts = client_of(USERS["alice"], "sts")
    made = sts.assume_role(RoleArn=ROLE, RoleSessionName="job-1", DurationSeconds=900)["Credentials"]
    holds(840 < (made["Expiration"] - datetime.now(timezone.utc)).total_seconds() <= 900, f"{made['Expiration']}")
    keys, token = (made["AccessKeyId"], made["SecretAccessKey"]), made["SessionToken"]
    session = client_of(keys, token=token)
    equal(read(session, hers), CONTENT, "what a session reads")
    session.upload_fileobj(io.BytesIO(CONTENT * 10), hers, "uploaded")
    equal(read(alice, hers, "uploaded"), CONTENT * 10, "what a session wrote")
    url = session.generate_presigned_url("get_object", Params={"Bucket": hers, "Key": "k"}, ExpiresIn=60)
    equal(http.request("GET", url).status, 200, "a presigned address of a session")
    form = session.generate_presigned_post(hers, "form", ExpiresIn=60)
    sent = http.request("POST", form["url"], fields={**form["fields"], "file": ("name", b"x")})
    equal(sent.status, 204, f"a form of a session: {sent.data!r}")
    denied(session.get_object, Bucket=filled(bob), Key="k")
    denied(client_of(keys).list_buckets, "InvalidAccessKeyId")
    denied(client_of(keys, token=token[:-2] + "xx").list_buckets, "InvalidToken", 400)
    arn = client_of(keys, "sts", token).get_caller_identity()["Arn"]
    equal(arn, "arn:aws:sts:::assumed-role/alice/job-1", "who the session is")
    denied(client_of(keys, "sts", token).assume_role, RoleArn=ROLE, RoleSessionName="job-2")
    denied(client_of(("alice-key", "guess"), "sts").get_caller_identity, "SignatureDoesNotMatch")


def check_signatures_of_version_2():
    old = client_of(USERS["alice"], signature_version="s3")
    hers = filled(old)
    equal(read(old, hers), CONTENT, "an object")
    equal([entry["Key"] for entry in old.list_objects_v2(Bucket=hers, Prefix="k")["Contents"]], ["k"], "a listing")
    equal(old.get_bucket_acl(Bucket=hers)["Owner"]["DisplayName"], "alice", "a sub-resource")
    old.put_object(Bucket=hers, Key="meta data+", Body=b"y", Metadata={"Name": " of  it"}, ContentType="text/plain")
    equal(old.head_object(Bucket=hers, Key="meta data+")["ContentType"], "text/plain", "a type")
    upload = old.create_multipart_upload(Bucket=hers, Key="big")["UploadId"]
    part = old.upload_part(Bucket=hers, Key="big", UploadId=upload, PartNumber=1, Body=CONTENT)
    old.complete_multipart_upload(
        Bucket=hers, Key="big", UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    equal(read(old, hers, "big"), CONTENT, "an upload in parts")
    old.delete_objects(Bucket=hers, Delete={"Objects": [{"Key": "big"}, {"Key": "k"}, {"Key": "meta data+"}]})
    old.delete_bucket(Bucket=hers)


if __name__ == "__main__":
    suite.run(f"users with boto3 {boto3.__version__}", suite.checks_of(globals()))
