"""Writes Fashion-MNIST through the AIStore SDK and boto3, reads all of it back both ways and compares every byte."""

import argparse
import hashlib
import io
import multiprocessing
import os
import shutil
import tempfile
import time
from pathlib import Path

import boto3
import webdataset
from aistore import Client
from botocore.config import Config

from fashion_mnist import SAMPLES_PER_SHARD, Progress, digests, fail, images, labels, load, names, shard_names, tar_of
from forebay_server import ForebayServer

IMAGES, SHARDS = "fashion-images", "fashion-shards"
BATCH = 250
BOTO_READS = 10_000

worker = {}


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


def batches(indexes):
    return [indexes[at : at + BATCH] for at in range(0, len(indexes), BATCH)]


def by_workers(url, work, indexes):
    """The results of batches done by forked processes, as they come."""
    context = multiprocessing.get_context("fork")
    with context.Pool(max(2, os.cpu_count() or 2), begin_worker, (url,)) as pool:
        yield from pool.imap_unordered(work, batches(indexes))


def write_shards(s3):
    for number, shard in enumerate(shard_names()):
        samples = range(number * SAMPLES_PER_SHARD, min(len(names), (number + 1) * SAMPLES_PER_SHARD))
        s3.upload_fileobj(io.BytesIO(tar_of(samples)), SHARDS, shard)
        yield len(samples), []


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
