package io.forebay.cluster.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.rule.LifecycleRule.Expiration;
import io.forebay.cluster.rule.LifecycleRule.Noncurrent;
import io.forebay.cluster.rule.LifecycleRule.Past;
import io.forebay.common.error.StoreException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LifecycleRulesTest {
    private static final long WRITTEN = millis("2026-01-15T10:30:00Z");

    @ParameterizedTest
    @CsvSource({
        "2026-01-15T10:30:00Z, 3, 2026-01-19T00:00:00Z",
        "2026-01-15T00:00:00Z, 1, 2026-01-16T00:00:00Z",
        "2026-01-15T00:00:00.001Z, 1, 2026-01-17T00:00:00Z",
        "2026-01-15T23:59:59.999Z, 1, 2026-01-17T00:00:00Z",
        "2026-01-15T12:00:00Z, 0, 2026-01-16T00:00:00Z",
        "1969-12-30T12:00:00Z, 1, 1970-01-01T00:00:00Z",
    })
    void daysEndAtMidnight(String from, int days, String end) {
        assertThat(Instant.ofEpochMilli(RuleDays.WHOLE.after(millis(from), days)))
                .isEqualTo(Instant.parse(end));
    }

    @Test
    void daysMayBeShort() {
        assertThat(new RuleDays(1000).after(12_345, 2)).isEqualTo(15_000);
        assertThatThrownBy(() -> new RuleDays(0)).isInstanceOf(StoreException.class);
    }

    @Test
    void textIsReadAgain() {
        LifecycleRules rules = new LifecycleRules(List.of(
                new LifecycleRule(
                        "a \"quoted\" id",
                        true,
                        new RuleFilter(false, "ü/", Map.of("k", "v"), 5L, 9L),
                        new Expiration(3, null, false),
                        new Noncurrent(4, 2),
                        7),
                new LifecycleRule(
                        "b",
                        false,
                        new RuleFilter(true, "", Map.of(), null, null),
                        new Expiration(null, 86_400_000L, false),
                        null,
                        null),
                new LifecycleRule(
                        "c",
                        true,
                        new RuleFilter(false, "", Map.of(), null, null),
                        new Expiration(null, null, true),
                        new Noncurrent(1, null),
                        null)));
        assertThat(LifecycleRules.parse(rules.text())).isEqualTo(rules);
        assertThatThrownBy(() -> LifecycleRules.parse("{}")).isInstanceOf(StoreException.class);
    }

    @Test
    void soonestRuleCounts() {
        LifecycleRules rules = new LifecycleRules(List.of(
                ending("late", filter("logs/", Map.of(), null, null), 9),
                ending("soon", filter("logs/debug/", Map.of(), null, null), 2),
                new LifecycleRule(
                        "off", false, filter("", Map.of(), null, null), new Expiration(1, null, false), null, null),
                new LifecycleRule(
                        "date",
                        true,
                        filter("dated/", Map.of(), null, null),
                        new Expiration(null, millis("2026-02-01T00:00:00Z"), false),
                        null,
                        null),
                new LifecycleRule(
                        "markers",
                        true,
                        filter("", Map.of(), null, null),
                        new Expiration(null, null, true),
                        null,
                        null)));
        assertThat(end(rules, "logs/debug/x")).isEqualTo("soon 2026-01-18T00:00:00Z");
        assertThat(end(rules, "logs/x")).isEqualTo("late 2026-01-25T00:00:00Z");
        assertThat(end(rules, "dated/x")).isEqualTo("date 2026-02-01T00:00:00Z");
        assertThat(end(rules, "log")).isNull();
        assertThat(rules.prefixes(false)).containsExactly("dated/", "logs/");
        assertThat(rules.lookAtTags()).isFalse();
    }

    @Test
    void everythingThatAFilterSaysHasToHold() {
        RuleFilter filter = filter("p", Map.of("a", "1", "b", "2"), 10L, 20L);
        assertThat(filter.takes("p", 11, Map.of("a", "1", "b", "2", "c", "3"))).isTrue();
        assertThat(filter.takes("q", 11, Map.of("a", "1", "b", "2"))).isFalse();
        assertThat(filter.takes("p", 10, Map.of("a", "1", "b", "2"))).isFalse();
        assertThat(filter.takes("p", 20, Map.of("a", "1", "b", "2"))).isFalse();
        assertThat(filter.takes("p", 11, Map.of("a", "1", "b", "3"))).isFalse();
        assertThat(filter.takes("p", 11, Map.of("a", "1"))).isFalse();
        LifecycleRules rules = new LifecycleRules(List.of(ending("x", filter, 1)));
        assertThat(rules.lookAtTags()).isTrue();
    }

    @Test
    void versionsEndByWhenTheyWereReplacedAndByTheirNumber() {
        LifecycleRules rules = new LifecycleRules(List.of(
                noncurrent("late", true, Map.of(), new Noncurrent(9, null)),
                noncurrent("kept", true, Map.of(), new Noncurrent(3, 2)),
                noncurrent("tagged", true, Map.of("k", "v"), new Noncurrent(1, null)),
                noncurrent("off", false, Map.of(), new Noncurrent(1, null))));
        assertThat(rules.endOfNoncurrent("v/x", new Past(1, Map.of(), WRITTEN, 1), RuleDays.WHOLE))
                .isEqualTo(millis("2026-01-25T00:00:00Z"));
        assertThat(rules.endOfNoncurrent("v/x", new Past(1, Map.of(), WRITTEN, 2), RuleDays.WHOLE))
                .isEqualTo(millis("2026-01-19T00:00:00Z"));
        assertThat(rules.endOfNoncurrent("v/x", new Past(1, Map.of("k", "v"), WRITTEN, 0), RuleDays.WHOLE))
                .isEqualTo(millis("2026-01-17T00:00:00Z"));
        assertThat(rules.endOfNoncurrent("v/x", new Past(0, null, WRITTEN, 0), RuleDays.WHOLE))
                .as("a delete marker")
                .isEqualTo(millis("2026-01-25T00:00:00Z"));
        assertThat(rules.endOfNoncurrent("x", new Past(1, Map.of(), WRITTEN, 9), RuleDays.WHOLE))
                .isNull();
        assertThat(end(rules, "v/x")).isNull();
        assertThat(rules.prefixes(false)).isEmpty();
        assertThat(rules.prefixes(true)).containsExactly("v/");
        assertThat(rules.lookAtTags()).isTrue();
    }

    @Test
    void markersEndAtOnceOrWithTheDaysOfObjects() {
        LifecycleRules rules = new LifecycleRules(List.of(
                new LifecycleRule(
                        "once", true, filter("a/", Map.of(), null, null), new Expiration(null, null, true), null, null),
                ending("days", filter("b/", Map.of(), null, null), 3),
                ending("tagged", filter("c/", Map.of("k", "v"), null, null), 3),
                ending("large", filter("d/", Map.of(), 5L, null), 3)));
        assertThat(rules.endOfMarker("a/x", WRITTEN, RuleDays.WHOLE)).isEqualTo(WRITTEN);
        assertThat(rules.endOfMarker("b/x", WRITTEN, RuleDays.WHOLE)).isEqualTo(millis("2026-01-19T00:00:00Z"));
        assertThat(rules.endOfMarker("c/x", WRITTEN, RuleDays.WHOLE)).isNull();
        assertThat(rules.endOfMarker("d/x", WRITTEN, RuleDays.WHOLE)).isNull();
        assertThat(rules.prefixes(true)).containsExactly("a/", "b/", "c/", "d/");
    }

    @Test
    void uploadsEndByTheirName() {
        LifecycleRules rules = new LifecycleRules(List.of(
                new LifecycleRule("a", true, filter("u/", Map.of(), null, null), null, null, 2),
                new LifecycleRule("b", true, filter("", Map.of(), null, null), null, null, 5)));
        assertThat(rules.endOfUpload("u/x", WRITTEN, RuleDays.WHOLE)).isEqualTo(millis("2026-01-18T00:00:00Z"));
        assertThat(rules.endOfUpload("x", WRITTEN, RuleDays.WHOLE)).isEqualTo(millis("2026-01-21T00:00:00Z"));
        assertThat(end(rules, "x")).isNull();
        assertThat(rules.prefixes(false)).isEmpty();
    }

    private static LifecycleRule ending(String id, RuleFilter filter, int days) {
        return new LifecycleRule(id, true, filter, new Expiration(days, null, false), null, null);
    }

    private static LifecycleRule noncurrent(String id, boolean enabled, Map<String, String> tags, Noncurrent ends) {
        return new LifecycleRule(id, enabled, filter("v/", tags, null, null), null, ends, null);
    }

    private static RuleFilter filter(
            String prefix, Map<String, String> tags, @Nullable Long largerThan, @Nullable Long smallerThan) {
        return new RuleFilter(false, prefix, tags, largerThan, smallerThan);
    }

    private static @Nullable String end(LifecycleRules rules, String name) {
        LifecycleRules.End end = rules.endOf(name, 1, Map.of(), WRITTEN, RuleDays.WHOLE);
        return end == null ? null : end.ruleId() + " " + Instant.ofEpochMilli(end.millis());
    }

    private static long millis(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }
}
