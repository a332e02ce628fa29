package io.forebay.system.history;

import io.forebay.system.history.Operation.Call;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether the operations on one key can have happened one after the other, each at a moment between its begin
/// and its end.
///
/// The search follows the clock (Lowe's "just in time" form of Wing and Gong's): it keeps every
/// *configuration* that is possible now, what the key holds and which of the operations under way have had
/// their effect. When one ends, only configurations in which it has had its effect remain. None left: no order
/// explains what the clients were told.
final class RegisterChecker {
    /*
     * What keeps the configurations few: a read under way that fits what the key holds counts as done at once, since
     * it changes nothing. Unknown writes stay under way for ever; of those that do the same (removals, and puts whose
     * values nobody ever saw) only the one that began first is tried, since it could take the place of any other.
     */
    private static final int MAX_UNDER_WAY = 64;

    private final List<Operation> operations;
    private final int maxConfigurations;
    private final Set<Integer> seen = new HashSet<>();
    private final @Nullable Operation[] slots = new Operation[MAX_UNDER_WAY];
    private final int[] numbers = new int[MAX_UNDER_WAY];
    private Set<Configuration> possible = new HashSet<>();
    private int most = 1;

    /// How it ended.
    sealed interface Verdict {
        /// There is such an order.
        ///
        /// @param configurations the most that there were at a time
        record Linearizable(int configurations) implements Verdict {}

        /// There is none.
        ///
        /// @param culprit the operation whose end nothing explains
        /// @param before what the key could hold before
        record Broken(Operation culprit, Set<Integer> before) implements Verdict {}

        /// More is under way, or more is possible, than the search bears.
        record Undecided(String why) implements Verdict {}
    }

    /// What the key holds, and as bits of slots which operations under way have had their effect.
    private record Configuration(int state, long done) {
        boolean has(int slot) {
            return (done >>> slot & 1) != 0;
        }
    }

    private RegisterChecker(List<Operation> history, int maxConfigurations) {
        this.operations = new ArrayList<>(history);
        operations.removeIf(operation -> operation.isUnknown() && !operation.mayChange());
        operations.sort(Comparator.comparingLong(Operation::begin));
        this.maxConfigurations = maxConfigurations;
        for (Operation operation : operations) {
            seen.add(operation.found());
            seen.add(operation.expected());
        }
        possible.add(new Configuration(Operation.ABSENT, 0));
    }

    /// @param history of a key that held nothing at first, in any order
    static Verdict check(List<Operation> history, int maxConfigurations) {
        return new RegisterChecker(history, maxConfigurations).search();
    }

    private Verdict search() {
        List<Integer> byEnd = new ArrayList<>();
        for (int number = 0; number < operations.size(); number++) {
            if (!operations.get(number).isUnknown()) {
                byEnd.add(number);
            }
        }
        byEnd.sort(Comparator.comparingLong(number -> operations.get(number).end()));
        int next = 0;
        for (int number : byEnd) {
            Operation ending = operations.get(number);
            while (next < operations.size() && operations.get(next).begin() <= ending.end()) {
                if (!enter(next)) {
                    return new Verdict.Undecided("more than " + MAX_UNDER_WAY + " operations are under way at once");
                }
                next++;
            }
            int slot = slotOf(number);
            Set<Configuration> left = explained(slot);
            if (left == null) {
                return new Verdict.Undecided("more than " + maxConfigurations + " configurations are possible");
            }
            if (left.isEmpty()) {
                Set<Integer> states = new HashSet<>();
                possible.forEach(configuration -> states.add(configuration.state()));
                return new Verdict.Broken(ending, states);
            }
            most = Math.max(most, left.size());
            possible = left;
            leave(slot);
        }
        return new Verdict.Linearizable(most);
    }

    private boolean enter(int number) {
        for (int slot = 0; slot < MAX_UNDER_WAY; slot++) {
            if (slots[slot] == null) {
                slots[slot] = operations.get(number);
                numbers[slot] = number;
                return true;
            }
        }
        return false;
    }

