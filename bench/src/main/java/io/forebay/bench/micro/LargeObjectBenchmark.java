package io.forebay.bench.micro;

import io.forebay.cluster.state.Bucket;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.ReadOutcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/// GET and PUT of objects that have files of their own, by the storage API: the bytes allocate nothing.
public class LargeObjectBenchmark extends MicroBenchmark {
    private static final String OBJECT = "train/n0001/image_00000001.jpeg";

    @Param({"1048576", "8388608"})
    public int bytes;

    private final Bucket none = StoreBenchmark.bucket(1, "none");
    private @Nullable StoreFolder folder;
    private @Nullable ByteBuffer buffer;
    private int number;

    @Setup
    public void open() throws IOException {
        buffer = ByteBuffer.allocateDirect(bytes);
        StoreFolder opened = new StoreFolder();
        folder = opened;
        opened.put(none, OBJECT, bytes().clear());
    }

    @TearDown
    public void close() throws IOException {
        folder().close();
    }

    /// Opens the object and reads its bytes from the page cache; background work counts here, too.
    @Benchmark
    @Allocates(atMost = 2000)
    public int get() {
        return folder().get(none, OBJECT, ReadOutcome.Choice.ALL, bytes());
    }

    /// Overwrites one of ten objects; background work between two that follow each other counts too.
    @Benchmark
    @Allocates(atMost = 32_000)
    public ObjectRecord put() {
        number = (number + 1) % 10;
        return folder().put(none, "put/" + number, bytes().clear());
    }

    private StoreFolder folder() {
        StoreFolder opened = folder;
        if (opened == null) {
            throw new IllegalStateException("not open");
        }
        return opened;
    }

    private ByteBuffer bytes() {
        ByteBuffer made = buffer;
        if (made == null) {
            throw new IllegalStateException("not open");
        }
        return made;
    }
}
