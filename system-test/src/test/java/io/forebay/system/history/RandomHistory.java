package io.forebay.system.history;

import io.forebay.system.history.Operation.Call;
import io.forebay.system.history.Operation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Histories of a register that works, with overlaps and lost answers; every third then has one answer changed.
final class RandomHistory {
    private RandomHistory() {}

    static List<Operation> of(long seed, int operations) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Operation> history = new ArrayList<>();
        int state = Operation.ABSENT;
        for (int index = 0; index < operations; index++) {
            Operation operation = next(random, state, index + 1, 10L * index);
            int after = operation.after(state);
            state = after == Operation.IMPOSSIBLE ? state : after;
            boolean lost = random.nextInt(5) == 0;
            if (lost && operation.call() != Call.GET && operation.outcome() == Outcome.DONE) {
                operation = operation.unanswered();
            }
            history.add(operation);
        }
        if (seed % 3 == 0) {
            int index = random.nextInt(operations);
            Operation changed = history.get(index);
            history.set(index, Operation.get(random.nextInt(operations), changed.begin(), changed.begin() + 5));
        }
        return history;
    }

    /// The operation takes effect at `moment`, and lasts from some time before to some time after.
    private static Operation next(SplittableRandom random, int state, int value, long moment) {
        long begin = moment - random.nextInt(30);
        long end = moment + random.nextInt(30);
        return switch (random.nextInt(7)) {
            case 0 -> Operation.put(value, begin, end);
            case 1 -> Operation.putIfAbsent(value, state == 0 ? Outcome.DONE : Outcome.REFUSED, begin, end);
            case 2 -> {
                int expected = random.nextInt(value);
                Outcome missing = state == 0 ? Outcome.MISSING : Outcome.REFUSED;
                yield Operation.putIfMatch(expected, value, state == expected ? Outcome.DONE : missing, begin, end);
            }
            case 3 -> Operation.delete(begin, end);
            case 4 -> Operation.deletePresent(state == 0 ? Outcome.MISSING : Outcome.DONE, begin, end);
            case 5 -> Operation.list(state, begin, end);
            default -> Operation.get(state, begin, end);
        };
    }
}
