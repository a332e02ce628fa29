package io.forebay.system.owners;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// What clients write: every content is written by one operation only, and its size says which. Safe to share between
/// threads.
final class Contents {
    /// A number that no content has.
    static final int WRONG = -1;

    private static final int STEP = 1 << 13;

    private final long salt;
    private final Map<Integer, byte[]> all = new HashMap<>();
    private final Set<Integer> whole = new HashSet<>();

    Contents(long salt) {
        this.salt = salt;
    }

    /// The number of a new content that is written as a whole. It is a little longer than so many steps of 8 KiB.
    synchronized int next(int steps) {
        int number = nextOfParts(steps);
        whole.add(number);
        return number;
    }

    /// As `next`, of one that is written in parts.
    synchronized int nextOfParts(int steps) {
        int number = all.size() + 1;
        byte[] bytes = new byte[steps * STEP + number];
        new Random(salt + number).nextBytes(bytes);
        all.put(number, bytes);
        return number;
    }

    /// A number of which nobody ever sees the content: it stands for one that operations compose.
    int unseen() {
        return nextOfParts(0);
    }

    /// Whether an object with the content of that number has the entity tag of it.
    synchronized boolean isWhole(int number) {
        return whole.contains(number);
    }

    synchronized byte[] bytes(int number) {
        byte[] bytes = all.get(number);
        if (bytes == null) {
            throw new IllegalStateException("there is no content " + number);
        }
        return bytes;
    }

    /// Which content of that size there is.
    synchronized int find(long size) {
        int number = (int) (size % STEP);
        byte[] bytes = all.get(number);
        return bytes != null && bytes.length == size ? number : WRONG;
    }

    /// Which content these bytes are.
    int find(byte[] bytes) {
        int number = find((long) bytes.length);
        return number != WRONG && Arrays.equals(bytes(number), bytes) ? number : WRONG;
    }

    /// Which content has these bytes in that range, of an object of that size.
    int find(byte[] bytes, long from, long size) {
        int number = find(size);
        boolean same = number != WRONG
                && Arrays.equals(Arrays.copyOfRange(bytes(number), (int) from, (int) from + bytes.length), bytes);
        return same ? number : WRONG;
    }
}
