"""Reads epochs of Fashion-MNIST by PyTorch through every reader that people use, and compares them."""

import argparse
import hashlib
import os
import random
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import matplotlib
import torch
import webdataset
from aistore import Client
from aistore.pytorch import AISIterDataset, AISMapDataset, AISShardReader, DynamicBatchSampler
from aistore.pytorch.batch_iter_dataset import AISBatchIterDataset
from s3torchconnector import S3ClientConfig, S3IterableDataset, S3MapDataset
from torch.utils.data import DataLoader, Dataset

from fashion_mnist import SAMPLES_PER_SHARD, Progress, digests, fail, images, labels, load, names, shard_names, tar_of
from forebay_server import ROOT, ForebayServer

IMAGES, SHARDS = "pytorch-images", "pytorch-shards"
BATCH = 256
WRITERS = 32
SHUFFLED = 10_000
ONE_BY_ONE, BATCHED = "AISMapDataset", "GetBatch"
BAR = 3


class BatchDataset(Dataset):
    """Samples by index that come by one GetBatch for each mini-batch: how a sampler's order is read with few requests."""

    def __init__(self, url, entries):
        """Each entry is what `Batch.add` takes."""
        self.url, self.entries, self.client = url, entries, None

    def __len__(self):
        return len(self.entries)

    def __getitems__(self, indexes):
        # Made in the worker's own process.
        self.client = self.client or Client(self.url)
        batch = self.client.batch(bucket=self.client.bucket(self.entries[0][0]))
        for index in indexes:
            batch.add(self.entries[index][1], **self.entries[index][2])
        return [data for _, data in batch.get()]


