"""Writes Fashion-MNIST through the AIStore SDK and boto3, reads all of it back both ways and compares every byte."""

import argparse
import gzip
import hashlib
import io
import multiprocessing
import os
import shutil
import struct
import sys
import tarfile
import tempfile
import time
import zlib
from pathlib import Path

import boto3
import webdataset
from aistore import Client
from botocore.config import Config

from forebay_server import ForebayServer

IMAGES, SHARDS = "fashion-images", "fashion-shards"
SAMPLES_PER_SHARD = 5000
BATCH = 250
BOTO_READS = 10_000

# Filled before the worker processes are forked, so that they share it.
names, images, labels, digests = [], [], [], []
worker = {}


def load(dataset, limit):
    """Fills the lists with every image as PNG, its object name, label and SHA-256."""
    for part in ("train", "t10k"):
        raw = gzip.decompress((dataset / f"{part}-images-idx3-ubyte.gz").read_bytes())
        classes = gzip.decompress((dataset / f"{part}-labels-idx1-ubyte.gz").read_bytes())[8:]
        _, count, rows, columns = struct.unpack(">4I", raw[:16])
        size = rows * columns
        for index in range(min(count, limit - len(names))):
            image = png(raw[16 + index * size : 16 + (index + 1) * size], columns, rows)
            names.append(f"{part}/{classes[index]}/{index:05}.png")
            images.append(image)
            labels.append(classes[index])
            digests.append(hashlib.sha256(image).hexdigest())


