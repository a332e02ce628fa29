"""Listing by the SDK: pages, prefixes, properties, flags, and what others change meanwhile."""

import re
import threading

import xxhash
from aistore.sdk.errors import AISError
from aistore.sdk.list_object_flag import ListObjectFlag

from aistore_case import COPIES, SDK, ask, client, names_of, new_bucket, put, refused
from suite import content, equal, holds, raises


def listing_bucket():
    bucket = new_bucket()
    names = sorted([f"a/{n:03}" for n in range(40)] + [f"b/{n:03}" for n in range(25)] + [f"c{n}" for n in range(5)])
    for name in names:
        put(bucket, name, content(10))
    return bucket, names


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
    equal(entry.copies, COPIES, "copies")
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


def pages(bucket, size, **how):
    """The names of every page of that size."""
    found, token, uuid = [], "", ""
    while True:
        page = bucket.list_objects(page_size=size, continuation_token=token, uuid=uuid, **how)
        holds(page.uuid and page.uuid == (uuid or page.uuid), "another session id")
        found.append(names_of(page.entries))
        token, uuid = page.continuation_token, page.uuid
        if not token:
            return found
        holds(page.entries, "an empty page with a token")


def check_pages_of_every_size():
    bucket, names = listing_bucket()
    for size in (1, 2, 7, 35, 69, 70, 71, 10_000):
        found = pages(bucket, size)
        equal(sum(found, []), names, f"names by pages of {size}")
        holds(all(len(page) == size for page in found[:-1]), f"a page of {size} is not full")
    equal(pages(bucket, 35)[-1], [], "the page behind the last full one")


def check_pages_of_folders():
    bucket, _ = listing_bucket()
    wanted = ["a/", "b/", "c0", "c1", "c2", "c3", "c4"]
    for size in (1, 2, 3, 7, 100):
        equal(sum(pages(bucket, size, flags=[ListObjectFlag.NO_RECURSION]), []), wanted, f"by pages of {size}")
        without = pages(bucket, size, flags=[ListObjectFlag.NO_RECURSION, ListObjectFlag.NO_DIRS])
        equal(sum(without, []), wanted[2:], f"without folders by pages of {size}")
    folder = bucket.list_objects(flags=[ListObjectFlag.NO_RECURSION]).entries[0]
    equal((folder.name, folder.flags & 1 << 8, folder.size), ("a/", 1 << 8, 0), "folder")


def check_deep_folders():
    bucket = new_bucket()
    for name in ("a", "a/b/c", "a/b/d/e", "a-b", "a/f", "é/x"):
        put(bucket, name, b"x")
    flags = [ListObjectFlag.NO_RECURSION]
    equal(names_of(bucket.list_all_objects(flags=flags)), ["a", "a-b", "a/", "é/"], "top")
    equal(names_of(bucket.list_all_objects(flags=flags, prefix="a/")), ["a/b/", "a/f"], "folder")
    equal(names_of(bucket.list_all_objects(flags=flags, prefix="a/b/")), ["a/b/c", "a/b/d/"], "inner folder")
    equal(names_of(bucket.list_all_objects(prefix="a*")), ["a", "a-b", "a/b/c", "a/b/d/e", "a/f"], "trailing star")


def check_flags_of_what_is_shown():
    bucket = new_bucket()
    put(bucket, "o", content(1234)).get_writer().set_custom_props({"k": "v"})

    def entry(*flags, props=""):
        return bucket.list_objects(flags=list(flags), props=props).entries[0]

    everything = "name,size,version,checksum,atime,cached,status,copies,ec,custom,location"
    full = entry(props=everything)
    equal((full.size, full.version, full.copies, full.flags), (1234, "1", COPIES, 1 << 6), "all properties")
    equal(full.checksum, xxhash.xxh64(content(1234)).hexdigest(), "checksum")
    holds(re.fullmatch(r"\d\d \w{3} \d\d \d\d:\d\d UTC", full.atime), f"access time {full.atime!r}")
    only = entry(ListObjectFlag.NAME_ONLY, props=everything)
    equal((only.size, only.version, only.checksum, only.atime), (0, "", "", ""), "names only")
    sized = entry(ListObjectFlag.NAME_SIZE, props=everything)
    equal((sized.size, sized.version, sized.checksum), (1234, "", ""), "names and sizes only")
    for flag in ("CACHED", "MISSING", "DELETED", "BCK_PRESENT", "DONT_HEAD_REMOTE", "DONT_ADD_REMOTE", "DIFF", "IS_S3"):
        if hasattr(ListObjectFlag, flag):
            equal(entry(getattr(ListObjectFlag, flag)).name, "o", f"entry with {flag}")
    cached = entry(ListObjectFlag.CACHED)
    holds(cached.checksum and cached.atime, "the default properties of what is cached")


