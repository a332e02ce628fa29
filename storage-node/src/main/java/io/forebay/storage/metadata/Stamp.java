package io.forebay.storage.metadata;

import java.util.Comparator;

/// When a key was changed, in an order that holds on all nodes: the epoch of owners under which its primary
/// wrote it, then a count. Copies, and objects that move to another node, keep it.
///
/// @param epoch 0 for what was written by a node alone
/// @param version grows with each change of the key
public record Stamp(long epoch, long version) implements Comparable<Stamp> {
    /// Older than that of any change.
    public static final Stamp NONE = new Stamp(0, 0);

    private static final Comparator<Stamp> ORDER =
            Comparator.comparingLong(Stamp::epoch).thenComparingLong(Stamp::version);

    @Override
    public int compareTo(Stamp other) {
        return ORDER.compare(this, other);
    }

    public boolean isNewerThan(Stamp other) {
        return compareTo(other) > 0;
    }

    /// The newer one.
    public Stamp or(Stamp other) {
        return other.isNewerThan(this) ? other : this;
    }

    /// One that is not older than either and counts no less: what a change follows that is of both. A newer one may
    /// count less, when an owner of a later epoch knew less.
    public Stamp join(Stamp other) {
        return new Stamp(Math.max(epoch, other.epoch), Math.max(version, other.version));
    }

    /// The stamp of the next change, under an epoch that is not older as a rule.
    public Stamp next(long under) {
        return new Stamp(Math.max(epoch, under), version + 1);
    }

    @Override
    public String toString() {
        return epoch + "." + version;
    }
}
