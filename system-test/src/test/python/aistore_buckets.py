"""Buckets by the SDK: life, namespaces, properties, summaries, access, and what is not offered."""

import xxhash
from aistore.sdk.enums import FLTPresence
from aistore.sdk.errors import AISError, ErrBckAlreadyExists, ErrBckNotFound, ErrObjNotFound, InvalidBckProvider
from aistore.sdk.namespace import Namespace

from aistore_case import KIB, SDK, ask, client, names_of, new_bucket, properties, put, read, refused, set_properties
from suite import content, equal, holds, raises, unique

ALL_ACCESS = (1 << 64) - 1
RIGHTS = {"PUT": 1 << 2, "APPEND": 1 << 3, "DELETE-OBJECT": 1 << 4, "UPDATE-OBJECT": 1 << 7, "DESTROY-BUCKET": 1 << 15}


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


def check_bucket_errors_on_the_wire():
    bucket = new_bucket()
    absent = unique("absent")
    exists = ask("POST", f"buckets/{bucket.name}", "create-bck")
    refused(exists, 409, f'bucket "ais://{bucket.name}" already exists')
    equal(exists.json()["tcode"], "ErrBucketAlreadyExists", "type of the error")
    for reply in (
        ask("GET", f"buckets/{absent}", "list", {}),
        ask("DELETE", f"buckets/{absent}", "destroy-bck"),
        ask("HEAD", f"buckets/{absent}"),
        ask("PATCH", f"buckets/{absent}", "reset-bprops"),
        ask("GET", f"objects/{absent}/o"),
    ):
        refused(reply, 404, f'bucket "ais://{absent}" does not exist')
    remote = ask("GET", f"buckets/{absent}?provider=aws", "list", {})
    refused(remote, 404, f'aws bucket "s3://{absent}" does not exist')
    equal(remote.json()["tcode"], "ErrRemoteBckNotFound", "type of the error of a remote bucket")
    refused(ask("POST", f"buckets/{absent}?provider=aws", "create-bck"), 501, "remote backends are not offered")
    refused(ask("POST", f"buckets/{bucket.name}", "dance"), 400, "dance")
    refused(ask("HEAD", f"buckets/{bucket.name}/prefix"), 400, "prefix")
    equal(ask("OPTIONS", f"buckets/{bucket.name}").headers["Allow"], "DELETE, GET, HEAD, PATCH, POST, PUT", "methods")


def check_namespaces():
    name = unique()
    spaces = [None, Namespace(name="one"), Namespace(name="two")]
    buckets = [client.bucket(name, namespace=space).create() for space in spaces]
    for index, bucket in enumerate(buckets):
        put(bucket, "same", content(100, index))
    for index, bucket in enumerate(buckets):
        equal(read(bucket.object("same")), content(100, index), f"content in namespace {index}")
        equal(read(bucket.object("same"), direct=True), content(100, index), f"direct content in namespace {index}")
        equal(names_of(bucket.list_all_objects()), ["same"], f"names in namespace {index}")
    found = [model for model in client.cluster().list_buckets() if model.name == name]
    equal(sorted(model.namespace.name if model.namespace else "" for model in found), ["", "one", "two"], "namespaces")
    buckets[1].delete()
    raises(ErrBckNotFound, buckets[1].list_objects)
    equal(read(buckets[2].object("same")), content(100, 2), "content beside a removed namespace")
    raises(ErrBckAlreadyExists, buckets[2].create)
    buckets[2].create(exist_ok=True)
    buckets[1].delete(missing_ok=True)
    buckets[0].delete()
    buckets[2].delete()


def check_lists_by_provider():
    bucket = new_bucket()
    holds(bucket.name in [model.name for model in client.cluster().list_buckets()], "not among all of ais")
    for provider in ("aws", "gcp", "azure", "oci"):
        equal(client.cluster().list_buckets(provider=provider), [], f"buckets of {provider}")
    if SDK >= (2, 0):
        holds(bucket.name in [model.name for model in client.cluster().list_buckets("")], "not among all")
    refused(ask("GET", "buckets?provider=floppy", "list"), 400, "floppy")


def check_names_that_need_no_server():
    bucket = new_bucket()
    put(bucket, "a/b", b"x")
    equal(bucket.get_path(), f"ais/@#/{bucket.name}/", "path")
    equal(bucket.as_model().name, bucket.name, "model")
    equal(bucket.object("a/b").get_semantic_url(), f"ais://{bucket.name}/a/b", "semantic URL")
    equal(client.get_object_from_url(f"ais://{bucket.name}/a/b").get_reader().read_all(), b"x", "by its semantic URL")
    equal(list(bucket.list_urls()), [bucket.object("a/b").get_url()], "URLs")


