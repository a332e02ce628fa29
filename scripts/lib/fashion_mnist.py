"""Fashion-MNIST as PNG images and as WebDataset shards, and how far a script that reads them has come."""

import gzip
import hashlib
import io
import struct
import sys
import tarfile
import time
import zlib

SAMPLES_PER_SHARD = 5000

# Filled by `load`; worker processes that are forked afterwards share them.
names, images, labels, digests = [], [], [], []


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


def shard_names():
    return [f"shard-{n:03}.tar" for n in range((len(names) + SAMPLES_PER_SHARD - 1) // SAMPLES_PER_SHARD)]


def tar_of(samples):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for index in samples:
            for extension, data in (("png", images[index]), ("cls", str(labels[index]).encode())):
                member = tarfile.TarInfo(f"{index:06}.{extension}")
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
    return out.getvalue()


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
