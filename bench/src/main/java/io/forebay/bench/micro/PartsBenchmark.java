package io.forebay.bench.micro;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.ByteRange;
import io.forebay.storage.object.ReadOutcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/// A range of an object made of parts: what it allocates has one bound, however many parts there are.
public class PartsBenchmark extends MicroBenchmark {
    private static final String OBJECT = "many-parts";
    private static final int PART_BYTES = 16 << 10;
    private static final int RANGE_BYTES = 10 << 10;

    @Param({"1", "100", "10000"})
    public int parts;

    private final Bucket bucket = StoreBenchmark.bucket(1, "none");
    private final ByteBuffer target = ByteBuffer.allocateDirect(PART_BYTES);
    private int number;
    private @Nullable StoreFolder folder;

    @Setup
    public void open() throws IOException {
        StoreFolder opened = new StoreFolder();
        folder = opened;
        opened.putParts(bucket, OBJECT, parts, target.clear());
    }

    @TearDown
    public void close() throws IOException {
        folder().close();
    }

    @Benchmark
    @Allocates(atMost = 1200)
    public int range() {
        number = (number + 7919) % parts;
        long from = (long) number * PART_BYTES;
        ReadOutcome.Choice choice = record -> new ByteRange(from, RANGE_BYTES);
        return folder().get(bucket, OBJECT, choice, target);
    }

    private StoreFolder folder() {
        StoreFolder opened = folder;
        if (opened == null) {
            throw new IllegalStateException("not open");
        }
        return opened;
    }
}