def check_whole_tree_of_properties():
    tree = properties(new_bucket())
    expected = {
        "backend_bck": {"name": "", "provider": "", "namespace": {"uuid": "", "name": ""}},
        "write_policy": {"data": "immediate", "md": "immediate"},
        "provider": "ais",
        "Renamed": "",
        "extra": {"aws": {}, "gcp": {}, "oci": {}},
        "features": "0",
        "access": str(ALL_ACCESS),
        "chunks": {
            "objsize_limit": "0B",
            "max_monolithic_size": "1TiB",
            "chunk_size": "1GiB",
            "checkpoint_every": 0,
            "flags": 0,
        },
        "versioning": {"enabled": True, "validate_warm_get": False, "synchronize": False},
        "lru": {"dont_evict_time": "2h0m", "capacity_upd_time": "10m", "batch_size": 32768, "enabled": False},
    }
    equal({name: tree[name] for name in expected}, expected, "properties")
    equal(tree["checksum"]["type"], "xxhash2", "type of checksums")
    for name in ("rate_limit", "ec", "mirror"):
        holds(isinstance(tree[name], dict), f"no group {name}")
    for name in ("bid", "created"):
        holds(isinstance(tree[name], str) and int(tree[name]) > 0, f"{name} is no number in a text")


def check_properties_are_set_and_reset():
    # Of one copy: that is reset, too.
    bucket = client.bucket(unique()).create()
    before = properties(bucket)
    changes = [
        {"checksum": {"type": "md5"}},
        {"checksum": {"enable_read_range": True, "validate_warm_get": True}},
        {"versioning": {"enabled": False}},
        {"lru": {"dont_evict_time": "30m", "batch_size": 100}},
        {"chunks": {"chunk_size": "64MiB", "checkpoint_every": 4}},
        {"write_policy": {"md": "delayed"}},
        {"access": str(ALL_ACCESS - 4)},
        {"features": "16"},
        {"extra": {"custom": "text"}},
        {"mirror": {"burst_buffer": 128}},
        {"ec": {"objsize_limit": 1024}},
        {"rate_limit": {"frontend": {"interval": "30s"}}},
    ]
    for change in changes:
        equal(set_properties(bucket, change), "", f"reply to {change}")
        holds(contains(properties(bucket), change), f"{change} is not shown: {properties(bucket)}")
    bucket.make_request("patch", "reset-bprops")
    after = properties(bucket)
    equal({name: after[name] for name in before}, before, "properties after the reset")


def contains(tree, part):
    """Whether a tree has every leaf of another one."""
    if not isinstance(part, dict):
        return tree == part
    return all(name in tree and contains(tree[name], inner) for name, inner in part.items())


def check_properties_that_are_refused():
    bucket = new_bucket()
    before = properties(bucket)
    for tree, status, word in [
        ({"nonsense": 1}, 400, "nonsense"),
        ({"checksum": {"type": "crc8"}}, 400, "crc8"),
        ({"access": "-1"}, 400, "access"),
        ({"mirror": {"copies": 1000}}, 400, "mirror.copies"),
        ({"features": str(1 << 5)}, 400, "features"),
        ({"ec": {"enabled": True}}, 501, "erasure coding is not offered"),
        ({"rate_limit": {"frontend": {"enabled": True}}}, 501, "rate limiting is not offered"),
        ({"backend_bck": {"name": "other", "provider": "aws"}}, 501, "remote backends are not offered"),
        ({"lru": {"enabled": True}}, 501, "never evicted"),
    ]:
        refusal = raises(AISError, set_properties, bucket, tree)
        equal(refusal.status_code, status, f"status of {tree}")
        holds(word in refusal.message, f"message of {tree}: {refusal.message}")
        refusal = raises(AISError, client.bucket(unique()).make_request, "post", "create-bck", value=tree)
        equal(refusal.status_code, status, f"status of a new bucket with {tree}")
    equal(properties(bucket), before, "properties after all that")


def check_properties_have_effect():
    bucket = new_bucket()
    set_properties(bucket, {"checksum": {"type": "md5"}, "versioning": {"enabled": False}})
    attributes = put(bucket, "o", b"content").get_reader().attributes
    equal(attributes.checksum_type, "md5", "type of checksum")
    equal(attributes.checksum_value, "9a0364b9e99bb480dd25e1f0284c8555", "checksum")
    holds(not attributes.obj_version, "a version is shown")
    set_properties(bucket, {"checksum": {"type": "none"}})
    holds("Ais-Checksum-Type" not in ask("GET", f"objects/{bucket.name}/o").headers, "a checksum is shown")
    set_properties(bucket, {"checksum": {"type": "xxhash2", "enable_read_range": True}})
    part = ask("GET", f"objects/{bucket.name}/o", headers={"Range": "bytes=0-0"})
    equal(part.headers["Ais-Checksum-Value"], xxhash.xxh64(b"c").hexdigest(), "checksum of a range")


