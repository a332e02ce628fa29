package io.forebay.system.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.system.history.Operation.Outcome;
import io.forebay.system.history.RegisterChecker.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class RegisterCheckerTest {
    private static final int MANY = 100_000;
    private static final int NOTHING = Operation.ABSENT;

    static List<Arguments> right() {
        return List.of(
                history("nothing at all"),
                history("absent before any put", Operation.get(NOTHING, 0, 1)),
                history("what was put is read", Operation.put(1, 0, 1), Operation.get(1, 2, 3)),
                history(
                        "a read during a put sees either value",
                        Operation.put(1, 0, 10),
                        Operation.get(NOTHING, 1, 2),
                        Operation.get(1, 3, 4)),
                history(
                        "overlapping puts have any order",
                        Operation.put(1, 0, 10),
                        Operation.put(2, 1, 9),
                        Operation.get(2, 11, 12),
                        Operation.get(2, 13, 14)),
                history(
                        "the other order of the same",
                        Operation.put(1, 0, 10),
                        Operation.put(2, 1, 9),
                        Operation.get(1, 11, 12)),
                history(
                        "a deleted one is absent",
                        Operation.put(1, 0, 1),
                        Operation.delete(2, 3),
                        Operation.get(NOTHING, 4, 5)),
                history(
                        "an unanswered put may never happen",
                        Operation.put(1, 0, 1).unanswered(),
                        Operation.get(NOTHING, 5, 6)),
                history(
                        "an unanswered put may happen late",
                        Operation.put(1, 0, 1).unanswered(),
                        Operation.get(NOTHING, 5, 6),
                        Operation.get(1, 7, 8)),
                history(
                        "an unanswered put may replace a later one",
                        Operation.put(1, 0, 1).unanswered(),
                        Operation.put(2, 2, 3),
                        Operation.get(2, 4, 5),
                        Operation.get(1, 6, 7)),
                history(
                        "an unanswered delete may happen late",
                        Operation.put(1, 0, 1),
                        Operation.delete(2, 3).unanswered(),
                        Operation.get(1, 4, 5),
                        Operation.get(NOTHING, 6, 7)),
                history(
                        "one of two creators wins",
                        Operation.putIfAbsent(1, Outcome.DONE, 0, 5),
                        Operation.putIfAbsent(2, Outcome.REFUSED, 1, 4),
                        Operation.get(1, 6, 7)),
                history(
                        "a refused creation is explained by an unanswered put that nobody reads",
                        Operation.put(1, 0, 1).unanswered(),
                        Operation.putIfAbsent(2, Outcome.REFUSED, 2, 3),
                        Operation.delete(4, 5),
                        Operation.get(NOTHING, 6, 7)),
                history(
                        "a replacement of what was read",
                        Operation.put(1, 0, 1),
                        Operation.putIfMatch(1, 2, Outcome.DONE, 2, 3),
                        Operation.putIfMatch(1, 3, Outcome.REFUSED, 4, 5),
                        Operation.get(2, 6, 7)),
                history(
                        "a replacement of nothing",
                        Operation.put(1, 0, 1),
                        Operation.delete(2, 3),
                        Operation.putIfMatch(1, 2, Outcome.MISSING, 4, 5)),
                history(
                        "two removals, one of which found something",
                        Operation.put(1, 0, 1),
                        Operation.deletePresent(Outcome.DONE, 2, 6),
                        Operation.deletePresent(Outcome.MISSING, 3, 5)),
                history("a list shows what was put", Operation.put(1, 0, 1), Operation.list(1, 2, 3)),
                history("a list during a put shows it or not", Operation.put(1, 0, 9), Operation.list(NOTHING, 2, 3)));
    }

    static List<Arguments> wrong() {
        return List.of(
                history("lost: acknowledged and not there", Operation.put(1, 0, 1), Operation.get(NOTHING, 2, 3)),
                history("read before it was put", Operation.get(1, 0, 1), Operation.put(1, 2, 3)),
                history("an old value", Operation.put(1, 0, 1), Operation.put(2, 2, 3), Operation.get(1, 4, 5)),
                history(
                        "back from the dead",
                        Operation.put(1, 0, 1),
                        Operation.delete(2, 3),
                        Operation.get(NOTHING, 4, 5),
                        Operation.get(1, 6, 7)),
                history(
                        "new, then old, while the put is under way",
                        Operation.put(1, 0, 1),
                        Operation.put(2, 2, 20),
                        Operation.get(2, 3, 4),
                        Operation.get(1, 5, 6)),
                history(
                        "an unanswered put happens once",
                        Operation.put(1, 0, 1).unanswered(),
                        Operation.get(1, 2, 3),
                        Operation.put(2, 4, 5),
                        Operation.get(1, 6, 7)),
                history(
                        "an unanswered put cannot happen before it was asked for",
                        Operation.get(1, 0, 1),
                        Operation.put(1, 2, 3).unanswered()),
                history(
                        "two creators win",
                        Operation.putIfAbsent(1, Outcome.DONE, 0, 5),
                        Operation.putIfAbsent(2, Outcome.DONE, 1, 4)),
                history("a creation refused for nothing", Operation.putIfAbsent(1, Outcome.REFUSED, 0, 1)),
                history(
                        "two replace the same",
                        Operation.put(1, 0, 1),
                        Operation.putIfMatch(1, 2, Outcome.DONE, 2, 5),
                        Operation.putIfMatch(1, 3, Outcome.DONE, 3, 6)),
                history(
                        "a replacement refused though it fits",
                        Operation.put(1, 0, 1),
                        Operation.putIfMatch(1, 2, Outcome.REFUSED, 2, 3)),
                history(
                        "removed twice",
                        Operation.put(1, 0, 1),
                        Operation.deletePresent(Outcome.DONE, 2, 6),
                        Operation.deletePresent(Outcome.DONE, 3, 5)),
                history("not found to remove", Operation.put(1, 0, 1), Operation.deletePresent(Outcome.MISSING, 2, 3)),
                history("a list without what was put", Operation.put(1, 0, 1), Operation.list(NOTHING, 2, 3)),
                history(
                        "a list with what was removed",
                        Operation.put(1, 0, 1),
                        Operation.delete(2, 3),
                        Operation.list(1, 4, 5)));
    }

    @ParameterizedTest
    @MethodSource
    void right(String name, List<Operation> history) {
        assertThat(RegisterChecker.check(history, MANY)).isInstanceOf(Verdict.Linearizable.class);
        assertThat(Orders.explain(history)).isTrue();
    }

    @ParameterizedTest
    @MethodSource
    void wrong(String name, List<Operation> history) {
        assertThat(RegisterChecker.check(history, MANY)).isInstanceOf(Verdict.Broken.class);
        assertThat(Orders.explain(history)).isFalse();
    }

    /// Against trying every order, on histories of a simulated register of which every third is then falsified.
    @Test
    void agreesWithTheTrialOfEveryOrder() {
        int broken = 0;
        for (long seed = 0; seed < 6_000; seed++) {
            List<Operation> history = RandomHistory.of(seed, 7);
            boolean expected = Orders.explain(history);
            Verdict verdict = RegisterChecker.check(history, MANY);
            assertThat(verdict instanceof Verdict.Linearizable)
                    .as("seed %s: %s", seed, history)
                    .isEqualTo(expected);
            broken += expected ? 0 : 1;
        }
        assertThat(broken).isBetween(300, 5_000);
    }

    @Test
    void unansweredOperationsThatNobodySawCostLittle() {
        List<Operation> history = new ArrayList<>();
        history.add(Operation.put(1, 0, 1));
        for (int index = 0; index < 20; index++) {
            history.add(Operation.put(10 + index, 10 + index, 10 + index).unanswered());
            history.add(Operation.delete(40 + index, 40 + index).unanswered());
        }
        for (int index = 0; index < 100; index++) {
            history.add(Operation.get(1, 100 + 2 * index, 101 + 2 * index));
        }
        assertThat(RegisterChecker.check(history, MANY))
                .isInstanceOfSatisfying(
                        Verdict.Linearizable.class,
                        fine -> assertThat(fine.configurations()).isLessThan(50));
    }

    @Test
    void moreThanTheSearchBearsIsUndecided() {
        List<Operation> history = new ArrayList<>();
        for (int index = 0; index < 12; index++) {
            history.add(Operation.put(1 + index, index, 1_000));
        }
        history.add(Operation.get(3, 1_001, 1_002));
        assertThat(RegisterChecker.check(history, 100)).isInstanceOf(Verdict.Undecided.class);
        assertThat(RegisterChecker.check(history, MANY)).isInstanceOf(Verdict.Linearizable.class);
    }

    @Test
    void explanationNamesTheOperationAndWhatWasPossible() {
        List<Operation> history = List.of(
                Operation.put(1, 0, 1_000_000),
                Operation.get(NOTHING, 2_000_000, 3_000_000).noted("client 7"));
        Verdict.Broken broken = (Verdict.Broken) RegisterChecker.check(history, MANY);
        assertThat(Explanation.of("bucket/key", history, broken, 10))
                .contains("bucket/key", "GET: nothing  client 7", "could hold value 1", "3.000");
    }

    private static Arguments history(String name, Operation... operations) {
        return Arguments.of(name, List.of(operations));
    }
}
