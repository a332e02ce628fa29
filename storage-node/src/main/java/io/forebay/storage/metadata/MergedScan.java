package io.forebay.storage.metadata;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The scans of several volumes as one, in name order. An object is on one volume only, so no name comes twice.
public final class MergedScan implements Scan {
    private final List<ObjectScan> scans;
    private final boolean[] standing;
    private @Nullable ObjectScan least;
    private boolean moved = true;

    public MergedScan(List<ObjectScan> scans) {
        this.scans = List.copyOf(scans);
        this.standing = new boolean[scans.size()];
    }

    @Override
    public boolean next() {
        for (int index = 0; index < standing.length; index++) {
            ObjectScan scan = scans.get(index);
            if (moved || scan == least) {
                standing[index] = scan.next();
            }
        }
        moved = false;
        least = null;
        for (int index = 0; index < standing.length; index++) {
            ObjectScan scan = scans.get(index);
            if (standing[index] && (least == null || Arrays.compareUnsigned(scan.key(), least.key()) < 0)) {
                least = scan;
            }
        }
        return least != null;
    }

    @Override
    public String name() {
        return standing().name();
    }

    @Override
    public ObjectRecord record() {
        return standing().record();
    }

    @Override
    public void seek(String name) {
        scans.forEach(scan -> scan.seek(name));
        moved = true;
    }

    @Override
    public void seekPast(String prefix) {
        scans.forEach(scan -> scan.seekPast(prefix));
        moved = true;
    }

    @Override
    public void close() {
        scans.forEach(ObjectScan::close);
    }

    private ObjectScan standing() {
        if (least == null) {
            throw new IllegalStateException("the scan stands on no object");
        }
        return least;
    }
}
