package io.forebay.system.history;

import java.util.List;

/// Tries every order of a short history: slow, and too simple to be wrong.
final class Orders {
    private Orders() {}

    /// Whether some order of the operations, with any of the unanswered ones left out, explains all answers.
    static boolean explain(List<Operation> history) {
        return explain(history, new boolean[history.size()], Operation.ABSENT);
    }

    private static boolean explain(List<Operation> history, boolean[] used, int state) {
        boolean over = true;
        for (int index = 0; index < used.length; index++) {
            over &= used[index] || history.get(index).isUnknown();
        }
        if (over) {
            return true;
        }
        for (int index = 0; index < used.length; index++) {
            if (used[index] || !mayBeNext(history, used, index)) {
                continue;
            }
            int after = history.get(index).after(state);
            if (after == Operation.IMPOSSIBLE) {
                continue;
            }
            used[index] = true;
            if (explain(history, used, after)) {
                return true;
            }
            used[index] = false;
        }
        return false;
    }

    /// Nothing that is still to come ended before it began.
    private static boolean mayBeNext(List<Operation> history, boolean[] used, int next) {
        for (int index = 0; index < used.length; index++) {
            if (!used[index] && history.get(index).end() < history.get(next).begin()) {
                return false;
            }
        }
        return true;
    }
}
