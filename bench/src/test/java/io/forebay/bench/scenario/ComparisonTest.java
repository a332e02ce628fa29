package io.forebay.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ComparisonTest {

    @Test
    void ratiosAreOfOnePairAndTheirMedianIsHeldToTheBar() {
        Comparison comparison = new Comparison("GET", "nginx");
        comparison.bar("ours", 0.75);
        comparison.add("ours", sample(100), sample(80));
        comparison.add("ours", sample(200), sample(120));
        comparison.add("ours", sample(50), sample(45));
        assertThat(comparison.text()).contains("0.80 [0.60-0.90]").contains("bar 0.75 met");
    }

    @Test
    void missedBarsAreSaid() {
        Comparison comparison = new Comparison("GET", "nginx");
        comparison.bar("ours", 1.0);
        comparison.add("ours", sample(100), sample(80));
        assertThat(comparison.text()).contains("bar 1.00 MISSED");
    }

    @Test
    void processorTimeIsShownByRequestAndByVolume() {
        Comparison comparison = new Comparison("GET", "nginx");
        comparison.add("ours", sample(100), new Sample(100, 20, 1 << 20, 1, 2));
        assertThat(comparison.text()).contains(" 20.0 ").contains(" 0.02 ").contains("1.00 / 2.00");
    }

    private static Sample sample(double rate) {
        return new Sample(rate, 0, 1024, 1, 2);
    }
}