def png(pixels, width, height):
    """A grey picture as PNG."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + pixels[at : at + width] for at in range(0, len(pixels), width))
    header = struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 6)) + chunk(b"IEND", b"")


def s3_client(url):
    return boto3.client(
        "s3", endpoint_url=url, region_name="us-east-1", aws_access_key_id="any", aws_secret_access_key="any",
        config=Config(max_pool_connections=16),
    )


def begin_worker(url):
    worker["bucket"] = Client(url).bucket(IMAGES)
    worker["s3"] = s3_client(url)


def write_batch(indexes):
    for index in indexes:
        worker["bucket"].object(names[index]).get_writer().put_content(images[index])
    return len(indexes), []


def compare(indexes, read):
    wrong = [names[i] for i in indexes if hashlib.sha256(read(names[i])).hexdigest() != digests[i]]
    return len(indexes), wrong


def read_batch(indexes):
    return compare(indexes, lambda name: worker["bucket"].object(name).get_reader().read_all())


def read_batch_by_s3(indexes):
    return compare(indexes, lambda name: worker["s3"].get_object(Bucket=IMAGES, Key=name)["Body"].read())


class Progress:
    """Shows how far a phase is, in place on a terminal and every tenth elsewhere; keeps the rates for the end."""

    def __init__(self):
        self.rows = []

    def phase(self, title, total, counts):
        """Counts what an iterator of (count, wrong names) yields; stops at the first wrong one."""
        began = shown = time.monotonic()
        done, tenth = 0, 0
        for count, wrong in counts:
            if wrong:
                fail(f"{title}: {len(wrong)} differ, the first is {wrong[0]}")
            done += count
            now = time.monotonic()
            if sys.stdout.isatty() and now - shown > 0.2:
                print(f"\r  {title}: {done:,} of {total:,}", end="", flush=True)
                shown = now
            elif not sys.stdout.isatty() and done * 10 // total > tenth:
                tenth = done * 10 // total
                print(f"  {title}: {done:,} of {total:,}", flush=True)
        if done != total:
            fail(f"{title}: {done:,} instead of {total:,}")
        seconds = time.monotonic() - began
        clear = "\r\033[K" if sys.stdout.isatty() else ""
        print(f"{clear}{title}: {done:,} in {seconds:.1f} s, {done / seconds:,.0f}/s", flush=True)
        self.rows.append((title, done, seconds))


def fail(sentence):
    print(f"\nNOT EQUAL: {sentence}", flush=True)
    sys.exit(1)


def batches(indexes):
    return [indexes[at : at + BATCH] for at in range(0, len(indexes), BATCH)]


def by_workers(url, work, indexes):
    """The results of batches done by forked processes, as they come."""
    context = multiprocessing.get_context("fork")
    with context.Pool(max(2, os.cpu_count() or 2), begin_worker, (url,)) as pool:
        yield from pool.imap_unordered(work, batches(indexes))


def shard_names():
    return [f"shard-{n:03}.tar" for n in range((len(names) + SAMPLES_PER_SHARD - 1) // SAMPLES_PER_SHARD)]


def write_shards(s3):
    for number, shard in enumerate(shard_names()):
        samples = range(number * SAMPLES_PER_SHARD, min(len(names), (number + 1) * SAMPLES_PER_SHARD))
        s3.upload_fileobj(io.BytesIO(tar_of(samples)), SHARDS, shard)
        yield len(samples), []


def tar_of(samples):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for index in samples:
            for extension, data in (("png", images[index]), ("cls", str(labels[index]).encode())):
                member = tarfile.TarInfo(f"{index:06}.{extension}")
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
    return out.getvalue()


def read_shards(s3):
    for number, shard in enumerate(shard_names()):
        url = s3.generate_presigned_url("get_object", Params={"Bucket": SHARDS, "Key": shard}, ExpiresIn=600)
        wrong, count = [], 0
        for sample in webdataset.WebDataset(url, shardshuffle=False):
            index = int(sample["__key__"])
            right = hashlib.sha256(sample["png"]).hexdigest() == digests[index] and int(sample["cls"]) == labels[index]
            wrong += [] if right else [f"{shard}/{sample['__key__']}"]
            count += 1
        expected = min(SAMPLES_PER_SHARD, len(names) - number * SAMPLES_PER_SHARD)
        if count != expected:
            fail(f"{shard} has {count} samples instead of {expected}")
        yield count, wrong


def list_by_aistore(url):
    expected = dict(zip(names, map(len, images)))
    for entry in Client(url).bucket(IMAGES).list_objects_iter():
        yield 1, [] if expected.get(entry.name) == entry.size else [entry.name]


def list_by_s3(s3):
    expected = dict(zip(names, map(len, images)))
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=IMAGES):
        entries = page.get("Contents", [])
        yield len(entries), [entry["Key"] for entry in entries if expected.get(entry["Key"]) != entry["Size"]]


def work(server, progress):
    """Everything between the first start of the server and the verdict."""
    everything = list(range(len(names)))
    client, s3 = Client(server.url), s3_client(server.url)
    client.bucket(IMAGES).create()
    s3.create_bucket(Bucket=SHARDS)
    progress.phase("images written by aistore", len(names), by_workers(server.url, write_batch, everything))
    progress.phase("samples written by boto3 in shards", len(names), write_shards(s3))
    print(f"server restarted in {server.restart():.1f} s", flush=True)
    s3 = s3_client(server.url)
    progress.phase("objects listed by aistore", len(names), list_by_aistore(server.url))
    progress.phase("objects listed by boto3", len(names), list_by_s3(s3))
    progress.phase("images read by aistore", len(names), by_workers(server.url, read_batch, everything))
    some = everything[:: max(1, len(names) // BOTO_READS)][:BOTO_READS]
    progress.phase("images read by boto3", len(some), by_workers(server.url, read_batch_by_s3, some))
    progress.phase("samples read by webdataset", len(names), read_shards(s3))


def main():
    parser = argparse.ArgumentParser(prog="try-fashion-mnist")
    parser.add_argument("--dataset", type=Path, required=True)
    parser.add_argument("--images", type=int, default=70_000, help="how many of the 70,000 images")
    parser.add_argument("--data", type=Path, help="an absent or empty folder that keeps the data afterwards")
    arguments = parser.parse_args()
    began = time.monotonic()
    load(arguments.dataset, arguments.images)
    print(f"Fashion-MNIST: {len(names):,} images as PNG, {sum(map(len, images)) / 2**20:.1f} MiB", flush=True)
    folder = arguments.data or Path(tempfile.mkdtemp(prefix="forebay-fashion-"))
    progress = Progress()
    try:
        # The first start may build the server.
        with ForebayServer(folder, "--storage-nodes", "3", patience=900) as server:
            print(f"server with 3 storage nodes at {server.url}, data in {folder}", flush=True)
            work(server, progress)
    finally:
        if arguments.data is None:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"\n{'':40}{'count':>10}{'seconds':>10}{'per second':>12}")
    for title, count, seconds in progress.rows:
        print(f"{title:40}{count:>10,}{seconds:>10.1f}{count / seconds:>12,.0f}")
    print(f"{'':40}{'':>10}{time.monotonic() - began:>10.1f}")
    print("all equal")


if __name__ == "__main__":
    main()
