package io.forebay.protocol.api.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.WireJson;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NodeRemovalTest {
    @Test
    void nodesAreNamedOneByOneOrTogether() {
        assertThat(read("{\"sid\":\"t1\",\"skip_rebalance\":true}").nodes()).containsExactly(new NodeId("t1"));
        NodeRemoval many = read("{\"sid\":\"\",\"sids\":[\"t2\",\"t1\"],\"rm_user_data\":true,\"no_shutdown\":true}");
        assertThat(many.nodes()).containsExactly(new NodeId("t2"), new NodeId("t1"));
        assertThat(many.removeData()).isTrue();
        assertThat(many.noShutdown()).isTrue();
        assertThat(many.skipRebalance()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                            | missing node IDs
                    {"sid":"t1","sids":["t2"]}    | cannot specify both sid "t1" and sids [t2]
                    {"sids":["t1","t2","t1"]}     | duplicated node ID "t1" in [t1, t2, t1]
                    {"sid":"!"}                   | node id "!" is invalid
                    """)
    void senselessNamesAreTold(String json, String text) {
        assertThatThrownBy(() -> read(json).nodes()).hasMessageContaining(text);
    }

    private static NodeRemoval read(String json) {
        return WireJson.read(json.getBytes(StandardCharsets.UTF_8), NodeRemoval.class);
    }
}