def check_access_is_enforced():
    bucket = new_bucket()
    put(bucket, "o", b"content")
    path = f"objects/{bucket.name}/o"
    tries = {
        "PUT": lambda: ask("PUT", path, data=b"x"),
        "APPEND": lambda: ask("PUT", f"{path}?append_type=append&append_handle=", data=b"x"),
        "DELETE-OBJECT": lambda: ask("DELETE", path),
        "UPDATE-OBJECT": lambda: ask("PATCH", path, "", {"k": "v"}),
        "DESTROY-BUCKET": lambda: ask("DELETE", f"buckets/{bucket.name}", "destroy-bck"),
    }
    for right, attempt in tries.items():
        set_properties(bucket, {"access": str(ALL_ACCESS - RIGHTS[right])})
        refused(attempt(), 403, f"{right} access denied", bucket.name)
    set_properties(bucket, {"access": "0"})
    equal(read(bucket.object("o")), b"content", "content, which the mask does not keep from anybody here")
    equal(names_of(bucket.list_all_objects()), ["o"], "names")
    set_properties(bucket, {"access": str(ALL_ACCESS)})
    put(bucket, "o", b"again")


def check_summary():
    bucket = new_bucket()
    for index in range(6):
        put(bucket, f"{'a' if index < 4 else 'b'}/{index}", content(1000 * (index + 1), index))
    whole = bucket.summary()
    equal(whole["name"], bucket.name, "name")
    equal(whole["ObjCount"], {"obj_count_present": "6", "obj_count_remote": "0"}, "counts")
    equal(whole["ObjSize"], {"obj_min_size": 1000, "obj_avg_size": 3500, "obj_max_size": 6000}, "sizes")
    equal(whole["TotalSize"]["size_all_present_objs"], "21000", "size of all")
    holds(int(whole["TotalSize"]["total_disks_size"]) > 0, "no size of disks")
    equal(bucket.summary(prefix="b/")["ObjCount"]["obj_count_present"], "2", "count of a prefix")
    raises(ErrBckNotFound, client.bucket(unique("absent")).summary)
    refused(ask("GET", f"buckets/{bucket.name}", "summary-bck", {"uuid": "absentJob"}), 404, "absentJob")


def check_info():
    bucket = new_bucket()
    put(bucket, "a/1", content(KIB))
    put(bucket, "b/1", content(KIB))
    tree, info = bucket.info(flt_presence=FLTPresence.FLT_PRESENT, prefix="a/")
    holds('"provider":"ais"' in tree.replace(" ", ""), "no properties")
    equal(info["ObjCount"]["obj_count_present"], "1", "count of the prefix")
    raises(ValueError, bucket.info, flt_presence=77)


def check_jobs_over_buckets_are_not_pretended():
    bucket, other = new_bucket(), new_bucket()
    put(bucket, "o", b"x")
    group = bucket.objects(obj_names=["o"])
    for call, word in [
        (lambda: bucket.rename(unique()), "move-bck"),
        (lambda: bucket.copy(other), "copy-bck"),
        (lambda: bucket.transform("an-etl", other), "etl-bck"),
        (group.delete, "delete-listrange"),
        (lambda: group.copy(other), "copy-listrange"),
        (lambda: group.transform(other, "an-etl"), "etl-listrange"),
        (lambda: group.archive("all.tar"), "archive"),
        (lambda: bucket.object("o").promote("/var/lib/ais/promote/x"), "promot"),
    ]:
        refusal = raises(AISError, call)
        equal(refusal.status_code, 501, f"status of {word}: {refusal.message}")
        holds(word in refusal.message and "not offered" in refusal.message, f"message of {word}: {refusal.message}")
    for action in ("make-n-copies", "ec-encode", "rechunk", "index-shard"):
        holds(ask("POST", f"buckets/{bucket.name}", action).status_code in (400, 501), f"{action} is taken")
    equal(names_of(bucket.list_all_objects()), ["o"], "objects after all that")
    equal(other.list_all_objects(), [], "objects of the other bucket")


def check_requests_about_whole_buckets_that_are_wrong():
    bucket = new_bucket()
    path = f"buckets/{bucket.name}"
    refused(ask("POST", path, "move-bck"), 400, "bck_to")
    refused(ask("POST", path, "copy-bck", {}), 400, "bck_to")
    refused(ask("POST", f"{path}?bck_to=ais/@%23/{bucket.name}/", "move-bck"), 400, "to itself")
    taken = new_bucket()
    refused(ask("POST", f"{path}?bck_to=ais/@%23/{taken.name}/", "move-bck"), 400, "already exists")


def check_what_only_remote_buckets_have():
    bucket = new_bucket()
    obj = put(bucket, "o", b"x")
    raises(InvalidBckProvider, bucket.evict)
    raises(InvalidBckProvider, bucket.objects(obj_names=["o"]).prefetch)
    raises(InvalidBckProvider, bucket.objects(obj_names=["o"]).evict)
    refusal = raises(AISError, obj.blob_download)
    equal(refusal.status_code, 400, f"status of a blob download: {refusal.message}")
    path = f"buckets/{bucket.name}"
    for method, action in [
        ("DELETE", "evict-remote-bck"),
        ("DELETE", "evict-listrange"),
        ("POST", "prefetch-listrange"),
        ("POST", "create-inventory"),
        ("DELETE", "destroy-inventory"),
    ]:
        refused(ask(method, path, action, {}), 400, "not a remote bucket")
    raises(AISError, bucket.create_inventory)
    raises(AISError, bucket.destroy_inventory)
    equal(bucket.show_inventory(), {}, "inventories")
    equal(read(obj), b"x", "content after all that")
