package io.forebay.cluster.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.ClusterSettings;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.InMemoryCommandLog;
import io.forebay.common.error.Check;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RunningSettingsTest {
    private static final NodeId SELF = new NodeId("node1");
    private static final NodeId OTHER = new NodeId("node2");

    private final CurrentState state = new CurrentState();
    private final InMemoryCommandLog commands = new InMemoryCommandLog(state);
    private final Map<String, String> inForce = new HashMap<>();
    private final RunningSettings settings =
            new RunningSettings(Map.of("a", "1", "b", "2", "fixed", "3"), Set.of("a", "b"), this::prepare);

    @Test
    void aSettingOfTheProcessGoesBeforeThatOfTheNodeAndThisBeforeThatOfAll() {
        assertThat(settings.value("a")).isEqualTo("1");
        set(Map.of(ClusterSettings.ofAll("a"), "all", ClusterSettings.ofAll("b"), "all b"));
        assertThat(inForce).containsEntry("a", "all").containsEntry("b", "all b");
        set(Map.of(ClusterSettings.ofNode(SELF, "a"), "mine", ClusterSettings.ofNode(OTHER, "b"), "another's"));
        assertThat(inForce).containsEntry("a", "mine").containsEntry("b", "all b");
        settings.changeForNow(Map.of("a", "now"));
        assertThat(settings.value("a")).isEqualTo("now");
        set(Map.of(ClusterSettings.ofNode(SELF, "a"), "mine again"));
        assertThat(inForce).containsEntry("a", "now");
        settings.forget();
        assertThat(inForce).containsEntry("a", "mine again");
        set(Map.of(ClusterSettings.ofNode(SELF, "a"), "", ClusterSettings.ofAll("a"), ""));
        assertThat(inForce).containsEntry("a", "1").doesNotContainKey("fixed");
    }

    @Test
    void anEmptyValueTakesAChangeBack() {
        settings.changeForNow(Map.of("a", "now", "b", "now"));
        settings.changeForNow(Map.of("a", ""));
        assertThat(inForce).containsEntry("a", "1").containsEntry("b", "now");
    }

    @Test
    void aValueAgainstTheRulesChangesNothing() {
        assertThatThrownBy(() -> settings.check(Map.of("a", "wrong"))).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> settings.changeForNow(Map.of("b", "x", "a", "wrong")))
                .isInstanceOf(StoreException.class);
        assertThat(settings.value("b")).isEqualTo("2");
        set(Map.of(ClusterSettings.ofAll("a"), "wrong"));
        assertThat(settings.value("a")).isEqualTo("1");
        settings.check(Map.of("a", "right"));
        assertThat(settings.value("a")).isEqualTo("1");
    }

    @Test
    void anOlderStateIsNotFollowed() {
        set(Map.of(ClusterSettings.ofAll("a"), "old"));
        var old = state.current();
        set(Map.of(ClusterSettings.ofAll("a"), "new"));
        settings.follow(old, SELF);
        assertThat(settings.value("a")).isEqualTo("new");
    }

    @Test
    void settingsOfTheClusterAreShownAsTheStateHasThem() {
        set(Map.of(ClusterSettings.ofAll("fixed"), "4", ClusterSettings.ofAll("absent"), "5"));
        assertThat(settings.value("fixed", state.current())).isEqualTo("4");
        assertThat(settings.value("absent", state.current())).isEqualTo("5");
        assertThat(settings.value("a", state.current())).isEqualTo("1");
        assertThat(settings.startedValue("fixed")).isEqualTo("3");
        assertThat(settings.value("nothing", state.current())).isEmpty();
    }

    private void set(Map<String, String> changes) {
        commands.submit(new Command.ChangeSettings(changes));
        settings.follow(state.current(), SELF);
    }

    private Runnable prepare(Map<String, String> values) {
        Check.argument(!values.containsValue("wrong"), "a value is wrong");
        return () -> {
            inForce.clear();
            inForce.putAll(values);
        };
    }
}
