package io.forebay.system.simulation;

import java.util.HashSet;
import java.util.Set;

/// What a key may hold by what clients were told: operations are instants here, so it is the last that was
/// acknowledged, or one in doubt that has taken effect since.
final class Register {
    static final int ABSENT = 0;

    private int current = ABSENT;
    private final Set<Integer> doubtful = new HashSet<>();
    private int doubtfulRemovals;

    void done(int number) {
        current = number;
    }

    void inDoubt(int number) {
        if (number == ABSENT) {
            doubtfulRemovals++;
        } else {
            doubtful.add(number);
        }
    }

    /// Whether a client may be told that.
    boolean mayBe(int number) {
        if (number == current) {
            return true;
        }
        boolean possible = number == ABSENT ? doubtfulRemovals-- > 0 : doubtful.remove(number);
        if (possible) {
            current = number;
        }
        return possible;
    }

    @Override
    public String toString() {
        return current + " or " + doubtful + (doubtfulRemovals > 0 ? " or nothing" : "");
    }
}