class Readers:
    """One epoch of all samples for each reader: pairs of a sample's index and its PNG."""

    def __init__(self, url, workers):
        self.url = url
        self.workers = workers
        self.bucket = Client(url).bucket(IMAGES)
        self.shards = Client(url).bucket(SHARDS)
        self.indexes = {name: index for index, name in enumerate(names)}
        self.s3 = {
            "region": "us-east-1", "endpoint": url, "transform": s3_sample,
            "s3client_config": S3ClientConfig(force_path_style=True),
        }

    def all(self):
        """Every reader by name, with what it reads by: "object", "batch" or "shard"."""
        return {
            ONE_BY_ONE: ("object", self.map),
            "AISMapDataset, DynamicBatchSampler": ("object", self.sampled),
            "AISIterDataset": ("object", self.iterated),
            "S3MapDataset": ("object", self.s3_map),
            "S3IterableDataset": ("object", self.s3_iterated),
            "AISBatchIterDataset": ("batch", self.batches),
            BATCHED: ("batch", self.shuffled_batches),
            "GetBatch of samples in shards": ("batch", self.members),
            "AISShardReader": ("shard", self.shard_reader),
            "webdataset, URLs": ("shard", self.webdataset_urls),
            "webdataset, pipe:": ("shard", self.webdataset_pipes),
        }

    def loader(self, dataset, **options):
        """Samples one by one, though they come in mini-batches."""
        loader = DataLoader(dataset, num_workers=self.workers, collate_fn=list, **options)
        for batch in loader:
            yield from batch

    def named(self, pairs):
        return ((self.indexes[name], data) for name, data in pairs)

    def map(self):
        return self.named(self.loader(AISMapDataset(self.bucket), batch_size=BATCH, shuffle=True))

    def sampled(self):
        dataset = AISMapDataset(self.bucket)
        sampler = DynamicBatchSampler(dataset, max_batch_size=BATCH * 1024, shuffle=True)
        return self.named(self.loader(dataset, batch_sampler=sampler))

    def iterated(self):
        return self.named(self.loader(AISIterDataset(self.bucket), batch_size=BATCH))

    def s3_map(self):
        dataset = S3MapDataset.from_prefix(f"s3://{IMAGES}/", **self.s3)
        return self.named(self.loader(dataset, batch_size=BATCH, shuffle=True))

    def s3_iterated(self):
        dataset = S3IterableDataset.from_prefix(f"s3://{IMAGES}/", enable_sharding=True, **self.s3)
        return self.named(self.loader(dataset, batch_size=BATCH))

    def batches(self):
        dataset = AISBatchIterDataset(self.bucket, Client(self.url), max_batch_size=BATCH)
        return self.named(self.loader(dataset, batch_size=BATCH))

    def by_batch(self, entries):
        """Shuffled by ourselves, since a sample that comes by GetBatch is known by its place."""
        order = list(range(len(entries)))
        random.shuffle(order)
        dataset = BatchDataset(self.url, [entries[index] for index in order])
        return zip(order, self.loader(dataset, batch_size=BATCH))

    def shuffled_batches(self):
        return self.by_batch([(IMAGES, name, {}) for name in names])

    def members(self):
        shards = shard_names()
        return self.by_batch([
            (SHARDS, shards[index // SAMPLES_PER_SHARD], {"archpath": f"{index:06}.png"}) for index in range(len(names))])

    def shard_reader(self):
        for name, sample in self.loader(AISShardReader(self.shards), batch_size=BATCH):
            yield labelled(name, sample["png"], sample["cls"])

    def webdataset_urls(self):
        return self.webdataset("{}")

    def webdataset_pipes(self):
        return self.webdataset("pipe:curl --silent --show-error --fail {}")

    def webdataset(self, form):
        urls = [form.format(f"{self.url}/v1/objects/{SHARDS}/{shard}") for shard in shard_names()]
        dataset = webdataset.WebDataset(
            urls, shardshuffle=len(urls), nodesplitter=webdataset.split_by_node, empty_check=False).shuffle(SHUFFLED)
        for sample in self.loader(dataset, batch_size=BATCH):
            yield labelled(sample["__key__"], sample["png"], sample["cls"])


def s3_sample(reader):
    return reader.key, reader.read()


def labelled(key, image, label):
    index = int(key)
    return index, image if int(label) == labels[index] else b"another sample's label"


def checked(pairs):
    """Counts samples: each has to come once, with its own bytes."""
    seen = bytearray(len(names))
    for index, image in pairs:
        right = not seen[index] and hashlib.sha256(image).hexdigest() == digests[index]
        seen[index] = 1
        yield 1, [] if right else [names[index]]


def fill(url):
    """Writes every sample as an object and in shards; samples of a former run go first."""
    client = Client(url)
    for name in (IMAGES, SHARDS):
        client.bucket(name).delete(missing_ok=True)
        client.bucket(name).create()
    bucket, shards = client.bucket(IMAGES), client.bucket(SHARDS)

    def write(index):
        bucket.object(names[index]).get_writer().put_content(images[index])
        return 1, []

    # Many at once share the disk's syncs.
    with ThreadPoolExecutor(WRITERS) as writers:
        yield from writers.map(write, range(len(names)))
    for number, shard in enumerate(shard_names()):
        samples = range(number * SAMPLES_PER_SHARD, min(len(names), (number + 1) * SAMPLES_PER_SHARD))
        shards.object(shard).get_writer().put_content(tar_of(samples))


def plot(rates, file):
    """A bar for each reader, the same colour for those that read by the same."""
    matplotlib.use("Agg")
    from matplotlib import pyplot

    colours = {"object": "tab:gray", "batch": "tab:blue", "shard": "tab:green"}
    figure, axes = pyplot.subplots(figsize=(9, 0.5 * len(rates) + 1.5), layout="constrained")
    for kind, colour in colours.items():
        some = {title: rate for title, (of, rate) in rates.items() if of == kind}
        bars = axes.barh(list(some), list(some.values()), color=colour, label=f"by {kind}")
        axes.bar_label(bars, fmt="{:,.0f}", padding=3)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set_xlabel("samples a second")
    axes.set_title(f"An epoch of {len(names):,} samples of Fashion-MNIST")
    axes.legend(loc="upper right")
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=120)


def report(rates):
    print(f"\n{'reader':40}{'by':>8}{'samples/s':>12}{'of ' + ONE_BY_ONE:>18}")
    base = rates[ONE_BY_ONE][1] if ONE_BY_ONE in rates else None
    for title, (kind, rate) in rates.items():
        print(f"{title:40}{kind:>8}{rate:>12,.0f}{f'{rate / base:.2f}' if base else '-':>18}")
    if base and BATCHED in rates:
        ratio = rates[BATCHED][1] / base
        print(f"{BATCHED} against one object at a time, both shuffled: {ratio:.1f} (bar {BAR}: {'met' if ratio >= BAR else 'missed'})")


def run(url, arguments):
    progress = Progress()
    progress.phase("samples written", len(names), fill(url))
    readers = Readers(url, arguments.workers).all()
    chosen = arguments.readers or list(readers)
    rates = {}
    for title in chosen:
        kind, epoch = readers[title]
        progress.phase(title, len(names), checked(epoch()))
        _, count, seconds = progress.rows[-1]
        rates[title] = (kind, count / seconds)
    report(rates)
    plot(rates, arguments.plot)
    print(f"all checksums equal; plot in {arguments.plot}")


def reader_names(text):
    """Readers by parts of their names."""
    known = list(Readers.all(Readers.__new__(Readers)))
    chosen = [name for name in known if any(part.strip().lower() in name.lower() for part in text.split(","))]
    if not chosen:
        raise argparse.ArgumentTypeError(f"none of the readers is called {text}: {'; '.join(known)}")
    return chosen


def main():
    parser = argparse.ArgumentParser(prog="try-pytorch", description=__doc__)
    parser.add_argument("--dataset", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--samples", type=int, default=70_000, help="how many of the 70,000")
    parser.add_argument("--readers", type=reader_names, help="parts of the names of readers, by commas; all without it")
    parser.add_argument("--sdk", choices=("1.25", "1.26", "2.0"), default="2.0", help="version of the AIStore SDK")
    parser.add_argument("--workers", type=int, default=2, help="worker processes of each DataLoader")
    parser.add_argument("--plot", type=Path, default=ROOT / "target" / "try-pytorch.png", help="the PNG that is drawn")
    parser.add_argument("--data", type=Path, help="an absent or empty folder that keeps the data afterwards")
    parser.add_argument("--storage-nodes", type=int, default=1, help="of the server that is started")
    parser.add_argument("--url", help="a server that runs already, instead of one of its own")
    arguments = parser.parse_args()
    if not version("aistore").startswith(arguments.sdk):
        fail(f"the SDK is {version('aistore')}, not {arguments.sdk}")
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "any")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "any")
    load(arguments.dataset, arguments.samples)
    print(f"PyTorch {torch.__version__}, aistore {version('aistore')}: {len(names):,} samples as PNG", flush=True)
    if arguments.url:
        run(arguments.url, arguments)
        return
    folder = arguments.data or Path(tempfile.mkdtemp(prefix="forebay-pytorch-"))
    try:
        # The first start may build the server.
        with ForebayServer(folder, "--storage-nodes", str(arguments.storage_nodes), patience=900) as server:
            run(server.url, arguments)
    finally:
        if arguments.data is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
