package io.forebay.bench.micro;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.BucketName;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.ReadOutcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/// GET and PUT of small objects by the storage API. What they allocate has one bound for every size: it is
/// constant. All threads count, the log's too.
public class StoreBenchmark extends MicroBenchmark {
    private static final String OBJECT = "train/n0001/image_00000001.jpeg";

    @Param({"1024", "10240", "102400"})
    public int bytes;

    private final Bucket none = bucket(1, "none");
    private final Bucket group = bucket(2, "group");
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

    /// Opens the object and reads its bytes from the page cache. 570, and 710 until the
    /// compiler has inlined all of it, which on a busy machine takes longer than a short run.
    @Benchmark
    @Allocates(atMost = 900)
    public int get() {
        return folder().get(none, OBJECT, ReadOutcome.Choice.ALL, bytes());
    }

    /// Overwrites one of a thousand objects, alone: a group of one. 4,400 for small ones; for large ones the
    /// compaction that runs meanwhile counts too, the more the slower the disk.
    @Benchmark
    @Allocates(atMost = 8000)
    public ObjectRecord put() {
        number = (number + 1) % 1000;
        return folder().put(none, "put/" + number, bytes().clear());
    }

    /// The same, synced.
    @Benchmark
    @Allocates(atMost = 8000)
    public ObjectRecord putDurable() {
        number = (number + 1) % 1000;
        return folder().put(group, "put/" + number, bytes().clear());
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

    static Bucket bucket(long id, String durability) {
        return new Bucket(BucketName.of("bench"), id, 0, new TreeMap<>(Map.of(Bucket.DURABILITY, durability)), false);
    }
}
