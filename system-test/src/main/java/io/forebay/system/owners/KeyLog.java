package io.forebay.system.owners;

import io.forebay.common.model.ObjectKey;
import io.forebay.system.history.KeyCheck;
import io.forebay.system.history.Operation;
import io.forebay.system.history.Operation.Call;
import io.forebay.system.history.Operation.Outcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A key and all that was done with it. Safe to share between threads.
final class KeyLog {
    private static final int SHOWN = 40;

    private final ObjectKey key;
    private final Contents contents;
    private final List<Operation> operations = new ArrayList<>();
    private final List<Flush> flushes = new ArrayList<>();
    private final Map<Composed, Integer> composed = new HashMap<>();
    private int unknown;

    /// The end of an append: what was in front of the suffix is known when the whole is read.
    private record Flush(int number, ByteBuffer suffix, Outcome outcome, long begin, long end, String note) {}

    /// A content and the number of the flush that put its suffix behind it.
    private record Composed(int before, int flush) {}

    KeyLog(ObjectKey key, Contents contents) {
        this.key = key;
        this.contents = contents;
    }

    ObjectKey key() {
        return key;
    }

    synchronized void add(Call call, int written, int expected, Outcome outcome, int found, long begin, String note) {
        boolean isUnknown = outcome == Outcome.UNKNOWN;
        unknown += isUnknown && call != Call.GET ? 1 : 0;
        long end = isUnknown ? Operation.NEVER : System.nanoTime();
        operations.add(new Operation(call, written, expected, outcome, found, begin, end, note));
    }

    /// A flush begins; returns its number.
    synchronized int beginFlush(byte[] suffix, String note) {
        flushes.add(new Flush(
                flushes.size(), ByteBuffer.wrap(suffix), Outcome.UNKNOWN, System.nanoTime(), Operation.NEVER, note));
        return flushes.size() - 1;
    }

    /// It was done, or was refused; one that is never ended is in doubt.
    synchronized void endFlush(int number, Outcome outcome, String note) {
        Flush begun = flushes.get(number);
        flushes.set(
                number, new Flush(number, begun.suffix, outcome, begun.begin, System.nanoTime(), begun.note + note));
    }

    /// Whether its history is as long, or has as much in doubt, as can be checked in short time.
    synchronized boolean isUsedUp() {
        return unknown >= 8 || operations.size() >= 80;
    }

    /// Which content these bytes are, as an append may have made them; `Contents.WRONG` for none.
    synchronized int find(byte[] bytes) {
        int number = contents.find(bytes);
        if (number != Contents.WRONG) {
            return number;
        }
        for (Flush flush : flushes) {
            int found = behind(bytes, flush);
            if (found != Contents.WRONG) {
                return found;
            }
        }
        return Contents.WRONG;
    }

    private int behind(byte[] bytes, Flush flush) {
        int at = bytes.length - flush.suffix.capacity();
        if (at < 0 || !ByteBuffer.wrap(bytes, at, bytes.length - at).equals(flush.suffix)) {
            return Contents.WRONG;
        }
        int before = at == 0 ? Operation.ABSENT : find(Arrays.copyOf(bytes, at));
        return before == Contents.WRONG
                ? before
                : composed.computeIfAbsent(new Composed(before, flush.number), whole -> contents.unseen());
    }

    /// Why what clients were told cannot have been right, or null.
    synchronized @Nullable String fault() {
        List<Operation> all = new ArrayList<>(operations);
        for (Flush flush : flushes) {
            if (flush.outcome == Outcome.REFUSED) {
                continue;
            }
            List<Map.Entry<Composed, Integer>> seen = composed.entrySet().stream()
                    .filter(entry -> entry.getKey().flush() == flush.number)
                    .toList();
            if (seen.size() > 1) {
                return key + ": one append was flushed twice: " + flush.note;
            }
            if (seen.isEmpty()) {
                all.add(operation(flush, Call.PUT, contents.unseen(), Operation.ABSENT));
            } else {
                int before = seen.getFirst().getKey().before();
                Call call = before == Operation.ABSENT ? Call.PUT : Call.PUT_IF_MATCH;
                all.add(operation(flush, call, seen.getFirst().getValue(), before));
            }
        }
        return KeyCheck.fault(key.toString(), all, SHOWN);
    }

    private static Operation operation(Flush flush, Call call, int written, int expected) {
        return new Operation(
                call,
                written,
                expected,
                flush.outcome,
                Operation.ABSENT,
                flush.begin,
                flush.end,
                "flush " + flush.note);
    }
}
