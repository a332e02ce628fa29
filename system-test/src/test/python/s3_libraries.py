"""Libraries that read and write data sets through S3, each with its own client of S3, against a Forebay server with
authentication: `s3_libraries.py URL NAME`, where NAME is one of those at the end of this file.

Each has a client of its own making: botocore with the C runtime, Arrow's and TensorStore's in C++, DuckDB's own, the
object_store of polars in Rust, mountpoint's client over the C runtime behind s3torchconnector.
"""

import hashlib
import io
import os
import sys
import tarfile
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import suite
from suite import content, equal, holds, raises, unique

URL = sys.argv[1]
NAME = sys.argv[2]
ADDRESS = urlsplit(URL)
HTTPS = ADDRESS.scheme == "https"
AUTHORITY = os.environ["AWS_CA_BUNDLE"]
ACCESS, SECRET = os.environ["FOREBAY_ROOT_ACCESS_KEY"], os.environ["FOREBAY_ROOT_SECRET_KEY"]
REGION = "us-east-1"
MIB = 1024 * 1024
os.environ |= {
    "AWS_ACCESS_KEY_ID": ACCESS, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION,
    "AWS_ENDPOINT_URL": URL, "AWS_EC2_METADATA_DISABLED": "true",
}


def client(**settings):
    """boto3, which makes the buckets and looks at what the libraries wrote."""
    import boto3  # pylint: disable=import-outside-toplevel
    from botocore.config import Config  # pylint: disable=import-outside-toplevel

    return boto3.client("s3", endpoint_url=URL, config=Config(retries={"total_max_attempts": 1}, **settings))


s3 = client()


def bucket_for(name):
    bucket = unique(name)
    s3.create_bucket(Bucket=bucket)
    return bucket


def stored(bucket, key):
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read()


def keys(bucket, prefix=""):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [entry["Key"] for page in pages for entry in page.get("Contents", [])]


class BotoWithRuntime:
    """boto3 with the C runtime: its checksums (CRC-32C, CRC-64/NVME, xxHash), its signer, its transfers."""

    def __init__(self):
        self.bucket = bucket_for("crt")

    def check_checksums(self):
        data = content(3 * MIB + 5)
        for algorithm in ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256", "SHA512", "XXHASH64", "XXHASH3", "XXHASH128"]:
            put = s3.put_object(Bucket=self.bucket, Key=algorithm, Body=data, ChecksumAlgorithm=algorithm)
            field = f"Checksum{algorithm}"
            head = s3.head_object(Bucket=self.bucket, Key=algorithm, ChecksumMode="ENABLED")
            equal((head[field], head["ChecksumType"]), (put[field], "FULL_OBJECT"), algorithm)
            equal(stored(self.bucket, algorithm), data, f"content with {algorithm}")
            # A body without length is framed, with its checksum behind it.
            s3.upload_fileobj(Unseekable(data), self.bucket, f"{algorithm}-streamed",
                              ExtraArgs={"ChecksumAlgorithm": algorithm})
            equal(stored(self.bucket, f"{algorithm}-streamed"), data, f"streamed content with {algorithm}")

    def check_transfers(self):
        from botocore.session import Session  # pylint: disable=import-outside-toplevel
        from s3transfer import crt  # pylint: disable=import-outside-toplevel

        # Of boto3 itself this client speaks to AWS only.
        session = Session()
        credentials = crt.BotocoreCRTCredentialsWrapper(session.get_credentials()).to_crt_credentials_provider()
        transfers = crt.CRTTransferManager(
            crt.create_s3_crt_client(REGION, crt_credentials_provider=credentials, part_size=8 * MIB, use_ssl=HTTPS,
                                     verify=AUTHORITY),
            crt.BotocoreCRTRequestSerializer(session, {"region_name": REGION, "endpoint_url": URL}))
        data = content(40 * MIB + 7)
        with tempfile.TemporaryDirectory() as folder, transfers:
            source, target = Path(folder) / "source", Path(folder) / "target"
            source.write_bytes(data)
            transfers.upload(str(source), self.bucket, "transferred").result()
            transfers.download(self.bucket, "transferred", str(target)).result()
            equal(digest(target.read_bytes()), digest(data), "content")
            holds(s3.head_object(Bucket=self.bucket, Key="transferred")["ETag"].endswith('-6"'), "not sent in parts")
            transfers.delete(self.bucket, "transferred").result()
        equal(keys(self.bucket, "transferred"), [], "keys after a removal")


