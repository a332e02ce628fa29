package io.forebay.cluster.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NodeStatisticsTest {
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong ticks = new AtomicLong(5_000_000_000L);
    private final Metrics metrics = new Metrics();
    private final NodeStatistics statistics = new NodeStatistics(
                    Map.of(
                            Statistic.GET_COUNT, reads::get,
                            Statistic.GET_ERRORS, errors::get,
                            Statistic.GET_SIZE, bytes::get,
                            Statistic.GET_NANOS, nanos::get),
                    () -> 6,
                    ticks::get)
            .shownBy(metrics, "target", new NodeId("node1"));

    @Test
    void countsAreToldByAistoresNamesUnlessTheyAreZero() {
        assertThat(statistics.tracker()).containsOnly(Map.entry("up.ns.time", 0L), Map.entry("state.flags", 6L));
        reads.set(3);
        bytes.set(30);
        ticks.addAndGet(7);
        assertThat(statistics.tracker())
                .containsOnly(
                        Map.entry("get.n", 3L),
                        Map.entry("get.size", 30L),
                        Map.entry("up.ns.time", 7L),
                        Map.entry("state.flags", 6L));
        assertThat(statistics.kinds())
                .containsOnly(
                        Map.entry("get.n", "counter"),
                        Map.entry("err.get.n", "counter"),
                        Map.entry("get.size", "size"),
                        Map.entry("get.ns.total", "total"),
                        Map.entry("up.ns.time", "special"),
                        Map.entry("state.flags", "gauge"));
    }

    @Test
    void countsBeginAgainWhenTheyAreSetBack() {
        reads.set(3);
        errors.set(2);
        ticks.addAndGet(9);
        statistics.setBackErrors();
        assertThat(statistics.tracker()).containsEntry("get.n", 3L).doesNotContainKey("err.get.n");
        statistics.setBack();
        reads.set(5);
        errors.set(3);
        assertThat(statistics.tracker())
                .containsEntry("get.n", 2L)
                .containsEntry("err.get.n", 1L)
                .containsEntry("up.ns.time", 9L)
                .containsEntry("state.flags", 6L);
    }

    @ParameterizedTest
    @CsvSource({
        "GET_COUNT, GET_ERRORS",
        "PUT_COUNT, PUT_ERRORS",
        "HEAD_COUNT, HEAD_ERRORS",
        "APPEND_COUNT, APPEND_ERRORS",
        "DELETE_COUNT, DELETE_ERRORS",
        "RENAME_COUNT, RENAME_ERRORS",
        "LIST_COUNT, LIST_ERRORS",
    })
    void whatIsCountedHasItsFailuresCounted(Statistic counted, Statistic errors) {
        assertThat(counted.errors()).isEqualTo(errors);
        assertThat(errors.isOfErrors()).isTrue();
    }

    @Test
    void sizesHaveNoFailures() {
        assertThatThrownBy(Statistic.GET_SIZE::errors)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("nothing counts the failures of GET_SIZE");
    }

    @Test
    void prometheusSeesThemUnderAistoresNamesAndNeverGoingDown() {
        reads.set(3);
        bytes.set(30);
        nanos.set(12);
        statistics.setBack();
        ticks.addAndGet(2_500_000_000L);
        assertThat(metrics.text().lines())
                .contains(
                        "# TYPE ais_target_get_count counter",
                        "# TYPE ais_target_uptime gauge",
                        "ais_target_get_count{node_id=\"node1\"} 3.0",
                        "ais_target_get_bytes{node_id=\"node1\"} 30.0",
                        "ais_target_get_ns_total{node_id=\"node1\"} 12.0",
                        "ais_target_err_get_count{node_id=\"node1\"} 0.0",
                        "ais_target_uptime{node_id=\"node1\"} 2.5",
                        "ais_target_state_flags{node_id=\"node1\"} 6.0");
    }
}
