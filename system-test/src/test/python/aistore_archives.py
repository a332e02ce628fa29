"""Members of archives by the unmodified AIStore SDK against a Forebay server: `aistore_archives.py URL STORAGE_NODES`.

The archives are Python's own. Runs with 1.25.0, 1.26.0 and 2.0.0.
"""

import io
import tarfile
import zipfile
from importlib.metadata import version

from aistore.sdk.archive_config import ArchiveConfig, ArchiveMode
from aistore.sdk.errors import AISError, ErrObjNotFound
from aistore.sdk.list_object_flag import ListObjectFlag

import suite
from aistore_case import NODES, client, new_bucket
from suite import content, equal, raises

MEMBERS = {f"{'train' if index % 2 else 'test'}/{index:03}.{'cls' if index % 3 else 'jpg'}": content(index * 211, index)
           for index in range(120)}
MEMBERS["ünï/" + "long" * 50 + ".jpg"] = content(3000)
MODES = {".tar": "w", ".tgz": "w:gz", ".tar.gz": "w:gz"}


def packed(extension, members):
    """An archive with these members."""
    out = io.BytesIO()
    if extension == ".zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
    else:
        with tarfile.open(fileobj=out, mode=MODES[extension]) as archive:
            for name, data in members.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def stored(extension, members=None):
    """An object that is an archive."""
    shard = new_bucket().object("shard" + extension)
    shard.get_writer().put_content(packed(extension, MEMBERS if members is None else members))
    return shard


def read(shard, **settings):
    """What the SDK reads with that configuration."""
    return shard.get_reader(archive_config=ArchiveConfig(**settings)).read_all()


def check_one_member_of_every_format():
    for extension in (*MODES, ".zip"):
        shard = stored(extension)
        for name in list(MEMBERS)[::7] + list(MEMBERS)[-1:]:
            equal(read(shard, archpath=name), MEMBERS[name], f"{extension} {name}")
        equal(b"".join(shard.get_reader(archive_config=ArchiveConfig(archpath="test/100.cls"))), MEMBERS["test/100.cls"])


def check_several_members_come_as_a_tar():
    rules = {
        ArchiveMode.PREFIX: ("train/", lambda name: name.startswith("train/")),
        ArchiveMode.SUFFIX: (".cls", lambda name: name.endswith(".cls")),
        ArchiveMode.SUBSTR: ("in/0", lambda name: "in/0" in name),
        ArchiveMode.REGEXP: (r"^test/\d+5?\.jpg$", lambda name: name.startswith("test/") and name.endswith(".jpg")),
        ArchiveMode.WDSKEY: ("train/001", lambda name: name == "train/001.cls"),
    }
    for extension in (".tar", ".tgz", ".zip"):
        shard = stored(extension)
        for mode, (text, selects) in rules.items():
            with tarfile.open(fileobj=io.BytesIO(read(shard, regex=text, mode=mode))) as archive:
                found = {info.name: archive.extractfile(info).read() for info in archive.getmembers()}
            equal(found, {name: data for name, data in MEMBERS.items() if selects(name)}, f"{extension} {mode}")


def check_members_that_are_not_there():
    shard = stored(".tar")
    raises(ErrObjNotFound, read, shard, archpath="train/none.jpg")
    raises(ErrObjNotFound, read, shard, regex="none", mode=ArchiveMode.PREFIX)
    equal(raises(AISError, read, shard, archpath="../shadow").status_code, 400)
    plain = shard.bucket_name
    client.bucket(plain).object("plain.txt").get_writer().put_content(b"no archive")
    equal(raises(AISError, read, client.bucket(plain).object("plain.txt"), archpath="a").status_code, 400)


def check_an_archive_that_is_replaced():
    shard = stored(".tar")
    equal(read(shard, archpath="test/002.cls"), MEMBERS["test/002.cls"])
    shard.get_writer().put_content(packed(".tar", {"test/002.cls": b"new" * 60_000}))
    equal(read(shard, archpath="test/002.cls"), b"new" * 60_000)
    raises(ErrObjNotFound, read, shard, archpath="test/004.cls")