class Unseekable(io.RawIOBase):
    """A body that can be read once."""

    def __init__(self, data):
        super().__init__()
        self.rest = io.BytesIO(data)

    def readable(self):
        return True

    def readinto(self, target):
        return self.rest.readinto(target)


def digest(data):
    return hashlib.sha256(data).hexdigest()


class Pyarrow:
    """Arrow's file system over the AWS SDK for C++."""

    def __init__(self):
        from pyarrow import fs  # pylint: disable=import-outside-toplevel

        self.fs = fs
        self.files = fs.S3FileSystem(
            access_key=ACCESS, secret_key=SECRET, region=REGION, scheme=ADDRESS.scheme, endpoint_override=ADDRESS.netloc,
            allow_bucket_creation=True, allow_bucket_deletion=True, tls_ca_file_path=AUTHORITY,
        )
        self.bucket = unique("arrow")
        self.files.create_dir(self.bucket)

    def check_files(self):
        data = content(23 * MIB + 1)
        with self.files.open_output_stream(f"{self.bucket}/folder/file") as out:
            out.write(data)
        equal(digest(stored(self.bucket, "folder/file")), digest(data), "written content")
        with self.files.open_input_file(f"{self.bucket}/folder/file") as file:
            equal(file.size(), len(data), "size")
            equal(file.read_at(1000, 20 * MIB), data[20 * MIB : 20 * MIB + 1000], "range")
            file.seek(0)
            equal(digest(file.read()), digest(data), "read content")
        self.files.copy_file(f"{self.bucket}/folder/file", f"{self.bucket}/copy")
        equal(digest(stored(self.bucket, "copy")), digest(data), "copied content")
        self.files.move(f"{self.bucket}/copy", f"{self.bucket}/moved")
        listed = self.files.get_file_info(self.fs.FileSelector(self.bucket, recursive=True))
        equal(sorted(info.path.removeprefix(f"{self.bucket}/") for info in listed if info.is_file),
              ["folder/file", "moved"], "files")
        self.files.delete_dir(f"{self.bucket}/folder")
        equal(keys(self.bucket), ["moved"], "keys")
        error = raises(FileNotFoundError, self.files.open_input_file, f"{self.bucket}/absent")
        holds("absent" in str(error), str(error))

    def check_data_sets(self):
        import pyarrow  # pylint: disable=import-outside-toplevel
        from pyarrow import dataset, parquet  # pylint: disable=import-outside-toplevel

        table = pyarrow.table({"part": [n % 3 for n in range(30_000)], "value": [n * n for n in range(30_000)]})
        parquet.write_to_dataset(table, f"{self.bucket}/set", partition_cols=["part"], filesystem=self.files)
        read = dataset.dataset(f"{self.bucket}/set", filesystem=self.files, partitioning="hive")
        equal(read.count_rows(filter=dataset.field("part") == 1), 10_000, "rows of a part")
        equal(sum(read.to_table()["value"].to_pylist()), sum(n * n for n in range(30_000)), "sum")


class Polars:
    """polars over object_store in Rust."""

    def __init__(self):
        self.bucket = bucket_for("polars")
        self.options = {
            "aws_access_key_id": ACCESS, "aws_secret_access_key": SECRET, "aws_region": REGION, "aws_endpoint_url": URL,
            "aws_allow_http": "true",
        }

    def check_tables(self):
        import polars  # pylint: disable=import-outside-toplevel

        frame = polars.DataFrame({"name": [f"n{n % 7}" for n in range(200_000)], "value": list(range(200_000))})
        for number in range(3):
            frame.write_parquet(f"s3://{self.bucket}/table/{number}.parquet", storage_options=self.options)
        read = polars.scan_parquet(f"s3://{self.bucket}/table/*.parquet", storage_options=self.options)
        found = read.filter(polars.col("name") == "n3").select(polars.col("value").sum()).collect().item()
        equal(found, 3 * sum(range(3, 200_000, 7)), "sum of three tables")
        frame.lazy().sink_csv(f"s3://{self.bucket}/streamed.csv", storage_options=self.options)
        equal(stored(self.bucket, "streamed.csv").count(b"\n"), 200_001, "lines of a streamed file")
        back = polars.read_csv(f"s3://{self.bucket}/streamed.csv", storage_options=self.options)
        holds(back.equals(frame), "the streamed file comes back as another table")


