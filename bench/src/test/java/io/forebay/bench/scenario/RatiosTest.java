package io.forebay.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RatiosTest {

    @Test
    void medianOfThePairsIsHeldToTheBar() {
        Ratios ratios = new Ratios("title", "unit").bar("row", Ratios.Side.AT_LEAST, 0.6);
        ratios.add("row", 50, 100).add("row", 140, 200).add("row", 99, 100);
        assertThat(ratios.text()).contains("0.70 [0.50-0.99]").contains("at least 0.60: met");
    }

    @Test
    void missedBarsAreSaid() {
        Ratios ratios = new Ratios("title", "unit").bar("row", Ratios.Side.AT_MOST, 1.3);
        ratios.add("row", 1.4, 1);
        ratios.note("a note");
        assertThat(ratios.text()).contains("at most 1.30: MISSED").contains("  a note\n");
    }
}
