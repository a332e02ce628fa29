package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.config.Settings;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a data folder keeps of its cluster: role, id, gateways and secret.
final class ClusterMemoryTest {
    private static final String TOKEN = "0123456789abcdef".repeat(4);

    @TempDir
    private Path path;

    @Test
    void everythingIsThereAfterARestart() {
        try (DataFolder folder = DataFolder.open(path)) {
            ClusterMemory first = new ClusterMemory(folder, ServerRole.STORAGE_NODE);
            assertThat(first.clusterId()).isEmpty();
            assertThat(first.gateways()).isEmpty();
            first.rememberCluster("cluster1");
            first.rememberGateways(List.of("http://10.0.0.1:8081", "http://[::1]:8081"));
            ClusterMemory second = new ClusterMemory(folder, ServerRole.STORAGE_NODE);
            assertThat(second.clusterId()).isEqualTo("cluster1");
            assertThat(second.gateways()).containsExactly("http://10.0.0.1:8081", "http://[::1]:8081");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ServerRole.class,
            names = {"GATEWAY", "STORAGE_NODE"})
    void folderOfAnotherRoleIsRefusedWithWords(ServerRole role) {
        try (DataFolder folder = DataFolder.open(path)) {
            new ClusterMemory(folder, ServerRole.SERVER);
            assertThatThrownBy(() -> new ClusterMemory(folder, role))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("belongs to a server (forebay server), not to " + role.words());
        }
    }

    @Test
    void folderFromBeforeRolesIsAServers() {
        try (DataFolder folder = DataFolder.open(path)) {
            new Identities(folder).storageNodes(2);
            assertThatThrownBy(() -> new ClusterMemory(folder, ServerRole.GATEWAY))
                    .hasMessageContaining("belongs to a server (forebay server), not to a gateway");
            assertThat(new ClusterMemory(folder, ServerRole.SERVER).clusterId()).isEmpty();
        }
    }

    @Test
    void folderOfAnotherClusterIsRefusedWithWords() {
        try (DataFolder folder = DataFolder.open(path)) {
            ClusterMemory memory = new ClusterMemory(folder, ServerRole.STORAGE_NODE);
            memory.rememberCluster("cluster1");
            assertThatThrownBy(() -> memory.rememberCluster("cluster2"))
                    .hasMessageContaining("belongs to cluster cluster1, and the gateways lead cluster cluster2");
        }
    }

    @Test
    void secretIsMadeOnceWhereAClusterIsFounded() {
        try (DataFolder folder = DataFolder.open(path)) {
            String made = secret(folder, Map.of(), null, true);
            assertThat(made).matches("[0-9a-f]{64}");
            assertThat(secret(folder, Map.of(), null, true)).isEqualTo(made);
            assertThat(secret(folder, Map.of("token", made), null, false)).isEqualTo(made);
            assertThat(ClusterSecret.keptIn(path)).isEqualTo(made);
        }
    }

    @Test
    void missingAndWrongTokensAreRefusedWithWords() {
        try (DataFolder folder = DataFolder.open(path)) {
            assertThatThrownBy(() -> secret(folder, Map.of(), null, false))
                    .hasMessageContaining("joining a cluster needs its token: 'forebay cluster token");
            assertThatThrownBy(() -> secret(folder, Map.of("token", "nonsense"), null, false))
                    .hasMessageContaining("the token is not one");
            assertThatThrownBy(() -> secret(folder, Map.of("token-file", path + "/absent"), null, false))
                    .hasMessageContaining("cannot read token file " + path + "/absent");
            secret(folder, Map.of(), null, true);
            assertThatThrownBy(() -> secret(folder, Map.of("token", TOKEN), null, false))
                    .hasMessageContaining("the token given is not the one of data folder " + path);
        }
        assertThatThrownBy(() -> ClusterSecret.keptIn(path.resolve("elsewhere")))
                .hasMessageContaining("is no data folder of a cluster");
    }

    @Test
    void tokenComesFromOptionFileOrEnvironmentAndIsKeptWhenAccepted() throws IOException {
        Path file = Files.writeString(path.resolve("token"), TOKEN.replace('0', '1') + "\n");
        try (DataFolder folder = DataFolder.open(path.resolve("data"))) {
            assertThat(secret(folder, Map.of("token", TOKEN.toUpperCase(java.util.Locale.ROOT)), "env", false))
                    .isEqualTo(TOKEN);
            assertThat(secret(folder, Map.of("token-file", file.toString()), "env", false))
                    .isEqualTo(TOKEN.replace('0', '1'));
            assertThat(secret(folder, Map.of(), TOKEN.replace('0', '2'), false)).isEqualTo(TOKEN.replace('0', '2'));
            assertThat(ClusterSecret.kept(folder)).isNull();
            ClusterSecret.of(folder, join(Map.of()), TOKEN, false).keep();
            assertThat(secret(folder, Map.of(), null, false)).isEqualTo(TOKEN);
        }
    }

    @Test
    void addressesToJoinAreCheckedAndCompleted() {
        assertThat(join(Map.of("gateways", "10.0.0.1:8081,http://b:1/,https://[::1]:2"))
                        .gateways())
                .containsExactly("http://10.0.0.1:8081", "http://b:1", "https://[::1]:2");
        assertThatThrownBy(() -> join(Map.of("gateways", "http://host"))).hasMessageContaining("is not the address");
        assertThatThrownBy(() -> join(Map.of("gateways", "http://host:1/x")))
                .hasMessageContaining("is not the address");
        assertThatThrownBy(() -> join(Map.of("token", TOKEN, "token-file", "x")))
                .hasMessageContaining("both given");
    }

    private static String secret(
            DataFolder folder, Map<String, String> settings, @Nullable String environment, boolean founds) {
        return ClusterSecret.of(folder, join(settings), environment, founds)
                .secret()
                .value();
    }

    private static JoinConfig join(Map<String, String> settings) {
        return Settings.of(JoinConfig.class).bind(settings);
    }
}
