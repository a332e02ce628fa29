package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.Durability;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/// Writes objects until it is killed, and says of each commit when it was acknowledged.
///
/// Lines: `KEY VERSION SIZE SEED`, or `KEY VERSION -` for a removal.
final class KilledWriterMain {
    static final Bucket BUCKET = StoreFixture.bucket(1, Durability.GROUP);
    static final int WRITERS = 16;
    static final int KEYS_EACH = 5;

    private KilledWriterMain() {}

    @SuppressWarnings("InfiniteLoop") // Until it is killed.
    public static void main(String[] arguments) {
        StoreFixture fixture = StoreFixture.in(Path.of(arguments[0]));
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        AtomicLong seeds = new AtomicLong(Long.parseLong(arguments[1]));
        for (int writer = 0; writer < WRITERS; writer++) {
            int id = writer;
            Thread.ofPlatform().start(() -> {
                long version = 0;
                for (int round = 0; ; round++) {
                    String name = id + "-" + round % KEYS_EACH;
                    long seed = seeds.incrementAndGet();
                    version++;
                    if (round % 7 == 6) {
                        boolean removed =
                                fixture.store().remove(BUCKET, StoreFixture.key(BUCKET, name), Conditions.NONE);
                        say(out, name + " " + version + (removed ? " -" : " ?"));
                    } else {
                        int size = round % 11 == 10 ? 30_000 : 1 + (int) (seed * 31 % 8000);
                        fixture.put(BUCKET, name, StoreFixture.bytes(seed, size));
                        say(out, name + " " + version + " " + size + " " + seed);
                    }
                }
            });
        }
    }

    /// One write a line, so that the parent never sees half of one as a whole.
    private static void say(PrintStream out, String line) {
        synchronized (out) {
            out.println(line);
        }
    }
}