def check_what_is_in_archives_is_listed():
    for extension in (*MODES, ".zip"):
        shard = stored(extension)
        bucket = client.bucket(shard.bucket_name)
        inside = {f"{shard.name}/{name}": len(data) for name, data in MEMBERS.items()}
        for size in (0, 7):
            found = bucket.list_archive(shard.name, props="name,size", page_size=size)
            equal([entry.name for entry in found], sorted(inside, key=str.encode), f"{extension} {size}")
            equal({entry.name: entry.size for entry in found}, inside, f"sizes in {extension}")
            equal({entry.flags & 1 << 7 for entry in found}, {1 << 7}, "flags of members")
    bucket.object("a.txt").get_writer().put_content(b"plain")
    bucket.object("broken.tar").get_writer().put_content(b"no archive" * 100)
    listed = bucket.list_all_objects(flags=[ListObjectFlag.ARCH_DIR])
    equal([entry.name for entry in listed][:2], ["a.txt", "broken.tar"], "with others")
    equal([entry.name for entry in listed[2:]], [shard.name, *sorted(inside, key=str.encode)], "with others")
    equal([entry.flags & 1 << 9 for entry in listed[:3]], [0, 0, 1 << 9], "flags of archives")
    equal(len(bucket.list_archive(shard.name, include_archive_obj=True)), len(MEMBERS) + 1, "with the archive")
    level = bucket.list_all_objects(prefix=f"{shard.name}/", flags=[ListObjectFlag.ARCH_DIR, ListObjectFlag.NO_RECURSION])
    equal([entry.name for entry in level], [f"{shard.name}/{name}/" for name in ("test", "train", "ünï")], "folders")


def check_batches_of_members():
    shard = stored(".tar")
    bucket = client.bucket(shard.bucket_name)
    bucket.object("other.zip").get_writer().put_content(packed(".zip", MEMBERS))
    names = list(MEMBERS)[::5]
    for streams in (True, False):
        batch = client.batch(bucket=bucket, streaming_get=streams)
        for name in names:
            batch.add("shard.tar", archpath=name)
            batch.add("other.zip", archpath=name)
        found = [data for _, data in batch.get()]
        equal(found, [MEMBERS[name] for name in names for _ in range(2)], "members")
    raw = client.batch(bucket=bucket).add("shard.tar", archpath="none").add("shard.tar", archpath=names[1]).get(raw=True)
    with tarfile.open(fileobj=io.BytesIO(raw.read())) as archive:
        equal(
            archive.getnames(),
            [f"__404__/{bucket.name}/shard.tar/none", f"{bucket.name}/shard.tar/{names[1]}"],
        )


def write(shard, name, data, mode):
    """Puts a member into an archive, as AIStore's command line does it: 0 creates, 1 appends, 2 does either."""
    bucket = client.bucket(shard.bucket_name)
    return bucket.client.request(
        "PUT", path=f"objects/{bucket.name}/{shard.name}", params={**bucket.qparam, "archpath": name}, data=data,
        headers={"Ais-Pine": str(mode)})


def check_members_are_written():
    for extension in (*MODES, ".zip"):
        shard = stored(extension)
        added = {f"new/{index}.bin": content(index * 9_000, index) for index in range(12)}
        for name, data in added.items():
            write(shard, name, data, 1)
        everything = {**MEMBERS, **added}
        for name in (*list(MEMBERS)[::9], *added):
            equal(read(shard, archpath=name), everything[name], f"{extension} {name}")
        whole = shard.get_reader().read_all()
        if extension == ".zip":
            with zipfile.ZipFile(io.BytesIO(whole)) as archive:
                found = {name: archive.read(name) for name in archive.namelist()}
        else:
            with tarfile.open(fileobj=io.BytesIO(whole)) as archive:
                found = {info.name: archive.extractfile(info).read() for info in archive.getmembers()}
        equal(found, everything, f"{extension} by Python")
        listed = client.bucket(shard.bucket_name).list_archive(shard.name)
        equal(len(listed), len(everything), f"{extension} listed")


def check_archives_are_created_by_a_member():
    bucket = new_bucket()
    shard = bucket.object("new.tar")
    raises(ErrObjNotFound, write, shard, "a", b"1", 1)
    write(shard, "a", b"1", 2)
    write(shard, "b", b"2", 2)
    equal((read(shard, archpath="a"), read(shard, archpath="b")), (b"1", b"2"))
    write(shard, "c", b"3", 0)
    raises(ErrObjNotFound, read, shard, archpath="a")
    equal(raises(AISError, write, bucket.object("plain"), "a", b"1", 0).status_code, 400)


if __name__ == "__main__":
    suite.run(f"archives of aistore {version('aistore')} with {NODES} nodes", suite.checks_of(globals()))