def check_listing_by_target():
    bucket, names = listing_bucket()
    nodes = list(client.cluster().get_info().tmap)
    by_node = [names_of(bucket.list_all_objects(target=node)) for node in nodes]
    equal(sorted(sum(by_node, [])), names, "names of all nodes together")
    paged = [names_of(bucket.list_all_objects(target=node, page_size=3)) for node in nodes]
    equal(paged, by_node, "names of each node by pages")
    raises(AISError, bucket.list_objects, target="absentNode")


def check_listing_with_a_time_format():
    bucket = new_bucket()
    put(bucket, "o", b"x")
    for layout, shape in [
        ("2006-01-02T15:04:05Z07:00", r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
        ("Mon, 02 Jan 2006 15:04:05 MST", r"\w{3}, \d\d \w{3} 20\d\d \d\d:\d\d:\d\d UTC"),
        ("3:04PM", r"\d{1,2}:\d\d[AP]M"),
    ]:
        reply = ask("GET", f"buckets/{bucket.name}", "list", {"props": "name,atime", "time_format": layout})
        holds(re.fullmatch(shape, reply.json()["entries"][0]["atime"]), f"time of {layout}: {reply.text}")


def check_forms_of_a_listing():
    bucket = new_bucket()
    put(bucket, "o", b"12345")
    listed = ask("GET", f"buckets/{bucket.name}", "list", {})
    equal(listed.headers["Content-Type"].split(";")[0], "application/json", "type of JSON")
    equal(sorted(listed.json()), ["continuation_token", "entries", "flags", "uuid"], "keys of JSON")
    equal(listed.json()["entries"], [{"name": "o", "size": "5", "flags": 64}], "entries of JSON")
    packed = ask("GET", f"buckets/{bucket.name}", "list", {}, headers={"Accept": "application/msgpack"})
    equal(packed.headers["Content-Type"], "application/msgpack", "type of msgpack")
    head, uuid, rest = packed.content[:6], packed.content[7:16], packed.content[16:]
    equal((head, len(uuid)), (b"\x84\xa4UUID", 9), "beginning of msgpack")
    token = b"\xb1ContinuationToken\xa0\xa7Entries"
    equal(rest, token + b"\x91\x83\xa1n\xa1o\xa1s\x05\xa1f@\xa5Flags\x00", "msgpack")


def check_listing_that_is_refused():
    bucket = new_bucket()
    path = f"buckets/{bucket.name}"
    cached, not_cached, remote = 1 << 0, 1 << 9, 1 << 10
    refused(ask("GET", path, "list", {"flags": str(cached | not_cached)}), 400, "cached")
    refused(ask("GET", path, "list", {"flags": str(not_cached)}), 400, "remote bucket")
    refused(ask("GET", path, "list", {"flags": str(remote)}), 400, "remote bucket")
    refused(ask("GET", path, "list", {"flags": "many"}), 400, "flags")
    refused(ask("GET", path, "list", {"pagesize": -1}), 400, "page size")
    refused(ask("GET", path, "list", {"prefix": "../x"}), 400)
    equal(ask("GET", path, "list", {"props": "name,unheard-of"}).status_code, 200, "status of an unknown property")
    equal(ask("GET", path, "list", None).status_code, 200, "status of no message")


def check_listing_while_others_change_the_bucket():
    bucket = new_bucket()
    kept = [f"kept/{n:03}" for n in range(150)]
    for name in kept:
        put(bucket, name, b"x")
    done = threading.Event()

    def change():
        index = 0
        while not done.is_set():
            obj = put(bucket, f"kept/{index % 150:03}-passing", b"x")
            obj.delete()
            put(bucket, kept[index % 150], bytes([index % 256]))
            index += 1

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for size in (7, 20, 64):
            found = sum(pages(bucket, size), [])
            equal(found, sorted(set(found)), f"order of pages of {size}")
            equal([name for name in found if not name.endswith("-passing")], kept, f"what stays, by pages of {size}")
    finally:
        done.set()
        thread.join()


def check_token_is_kept_by_no_server():
    bucket, names = listing_bucket()
    first = bucket.list_objects(page_size=33)
    rest = bucket.list_objects(page_size=100, continuation_token=first.continuation_token, uuid="neverHeard")
    equal(names_of(first.entries) + names_of(rest.entries), names, "names with a session that nobody knows")
