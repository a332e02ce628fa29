package io.forebay.transform.archive.index;

import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// The entries of sorted runs in one order; of equal names only that of the earliest run.
final class MergedRuns {
    private final PriorityQueue<Run> queue;
    private @Nullable Run current;
    private byte[] lastName = new byte[0];
    private int lastNameLength = -1;

    MergedRuns(List<byte[]> runs) {
        queue = new PriorityQueue<>(runs.size() + 1, MergedRuns::compare);
        for (int number = 0; number < runs.size(); number++) {
            Run run = new Run(number, new EntryReader());
            run.reader.reset(runs.get(number), 0, runs.get(number).length);
            enqueue(run);
        }
    }

    private record Run(int number, EntryReader reader) {}

    /// The next entry, which is valid until the next call; null at the end.
    @Nullable
    Entry next() {
        while (true) {
            if (current != null) {
                enqueue(current);
            }
            current = queue.poll();
            if (current == null) {
                return null;
            }
            Entry entry = current.reader.entry();
            if (lastNameLength < 0 || entry.compareName(lastName, 0, lastNameLength) != 0) {
                remember(entry);
                return entry;
            }
        }
    }

    private void enqueue(Run run) {
        if (run.reader.next()) {
            queue.add(run);
        }
    }

    private void remember(Entry entry) {
        if (lastName.length < entry.nameLength) {
            lastName = new byte[2 * entry.nameLength];
        }
        System.arraycopy(entry.name, 0, lastName, 0, entry.nameLength);
        lastNameLength = entry.nameLength;
    }

    private static int compare(Run left, Run right) {
        Entry first = left.reader.entry();
        Entry second = right.reader.entry();
        int names = Arrays.compareUnsigned(first.name, 0, first.nameLength, second.name, 0, second.nameLength);
        return names != 0 ? names : Integer.compare(left.number, right.number);
    }
}
