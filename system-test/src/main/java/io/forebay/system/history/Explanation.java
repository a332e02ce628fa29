package io.forebay.system.history;

import io.forebay.system.history.RegisterChecker.Verdict.Broken;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Says of a key's history why no order explains it.
final class Explanation {
    private Explanation() {}

    /// @param shown how many of the operations before the one that fails are printed
    static String of(String key, List<Operation> history, Broken broken, int shown) {
        List<Operation> sorted = new ArrayList<>(history);
        sorted.sort(Comparator.comparingLong(Operation::begin));
        long origin = sorted.getFirst().begin();
        Operation culprit = broken.culprit();
        Set<String> states = new TreeSet<>();
        broken.before().forEach(state -> states.add(state == Operation.ABSENT ? "nothing" : "value " + state));
        StringBuilder text = new StringBuilder(key)
                .append(": no order of operations explains\n  > ")
                .append(culprit.text(origin))
                .append("\n  before it the key could hold ")
                .append(String.join(" or ", states))
                .append("; begin and end in ms:\n");
        List<Operation> before = new ArrayList<>();
        for (Operation operation : sorted) {
            if (operation.begin() <= culprit.end()) {
                before.add(operation);
            }
        }
        for (Operation operation : before.subList(Math.max(0, before.size() - shown), before.size())) {
            text.append(operation.equals(culprit) ? "  > " : "    ")
                    .append(operation.text(origin))
                    .append('\n');
        }
        return text.toString();
    }
}
