package io.forebay.storage.metadata;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The scans of several volumes as one, in name order. An object that is being moved is on two volumes for a
/// moment: the
/// newer record counts, and no name comes twice.
public final class MergedScan implements Scan {
    private static final byte[] NOTHING = {};

    private final List<ObjectScan> scans;
    private final boolean[] standing;
    private @Nullable ObjectScan least;
    private byte[] leastKey = NOTHING;
    private boolean moved = true;

    public MergedScan(List<ObjectScan> scans) {
        this.scans = List.copyOf(scans);
        this.standing = new boolean[scans.size()];
    }

    @Override
    public boolean next() {
        for (int index = 0; index < standing.length; index++) {
            ObjectScan scan = scans.get(index);
            if (moved || passed(index)) {
                standing[index] = scan.next();
            }
        }
        moved = false;
        least = null;
        for (int index = 0; index < standing.length; index++) {
            if (standing[index] && comesBefore(scans.get(index), least)) {
                least = scans.get(index);
            }
        }
        leastKey = least == null ? NOTHING : least.key();
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

    /// Whether a scan stands on the name that was given last.
    private boolean passed(int index) {
        return standing[index] && Arrays.equals(scans.get(index).key(), leastKey);
    }

    private static boolean comesBefore(ObjectScan scan, @Nullable ObjectScan least) {
        if (least == null) {
            return true;
        }
        int order = Arrays.compareUnsigned(scan.key(), least.key());
        return order < 0 || (order == 0 && scan.record().isNewerThan(least.record()));
    }

    private ObjectScan standing() {
        if (least == null) {
            throw new IllegalStateException("the scan stands on no object");
        }
        return least;
    }
}
