package io.forebay.transform.archive.model;

/// The bounds of one archive while it is read: counts what it asks for, and refuses it when that is too much.
///
/// For one thread at a time.
public final class Bounds {
    private final ArchiveLimits limits;
    private long members;

    public Bounds(ArchiveLimits limits) {
        this.limits = limits;
    }

    public ArchiveLimits limits() {
        return limits;
    }

    /// Counts one more member. Throws TOO_LARGE.
    public void member() {
        members++;
        if (members > limits.maxMembers()) {
            throw Refusal.tooLarge("the archive has more than %s members (max-members)", limits.maxMembers());
        }
    }

    /// Takes a name of that many bytes. Throws TOO_LARGE.
    public void name(long bytes) {
        if (bytes > limits.maxName().bytes()) {
            throw Refusal.tooLarge(
                    "a member's name has %s bytes, and %s are allowed (max-name)", bytes, limits.maxName());
        }
    }

    /// Takes an extended header of that many bytes. Throws TOO_LARGE.
    public void header(long bytes) {
        if (bytes > limits.maxHeader().bytes()) {
            throw Refusal.tooLarge(
                    "an extended header has %s bytes, and %s are allowed (max-header)", bytes, limits.maxHeader());
        }
    }

    /// Takes that so many bytes of the archive unpack to so many. Throws TOO_LARGE.
    public void expansion(long packed, long unpacked) {
        if (unpacked > limits.maxUnpacked().bytes()) {
            throw Refusal.tooLarge("the archive unpacks to more than %s (max-unpacked)", limits.maxUnpacked());
        }
        if (unpacked > limits.freeExpansion().bytes() && unpacked / limits.maxExpansion() > packed) {
            throw Refusal.tooLarge(
                    "%s bytes of the archive unpack to %s, which is more than %s times as many (max-expansion)",
                    packed, unpacked, limits.maxExpansion());
        }
    }
}
