package io.forebay.storage.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RemainderTest {
    private final Remainder remainder = new Remainder();

    @Test
    void keysLookedAtStandForTheOthers() {
        assertThat(remainder.bytes()).isZero();
        remainder.looked("n1", 100, 1000, 500);
        assertThat(remainder.bytes()).isEqualTo(5000);
        remainder.moved(500);
        assertThat(remainder.bytes()).isEqualTo(4500);
        remainder.looked("n1", 900, 1000, 5500);
        assertThat(remainder.bytes()).isEqualTo(5500);
        remainder.moved(5500);
        assertThat(remainder.bytes()).isZero();
    }

    @Test
    void sourceThatWasNotLookedAtIsTakenToBeLikeTheOthers() {
        remainder.looked("n1", 0, 1000, 0);
        remainder.looked("n2", 0, 3000, 0);
        assertThat(remainder.bytes()).as("nothing is known").isZero();
        remainder.looked("n1", 1000, 1000, 2000);
        assertThat(remainder.bytes()).isEqualTo(2000 + 6000);
    }

    /// What is looked at once more is found only the first time.
    @Test
    void endangeredObjectsThatAreMovedFirstCountOnce() {
        remainder.looked("n1", 0, 10, 300);
        remainder.moved(300);
        remainder.looked("n1", 10, 10, 0);
        assertThat(remainder.bytes()).isZero();
    }

    @Test
    void nothingIsExpectedWhenAllWasLookedAtAndNeverLessThanNothing() {
        remainder.looked("n1", 10, 1000, 10);
        remainder.lookedAtAll();
        assertThat(remainder.bytes()).isEqualTo(10);
        remainder.moved(30);
        assertThat(remainder.bytes()).isZero();
        remainder.looked("n1", 10, 10, 5);
        remainder.begin();
        assertThat(remainder.bytes()).isZero();
    }
}
