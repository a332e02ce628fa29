package io.forebay.system.crash;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// What a run of crashes counts, for its summary. Safe to share between threads.
final class Counts {
    private static final int TOLD = 50;

    final LongAdder operations = new LongAdder();
    final LongAdder acknowledged = new LongAdder();
    final LongAdder notSent = new LongAdder();
    final LongAdder checked = new LongAdder();
    final LongAdder inDoubt = new LongAdder();
    final LongAdder inDoubtDone = new LongAdder();
    final LongAdder lost = new LongAdder();
    final LongAdder back = new LongAdder();
    final LongAdder wrong = new LongAdder();
    final LongAdder halfVisible = new LongAdder();
    final LongAdder unclean = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder lostAtNone = new LongAdder();
    final LongAdder full = new LongAdder();
    final LongAdder drains = new LongAdder();
    private final List<String> findings = Collections.synchronizedList(new ArrayList<>());

    /// Counts something that must not be, and remembers it in words.
    void find(LongAdder kind, String words) {
        kind.increment();
        if (findings.size() < TOLD) {
            findings.add(words);
        }
    }

    /// The first things found, in words.
    List<String> findings() {
        return List.copyOf(findings);
    }

    long violations() {
        return lost.sum() + back.sum() + wrong.sum() + halfVisible.sum() + unclean.sum() + refused.sum();
    }

    String text() {
        return """
            operations        %,d: %,d acknowledged, %,d never sent, the others under way when the server went
            checked           %,d objects and buckets after crashes, %,d of them in doubt (%,d then done)
            lost              %,d acknowledged writes
            wrong bytes       %,d
            deleted and back  %,d
            half visible      %,d
            refused           %,d requests to a living server
            unclean starts    %,d
            """.formatted(
                        operations.sum(),
                        acknowledged.sum(),
                        notSent.sum(),
                        checked.sum(),
                        inDoubt.sum(),
                        inDoubtDone.sum(),
                        lost.sum(),
                        wrong.sum(),
                        back.sum(),
                        halfVisible.sum(),
                        refused.sum(),
                        unclean.sum());
    }
}