class Duckdb:
    """DuckDB's httpfs."""

    def __init__(self):
        import duckdb  # pylint: disable=import-outside-toplevel
        import duckdb_extension_httpfs  # pylint: disable=import-outside-toplevel

        self.bucket = bucket_for("duckdb")
        self.db = duckdb.connect(config={"autoinstall_known_extensions": False})
        folder = Path(duckdb_extension_httpfs.__file__).parent
        for extension in folder.glob(f"extensions/v{duckdb.__version__}/httpfs.duckdb_extension"):
            self.db.execute(f"LOAD '{extension}'")
        self.db.execute(f"SET ca_cert_file = '{AUTHORITY}'")
        self.db.execute(
            f"CREATE SECRET (TYPE s3, KEY_ID '{ACCESS}', SECRET '{SECRET}', REGION '{REGION}', "
            f"ENDPOINT '{ADDRESS.netloc}', URL_STYLE 'path', USE_SSL {str(HTTPS).lower()})")

    def check_tables(self):
        self.db.execute(f"COPY (SELECT i AS id, i % 11 AS part, md5(i::VARCHAR) AS text FROM range(1000000) t(i)) "
                        f"TO 's3://{self.bucket}/table.parquet'")
        found = self.db.execute(
            f"SELECT count(*), sum(id) FROM 's3://{self.bucket}/table.parquet' WHERE part = 4").fetchone()
        equal(found, (len(range(4, 1_000_000, 11)), sum(range(4, 1_000_000, 11))), "rows of a part")
        self.db.execute(f"COPY (SELECT i, i % 4 AS part FROM range(1000) t(i)) TO 's3://{self.bucket}/parts' "
                        f"(FORMAT csv, PARTITION_BY part)")
        equal(len(keys(self.bucket, "parts/")), 4, "files of a partitioned table")
        found = self.db.execute(f"SELECT count(*) FROM read_csv('s3://{self.bucket}/parts/*/*.csv')").fetchone()
        equal(found, (1000,), "rows by pattern")