    private int slotOf(int number) {
        for (int slot = 0; slot < MAX_UNDER_WAY; slot++) {
            if (slots[slot] != null && numbers[slot] == number) {
                return slot;
            }
        }
        throw new IllegalStateException("an operation ends that is not under way");
    }

    /// The slot is free again; so are those of unknown operations that have had their effect in every
    /// configuration.
    private void leave(int slot) {
        long everywhere = -1L;
        for (Configuration configuration : possible) {
            everywhere &= configuration.done();
        }
        long freed = 0;
        for (int index = 0; index < MAX_UNDER_WAY; index++) {
            Operation operation = slots[index];
            boolean over = operation != null && operation.isUnknown() && (everywhere >>> index & 1) != 0;
            if (index == slot || over) {
                freed |= 1L << index;
                slots[index] = null;
            }
        }
        Set<Configuration> cleared = new HashSet<>();
        for (Configuration configuration : possible) {
            cleared.add(new Configuration(configuration.state(), configuration.done() & ~freed));
        }
        possible = cleared;
    }

    /// The configurations, reached from the possible ones by effects of what is under way, in which that
    /// operation has had its effect; null when there are too many.
    private @Nullable Set<Configuration> explained(int wanted) {
        Set<Configuration> reached = new HashSet<>();
        Set<Configuration> left = new HashSet<>();
        ArrayDeque<Configuration> open = new ArrayDeque<>();
        for (Configuration configuration : possible) {
            visit(configuration, reached, open);
        }
        while (!open.isEmpty()) {
            Configuration configuration = open.removeFirst();
            if (configuration.has(wanted)) {
                left.add(configuration);
                continue;
            }
            for (int slot = 0; slot < MAX_UNDER_WAY; slot++) {
                Operation operation = slots[slot];
                if (operation == null || configuration.has(slot) || !worthTrying(operation, slot, configuration)) {
                    continue;
                }
                int state = operation.after(configuration.state());
                boolean idle = operation.isUnknown() && state == configuration.state();
                if (state != Operation.IMPOSSIBLE && !idle) {
                    visit(new Configuration(state, configuration.done() | 1L << slot), reached, open);
                }
            }
            if (reached.size() > maxConfigurations) {
                return null;
            }
        }
        return left;
    }

    private void visit(Configuration configuration, Set<Configuration> reached, ArrayDeque<Configuration> open) {
        long done = configuration.done();
        for (int slot = 0; slot < MAX_UNDER_WAY; slot++) {
            Operation operation = slots[slot];
            if (operation != null
                    && !operation.mayChange()
                    && operation.after(configuration.state()) != Operation.IMPOSSIBLE) {
                done |= 1L << slot;
            }
        }
        Configuration settled = new Configuration(configuration.state(), done);
        if (reached.add(settled)) {
            open.add(settled);
        }
    }

    /// Not when an operation that began earlier would do the same.
    private boolean worthTrying(Operation operation, int slot, Configuration configuration) {
        if (!operation.mayChange()) {
            return false;
        }
        if (!operation.isUnknown()) {
            return true;
        }
        for (int other = 0; other < MAX_UNDER_WAY; other++) {
            Operation earlier = slots[other];
            if (other != slot
                    && earlier != null
                    && !configuration.has(other)
                    && doTheSame(operation, earlier)
                    && (earlier.begin() < operation.begin()
                            || (earlier.begin() == operation.begin() && other < slot))) {
                return false;
            }
        }
        return true;
    }

    private boolean doTheSame(Operation operation, Operation other) {
        if (!other.isUnknown()) {
            return false;
        }
        boolean removals = isRemoval(operation) && isRemoval(other);
        boolean puts = operation.call() == other.call()
                && operation.expected() == other.expected()
                && !isRemoval(operation)
                && !seen.contains(operation.written())
                && !seen.contains(other.written());
        return removals || puts;
    }

    private static boolean isRemoval(Operation operation) {
        return operation.call() == Call.DELETE || operation.call() == Call.DELETE_PRESENT;
    }
}
