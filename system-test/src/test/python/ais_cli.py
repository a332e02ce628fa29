"""AIStore's command line against a Forebay cluster without authentication: `ais_cli.py URL PROGRAM`, where PROGRAM is its
file. It runs as a person would run it, with a home folder of its own."""

import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from pathlib import Path

import suite
from suite import content, equal, holds, unique

URL, PROGRAM = sys.argv[1:3]
WORK = tempfile.TemporaryDirectory()
HOME = Path(WORK.name) / "home"
HOME.mkdir()
MAP = json.load(urllib.request.urlopen(f"{URL}/v1/daemon?what=smap", timeout=20))
TARGET, PROXY = f"t[{next(iter(MAP['tmap']))}]", f"p[{next(iter(MAP['pmap']))}]"
FILES = {f"f{index}": content(20_000 + index, index) for index in range(8)}


def ais(*arguments, fails=False, text=True):
    """What the command prints; the exit code must be 0, or another one when it is to fail."""
    settings = os.environ | {"HOME": str(HOME), "AIS_ENDPOINT": URL, "NO_COLOR": "1"}
    done = subprocess.run(
        [PROGRAM, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False, env=settings)
    if (done.returncode != 0) != fails:
        raise AssertionError(f"ais {' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    output = done.stdout + (done.stderr if fails else b"")
    return output.decode() if text else output


def shows(output, *words):
    """Fails unless every word is in the output."""
    for word in words:
        holds(word in output, f"{word!r} is not in:\n{output}")


def rows(output):
    """The lines of a table, their columns separated by blanks."""
    return [" ".join(line.split()) for line in output.splitlines()]


def folder(files):
    made = Path(tempfile.mkdtemp(dir=WORK.name))
    for name, data in files.items():
        (made / name).write_bytes(data)
    return made


def bucket():
    """A new bucket with all files in it."""
    name = f"ais://{unique('cli')}"
    shows(ais("create", name), "created")
    shows(ais("put", str(folder(FILES)), name, "--recursive", "--yes"), f"PUT {len(FILES)} files")
    return name


def refused(*arguments):
    """What the command says of a refusal, without its leader."""
    return ais(*arguments, fails=True)


def check_cluster():
    shown = ais("show", "cluster")
    shows(shown, TARGET, PROXY, "online", "Version:")
    shows("\n".join(rows(shown)), f"Targets: {len(MAP['tmap'])}", f"Proxies: {len(MAP['pmap'])}")
    for command in (("show", "cluster", "smap"), ("show", "cluster", "bmd"), ("show", "job"), ("show", "rebalance"),
                    ("storage", "mountpath"), ("storage", "disk"), ("show", "cluster", "stats", TARGET)):
        ais(*command)


def check_buckets():
    name = bucket()
    shows(ais("ls"), name)
    equal([row.split()[0] for row in rows(ais("ls", name, "--no-headers"))], sorted(FILES), "names")
    shows(ais("ls", name, "--prefix", "f1"), "f1")
    equal(len(rows(ais("ls", name, "--no-headers", "--page-size", "3"))), len(FILES), "names in pages")
    shows(ais("ls", name, "--props", "all"), "ok", "t[")
    shows(ais("ls", name, "--name-only", "--limit", "2"), "f0", "f1")
    shows(ais("ls", "--summary"), name)
    shows(ais("storage", "summary", name), name, str(len(FILES)))
    shows(ais("show", "bucket", name), "checksum.type", "versioning.enabled")
    shows(ais("bucket", "rm", name, "--yes"), "destroyed")
    shows(refused("ls", name), "does not exist")


def check_properties():
    name = bucket()
    shows(ais("bucket", "props", "set", name, "checksum.type=md5"), '"checksum.type" set to: "md5"')
    shows(ais("bucket", "props", "show", name, "checksum"), "md5")
    shows(ais("bucket", "props", "reset", name), "reset")
    shows(ais("bucket", "props", "show", name, "checksum"), "xxhash2")
    shows(refused("bucket", "props", "set", name, "ec.enabled=true"), "not offered")


def check_objects():
    name = bucket()
    target = Path(WORK.name) / "got"
    shows(ais("get", f"{name}/f1", str(target)), "GET f1")
    equal(target.read_bytes(), FILES["f1"], "content got")
    equal(ais("object", "cat", f"{name}/f2", text=False), FILES["f2"], "content shown")
    equal(ais("get", f"{name}/f2", "-", "--offset", "5", "--length", "7", text=False), FILES["f2"][5:12], "range")
    shows(ais("object", "show", f"{name}/f1"), "xxhash2", f"{name}/f1")
    shows(ais("object", "show", f"{name}/f1", "--props", "all"), "location", TARGET[:2])
    shows(ais("object", "cp", f"{name}/f1", f"{name}/copy"), "COPY")
    shows(ais("object", "mv", f"{name}/copy", f"{name}/moved"), "moved")
    equal(ais("object", "cat", f"{name}/moved", text=False), FILES["f1"], "content moved")
    shows(refused("object", "cat", f"{name}/copy"), "does not exist")
    shows(ais("object", "rm", f"{name}/moved"), "deleted")
    shows(refused("object", "show", f"{name}/moved"), "not found")
    source = folder({"new": b"new content"})
    ais("put", str(source / "new"), f"{name}/new", "--compute-checksum")
    equal(ais("object", "cat", f"{name}/new"), "new content")
    ais("object", "set-custom", f"{name}/new", "color=red")
    shows(ais("object", "show", f"{name}/new", "--props", "custom"), "red")
    several = Path(tempfile.mkdtemp(dir=WORK.name))
    ais("get", name, "--prefix", "f", str(several), "--yes")
    equal({path.name: path.read_bytes() for path in several.rglob("f*") if path.is_file()}, FILES, "files got")


def check_performance():
    name = bucket()
    for file in FILES:
        ais("get", f"{name}/{file}", "/dev/null")
    shows(ais("show", "performance", "counters"), "GET(n)", "PUT(size)", "t[")
    shows(ais("show", "performance", "throughput", "--refresh", "1", "--count", "1"), "GET(total/avg size)")
    shows(ais("show", "performance", "latency", "--refresh", "1", "--count", "1"), "GET(n)")
    shows(ais("show", "performance", "capacity"), "good")
    ais("cluster", "reset-stats")
    holds("GET(n)" not in ais("show", "performance", "counters"), "counts were not set back")
    refused("get", f"{name}/none", "/dev/null")
    ais("cluster", "reset-stats", "--errors-only")
    ais("cluster", "reset-stats", TARGET)


def check_logs():
    note = "settings until this process ends"
    for node in (TARGET, PROXY):
        ais("config", "node", node, "inherited", "log.max_size=15MiB", "--transient")
        shows(ais("log", "get", node), note)
        shows(ais("show", "log", node), note)
        holds(note not in ais("log", "get", node, "--severity", "error"), "errors of the log have notes")
        archive = Path(WORK.name) / f"{node[2:-1]}.tar.gz"
        ais("log", "get", node, str(archive), "--all")
        with tarfile.open(archive) as files:
            shows(files.extractfile("forebay.log").read().decode(), note)
    every = Path(tempfile.mkdtemp(dir=WORK.name))
    ais("log", "get", "cluster", str(every))
    equal(len(list(every.iterdir())), len(MAP["tmap"]) + len(MAP["pmap"]), "archives")
    ais("advanced", "rotate-logs", TARGET)
    holds(note not in ais("log", "get", TARGET), "the log was not moved aside")
    ais("log", "get", TARGET, str(every / "after.tar.gz"), "--all")
    with tarfile.open(every / "after.tar.gz") as files:
        shows(files.extractfile("forebay.log.1").read().decode(), note)
    ais("config", "reset", "cluster")


def config(scope, name):
    """The value of a setting as the command shows it, of the cluster or a node."""
    section = name.split(".", maxsplit=1)[0]
    of = ["cluster", section] if scope == "cluster" else ["node", scope, "inherited", section]
    return re.search(rf"^{re.escape(name)}\s+(\S+)", ais("config", *of), re.MULTILINE).group(1)


def check_configuration():
    ais("show", "config", "cluster")
    shows(ais("show", "config", PROXY), "log.level", "proxy.primary_url")
    shows(ais("show", "config", TARGET, "local"), "fspaths.paths", "host_net.port")
    level = config("cluster", "log.level")
    shows(ais("config", "cluster", "log.level=4"), "Cluster config updated")
    equal(config("cluster", "log.level"), "4")
    ais("config", "cluster", "log.level=2", "--transient")
    equal(config(TARGET, "log.level"), "2", "level of a node while it runs")
    equal(config("cluster", "log.level"), "4", "level of the cluster")
    ais("config", "node", TARGET, "inherited", "log.max_size=8MiB")
    equal(config(TARGET, "log.max_size"), "8MiB", "size of a node's log")
    ais("config", "reset", TARGET)
    equal(config(TARGET, "log.max_size"), config("cluster", "log.max_size"), "size set back")
    ais("config", "reset", "cluster")
    equal(config(TARGET, "log.level"), "4", "level set back")
    ais("config", "cluster", f"log.level={level}")
    ais("config", "cluster", "rebalance.enabled=false")
    equal(config("cluster", "rebalance.enabled"), "false")
    ais("config", "cluster", "rebalance.enabled=true")
    ais("config", "cluster", "checksum.type=sha256")
    shows(ais("bucket", "props", "show", bucket(), "checksum"), "sha256")
    ais("config", "cluster", "checksum.type=xxhash2")


def check_configuration_that_is_refused():
    shows(refused("config", "cluster", "disk.disk_util_low_wm=21"), "disk.disk_util_low_wm", "nothing of Forebay's")
    shows(refused("config", "cluster", "timeout.startup_time=9m"), "raft.start-patience")
    shows(refused("config", "cluster", "log.level=5"), "log.level")
    shows(refused("config", "cluster", "rebalance.enabled=false", "--transient"), "without transient")
    shows(refused("config", "node", TARGET, "inherited", "rebalance.enabled=false"), "rebalance.enabled")


suite.run("ais", suite.checks_of(globals()))
