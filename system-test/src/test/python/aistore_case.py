"""What the checks of the AIStore SDK share: the client under test, and buckets and objects made by it."""

import json
import logging
import os
import sys
from importlib.metadata import version

import requests
from aistore import Client
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from suite import equal, unique

URL = sys.argv[1]
NODES = int(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[2].isdigit() else 1
GATEWAYS = int(sys.argv[3]) if len(sys.argv) > 3 else 1
SDK = tuple(int(part) for part in version("aistore").split(".")[:2])
COPIES = int(os.environ.get("FOREBAY_SUITE_COPIES", "1"))
KIB, MIB = 1024, 1024 * 1024

client = Client(URL)
# It tells at length of the connections that the suite breaks.
logging.getLogger("aistore.sdk.obj").setLevel(logging.CRITICAL)
session = requests.Session()
session.verify = os.environ.get("REQUESTS_CA_BUNDLE", True)
# As the SDK does it: of its own accord when a node is not there.
for scheme in ("http://", "https://"):
    session.mount(scheme, HTTPAdapter(max_retries=Retry(
        total=8, backoff_factor=0.2, status_forcelist=[503], allowed_methods=None, raise_on_status=False)))


def new_bucket():
    """An empty bucket, of as many copies as the run asks for."""
    bucket = client.bucket(unique())
    if COPIES == 1:
        return bucket.create()
    bucket.make_request("post", "create-bck", value={"forebay": {"copies": COPIES}})
    return bucket


def put(bucket, name, data):
    """Stores an object and returns it."""
    bucket.object(name).get_writer().put_content(data)
    return bucket.object(name)


def read(obj, **how):
    """All bytes of an object, by a reader made with these options."""
    return bytes(obj.get_reader(**how).read_all())


def size_of(obj):
    """The size that HEAD tells, in the form that the SDK's version has."""
    head = obj.head()
    return head.size if SDK >= (2, 0) else int(head["Content-Length"])


def ask(method, path, action=None, value=None, name="", **how):
    """The reply to a request that the SDK has no method for."""
    if action is not None:
        how["json"] = {"action": action, "name": name, "value": value}
    return session.request(method, f"{URL}/v1/{path}", timeout=20, **how)


def refused(reply, status, *texts):
    """Checks an error's status, its JSON body (or the header of a HEAD) and what the message says."""
    text = reply.text if reply.request.method != "HEAD" else reply.headers.get("Hdr-Error", "")
    equal(reply.status_code, status, f"status of {text}")
    body = json.loads(text)
    equal(body["status"], status, "status of the body")
    for part in texts:
        if part not in body["message"]:
            raise AssertionError(f"message: expected {part!r} in {body['message']!r}")


def properties(bucket):
    """The tree of a bucket's properties."""
    return json.loads(bucket.head()["Ais-Bucket-Props"])


def set_properties(bucket, tree):
    """Changes the leaves of that tree."""
    return bucket.make_request("patch", "set-bprops", value=tree).text


def names_of(entries):
    """The names of a listing's entries."""
    return [entry.name for entry in entries]
