package io.forebay.storage.volume;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A file open for readers, closed when the last one has left. The cache that opened it counts as one.
final class OpenFile {
    private final long id;
    private final DiskFile file;
    private final Consumer<OpenFile> whenUnused;
    private final AtomicInteger holders = new AtomicInteger(1);
    private volatile boolean used;
    private volatile long knownSize;

    OpenFile(long id, DiskFile file, Consumer<OpenFile> whenUnused) {
        this.id = id;
        this.file = file;
        this.whenUnused = whenUnused;
    }

    long id() {
        return id;
    }

    DiskFile file() {
        return file;
    }

    /// Whether reads can work.
    boolean isUsable() {
        return file.isOpen();
    }

    /// Whether the file goes at least up to that byte. Asks the system only for more than it was seen to have.
    boolean reaches(long end) throws IOException {
        if (end > knownSize) {
            knownSize = file.size();
        }
        return end <= knownSize;
    }

    /// False when the last holder has left already.
    boolean acquire() {
        int count = holders.get();
        while (count > 0) {
            if (holders.compareAndSet(count, count + 1)) {
                if (!used) {
                    used = true;
                }
                return true;
            }
            count = holders.get();
        }
        return false;
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            whenUnused.accept(this);
        }
    }

    /// Whether it was acquired since the last call.
    boolean takeUsed() {
        boolean was = used;
        used = false;
        return was;
    }
}