class Tensorstore:
    """TensorStore's S3 key-value store in C++."""

    def __init__(self):
        self.bucket = bucket_for("tensor")
        os.environ["TENSORSTORE_CA_BUNDLE"] = AUTHORITY

    def store(self, path):
        return {
            "driver": "s3", "bucket": self.bucket, "path": path, "endpoint": URL, "aws_region": REGION,
            "aws_credentials": {"type": "environment"},
        }

    def check_arrays(self):
        import numpy  # pylint: disable=import-outside-toplevel
        import tensorstore  # pylint: disable=import-outside-toplevel

        spec = {"driver": "zarr3", "kvstore": self.store("array/"), "metadata": {
            "shape": [600, 700], "data_type": "uint16",
            "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [200, 200]}}}}
        array = tensorstore.open(spec, create=True).result()
        values = numpy.arange(600 * 700, dtype=numpy.uint16).reshape(600, 700)
        array[...] = values
        again = tensorstore.open({"driver": "zarr3", "kvstore": self.store("array/")}).result()
        holds((again[...].read().result() == values).all(), "the array comes back as another one")
        holds((again[150:250, 350:450].read().result() == values[150:250, 350:450]).all(), "another part of the array")
        # Each chunk is written on condition of what was read; so is a change of a part of one.
        again[10:20, 10:20] = 7
        values[10:20, 10:20] = 7
        holds((array[...].read().result() == values).all(), "the change of a part is not there")

    def check_keys(self):
        import tensorstore  # pylint: disable=import-outside-toplevel

        store = tensorstore.KvStore.open(self.store("kv/")).result()
        data = content(3 * MIB)
        first = store.write("a/b", b"first").result().generation
        store.write("a/b", data, if_equal=first).result()
        equal(store.read("a/b").result().value, data, "value")
        equal(store.write("a/b", b"x", if_equal=first).result().generation, b"", "write on a condition of before")
        store.write("a/b", b"new", if_equal=store.read("a/b").result().stamp.generation).result()
        equal(stored(self.bucket, "kv/a/b"), b"new", "value after a change")
        store.write("c", b"c").result()
        equal(sorted(store.list().result()), [b"a/b", b"c"], "keys")
        store.delete_range(tensorstore.KvStore.KeyRange("a", "b")).result()
        equal(keys(self.bucket, "kv/"), ["kv/c"], "keys after a removal")


class S3torchconnector:
    """The client of s3torchconnector: that of mountpoint-s3, over the C runtime."""

    def __init__(self):
        from s3torchconnectorclient._mountpoint_s3_client import MountpointS3Client  # pylint: disable=import-outside-toplevel

        self.bucket = bucket_for("torch")
        self.client = MountpointS3Client(
            region=REGION, user_agent_prefix="forebay", throughput_target_gbps=1.0, part_size=5 * MIB, unsigned=False,
            endpoint=URL, force_path_style=True)

    def put(self, key, data):
        stream = self.client.put_object(self.bucket, key)
        stream.write(data)
        stream.close()

    def check_objects(self):
        data = content(17 * MIB + 3)
        self.put("large", data)
        equal(digest(stored(self.bucket, "large")), digest(data), "written content")
        equal(digest(b"".join(self.client.get_object(self.bucket, "large"))), digest(data), "read content")
        for number in range(25):
            self.put(f"many/{number:02}", content(1000, number))
        listed = [info.key for page in self.client.list_objects(self.bucket, "many/", max_keys=10) for info in page.object_info]
        equal(listed, [f"many/{number:02}" for number in range(25)], "keys")
        equal(self.client.head_object(self.bucket, "large").size, len(data), "size")
        self.client.copy_object(self.bucket, "many/03", self.bucket, "copy")
        equal(stored(self.bucket, "copy"), content(1000, 3), "copied content")
        self.client.delete_object(self.bucket, "copy")
        equal(keys(self.bucket, "copy"), [], "keys after a removal")


class Webdataset:
    """webdataset, which reads shards through a command: `aws s3 cp … -`."""

    def __init__(self):
        self.bucket = bucket_for("web")

    def check_shards(self):
        import webdataset  # pylint: disable=import-outside-toplevel

        for shard in range(3):
            out = io.BytesIO()
            with tarfile.open(fileobj=out, mode="w") as archive:
                for sample in range(20):
                    for extension, data in [("bin", content(2000, shard * 100 + sample)), ("cls", str(sample).encode())]:
                        info = tarfile.TarInfo(f"{shard}-{sample:02}.{extension}")
                        info.size = len(data)
                        archive.addfile(info, io.BytesIO(data))
            s3.put_object(Bucket=self.bucket, Key=f"shard-{shard}.tar", Body=out.getvalue())
        aws = f"{sys.executable} {Path(sys.executable).parent}/aws"
        urls = [f"pipe:{aws} s3 cp s3://{self.bucket}/shard-{shard}.tar -" for shard in range(3)]
        samples = list(webdataset.WebDataset(urls, shardshuffle=False))
        equal(len(samples), 60, "samples")
        for sample in samples:
            shard, number = sample["__key__"].split("-")
            equal(sample["bin"], content(2000, int(shard) * 100 + int(number)), "content of a sample")
            equal(sample["cls"], str(int(number)).encode(), "class of a sample")


if __name__ == "__main__":
    kind = {"boto3-crt": BotoWithRuntime, "pyarrow": Pyarrow, "polars": Polars, "duckdb": Duckdb, "tensorstore": Tensorstore,
            "s3torchconnector": S3torchconnector, "webdataset": Webdataset}[NAME]
    under_test = kind()
    checks = [(name, getattr(under_test, name)) for name in kind.__dict__ if name.startswith("check_")]
    suite.run(NAME, checks)
