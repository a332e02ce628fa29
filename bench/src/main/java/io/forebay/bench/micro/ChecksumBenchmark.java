package io.forebay.bench.micro;

import io.forebay.common.io.Checksummers;
import io.forebay.common.io.XxHash64;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import java.nio.ByteBuffer;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;

/// Checksums of 10 KiB in a direct buffer, as a small PUT computes them.
public class ChecksumBenchmark extends MicroBenchmark {
    private static final int OBJECT_BYTES = 10 << 10;

    private final ByteBuffer bytes = random();

    @Benchmark
    @Allocates(atMost = 0)
    public long xxHash64() {
        return XxHash64.hash(bytes, 0);
    }

    @Benchmark
    @Allocates(atMost = 320)
    public Checksum xxHash64Stream() {
        return Checksummers.of(ChecksumType.XXHASH64, bytes);
    }

    @Benchmark
    @Allocates(atMost = 240)
    public Checksum crc64Nvme() {
        return Checksummers.of(ChecksumType.CRC64NVME, bytes);
    }

    @Benchmark
    @Allocates(atMost = 320)
    public Checksum crc32c() {
        return Checksummers.of(ChecksumType.CRC32C, bytes);
    }

    /// The JDK's digest copies direct buffers to the heap, 4 KiB at a time.
    @Benchmark
    @Allocates(atMost = 6000)
    public Checksum md5() {
        return Checksummers.of(ChecksumType.MD5, bytes);
    }

    private static ByteBuffer random() {
        byte[] random = new byte[OBJECT_BYTES];
        new Random(1).nextBytes(random);
        return ByteBuffer.allocateDirect(OBJECT_BYTES).put(0, random);
    }
}
