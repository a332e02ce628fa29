package io.forebay.system.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The check of one key's history by itself.
public final class KeyCheck {
    private static final int MAX_CONFIGURATIONS = 200_000;

    private KeyCheck() {}

    /// Why no order of the operations explains what the clients were told, with the last of them that came before; null
    /// when one does. The key held nothing at first.
    ///
    /// @param shown how many operations are told of
    public static @Nullable String fault(String key, List<Operation> history, int shown) {
        return switch (RegisterChecker.check(history, MAX_CONFIGURATIONS)) {
            case RegisterChecker.Verdict.Linearizable fine -> null;
            case RegisterChecker.Verdict.Broken broken -> Explanation.of(key, history, broken, shown);
            case RegisterChecker.Verdict.Undecided undecided -> key + " could not be checked: " + undecided.why();
        };
    }
}
