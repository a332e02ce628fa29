package io.forebay.system.crash;

import io.forebay.common.model.Durability;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// What the load asked for, and what of it was acknowledged. Safe to share between threads.
///
/// A crash has a mark before it: what is acknowledged after the mark is as doubtful as what is not
/// acknowledged at all. What cannot have got to the server before it stood still is not: it must not be found.
/// No object or bucket has two operations at once.
final class History {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Entry> entries = new ArrayList<>();
    private final Set<OpenUpload> uploads = new HashSet<>();
    private List<OpenUpload.Seen> uploadsAtMark = List.of();
    private Set<String> uploadsEnded = new HashSet<>();
    private final Counts counts;
    private boolean marked;
    private boolean suspended;

    History(Counts counts) {
        this.counts = counts;
    }

    /// What one operation does to one object or bucket.
    record Change(Entry entry, Value after) {}

    /// What is to be found after a crash.
    ///
    /// @param uploads with at least these parts
    record Expected(List<Expectation> entries, List<OpenUpload.Seen> uploads) {}

    Entry add(String bucket, String object, Durability durability) {
        Entry entry = new Entry(bucket, object, durability);
        lock.lock();
        try {
            entries.add(entry);
        } finally {
            lock.unlock();
        }
        return entry;
    }

    void begin(List<Change> changes) {
        lock.lock();
        try {
            changes.forEach(change -> change.entry().begin(change.after(), suspended));
        } finally {
            lock.unlock();
        }
    }

    /// What was begun did not get to the server as a whole: it has not been done, nor will it be.
    void withdraw(List<Change> changes) {
        lock.lock();
        try {
            changes.forEach(change -> change.entry().withdraw(change.after()));
        } finally {
            lock.unlock();
        }
    }

    void acknowledge(List<Change> changes) {
        lock.lock();
        try {
            counts.acknowledged.increment();
            changes.forEach(change -> change.entry().acknowledge(change.after(), marked));
        } finally {
            lock.unlock();
        }
    }

    OpenUpload beginUpload(Entry entry, String id) {
        OpenUpload upload = new OpenUpload(entry, id);
        lock.lock();
        try {
            uploads.add(upload);
        } finally {
            lock.unlock();
        }
        return upload;
    }

    void acknowledgePart(OpenUpload upload, String entityTag) {
        lock.lock();
        try {
            counts.acknowledged.increment();
            upload.add(entityTag);
        } finally {
            lock.unlock();
        }
    }

    /// From now on the upload may be gone.
    void endUpload(OpenUpload upload) {
        lock.lock();
        try {
            uploads.remove(upload);
            uploadsEnded.add(upload.id());
        } finally {
            lock.unlock();
        }
    }

    /// Sets the mark before a crash.
    void mark() {
        lock.lock();
        try {
            marked = true;
            uploadsAtMark = uploads.stream().map(OpenUpload::seen).toList();
            uploadsEnded = new HashSet<>();
        } finally {
            lock.unlock();
        }
    }

    /// The server does nothing from now on until the crash was taken down: what is begun meanwhile is not in
    /// it. Only after a mark.
    void suspend() {
        lock.lock();
        try {
            suspended = true;
        } finally {
            lock.unlock();
        }
    }

    /// What the crash since the mark may have left; the mark is gone.
    Expected expected() {
        lock.lock();
        try {
            List<Expectation> found = entries.stream().map(Entry::expectation).toList();
            List<OpenUpload.Seen> open = uploadsAtMark.stream()
                    .filter(upload -> !uploadsEnded.contains(upload.id()))
                    .toList();
            entries.forEach(Entry::forgetSince);
            marked = false;
            suspended = false;
            return new Expected(found, open);
        } finally {
            lock.unlock();
        }
    }

    /// What was found after a crash is what there is from now on; uploads under way are forgotten.
    void settle(List<Change> found) {
        lock.lock();
        try {
            found.forEach(change -> change.entry().settle(change.after()));
            uploads.clear();
        } finally {
            lock.unlock();
        }
    }
}
