package io.forebay.protocol.api.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Query;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigCatalogueTest {
    private static final Map<String, String> SETTINGS = Map.of(
            "log.level", "info",
            "log.max-size", "16MiB",
            "server.auth", "off",
            "storage.store.volume.reserve", "2%",
            "storage.store.max-read-errors", "100",
            "raft.start-patience", "1m",
            "http.tls.key", "/key.pem");
    private static final ConfigValues VALUES =
            new ConfigValues(key -> SETTINGS.getOrDefault(key, ""), Map.of("mirror.copies", "3"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    log.level                 | 3
                    log.max_size              | 16MiB
                    log.flush_time            | 0s
                    auth.client_auth_required | false
                    space.out_of_space        | 98
                    fshc.io_err_limit         | 100
                    timeout.startup_time      | 1m
                    net.http.server_key       | /key.pem
                    mirror.copies             | 3
                    rebalance.enabled         | true
                    disk.disk_util_low_wm     | 20
                    """)
    void settingsAreShownInAistoresForm(String name, String value) {
        assertThat(ClusterConfig.leaf(config(), name)).asString().isEqualTo(value);
    }

    @Test
    void valuesKeepTheirTypesInJson() {
        assertThat(new String(WireJson.write(config()), StandardCharsets.UTF_8))
                .contains("\"level\":\"3\"")
                .contains("\"out_of_space\":98")
                .contains("\"client_auth_required\":false")
                .contains("\"copies\":3");
    }

    @Test
    void changesComeToSettingsOfOurs() {
        ConfigChanges changes = read("log.level=4&log.max_size=32MiB&rebalance.enabled=false&mirror.enabled=true"
                + "&checksum.type=md5&transient=true");
        assertThat(changes.running()).isEqualTo(Map.of("log.level", "debug", "log.max-size", "32MiB"));
        assertThat(changes.clusterWide()).isEqualTo(Map.of("storage.rebalance.enabled", "false"));
        assertThat(changes.bucketDefaults()).isEqualTo(Map.of("mirror.enabled", "true", "checksum.type", "md5"));
    }

    @Test
    void messagesSayTheSameAsQueries() {
        Map<String, Object> log = new java.util.HashMap<>(Map.of("level", "2"));
        log.put("max_size", null);
        Map<String, Object> leaves = ConfigCatalogue.leaves(Map.of("log", log, "mirror", Map.of("copies", 2)));
        ConfigChanges changes = ConfigCatalogue.read(leaves, config(), VALUES);
        assertThat(changes.running()).isEqualTo(Map.of("log.level", "warn"));
        assertThat(changes.bucketDefaults()).isEqualTo(Map.of("mirror.copies", "2"));
    }

    @Test
    void anEmptyValueTakesBackWhatWasSet() {
        ConfigChanges changes = read("log.level=&rebalance.enabled=&mirror.copies=");
        assertThat(changes.running()).isEqualTo(Map.of("log.level", ""));
        assertThat(changes.clusterWide()).isEqualTo(Map.of("storage.rebalance.enabled", ""));
        assertThat(changes.bucketDefaults()).isEqualTo(Map.of("mirror.copies", ""));
    }

    @Test
    void whatCannotBeChangedMayBeSetToWhatItIs() {
        ConfigChanges changes = read("disk.disk_util_low_wm=20&timeout.startup_time=1m&log.flush_time=0s");
        assertThat(changes).isEqualTo(new ConfigChanges(Map.of(), Map.of(), Map.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    disk.disk_util_low_wm=21   | UNSUPPORTED      | nothing of Forebay's stands for it, so it stays 20
                    timeout.startup_time=2m    | UNSUPPORTED      | set raft.start-patience, now 1m, in its settings file
                    log.flush_time=5s          | UNSUPPORTED      | every line of the log is written at once
                    features=64                | UNSUPPORTED      | features are of single buckets
                    ec.enabled=true            | UNSUPPORTED      | erasure coding is not offered
                    log.level=11               | INVALID_ARGUMENT | modules of a log are not offered
                    log.level=5                | INVALID_ARGUMENT | expecting 1 (errors), 2 (warnings), 3 (notes) or 4
                    log.level=x                | INVALID_ARGUMENT | expecting a number
                    log.max_size=big           | INVALID_ARGUMENT | invalid size "big"
                    rebalance.enabled=maybe    | INVALID_ARGUMENT | expecting true or false
                    mirror.copies=1            | INVALID_ARGUMENT | expecting 2 to 8
                    dance.x=1                  | INVALID_ARGUMENT | unknown setting "dance.x"
                    space=1                    | INVALID_ARGUMENT | unknown setting "space"
                    transient=true             | INVALID_ARGUMENT | no setting is named
                    """)
    void whatCannotBeIsRefusedWithItsName(String query, ErrorCode code, String text) {
        assertThatThrownBy(() -> read(query)).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.text()).contains(text);
        });
    }

    @Test
    void everyLeafEitherChangesSomethingOrIsRefused() {
        Map<String, Object> config = config();
        List<String> accepted = ConfigCatalogue.leaves(config).keySet().stream()
                .filter(name -> isAccepted(name, config))
                .toList();
        assertThat(accepted)
                .allMatch(name -> Arrays.asList(
                                "log",
                                "rebalance",
                                "checksum",
                                "write_policy",
                                "versioning",
                                "mirror",
                                "ec",
                                "lru",
                                "chunks",
                                "rate_limit")
                        .contains(name.substring(0, name.indexOf('.'))));
    }

    /// Whether another value of the same kind is taken; then it changes something.
    private static boolean isAccepted(String name, Map<String, Object> config) {
        Object now = ClusterConfig.leaf(config, name);
        for (Object other : List.of("true", "false", "9", "9m", "9MiB", "md5", "never", "always")) {
            if (now == null || now.toString().equals(other)) {
                continue;
            }
            try {
                ConfigChanges changes = ConfigCatalogue.read(Map.of(name, other), config, VALUES);
                assertThat(changes).as(name).isNotEqualTo(new ConfigChanges(Map.of(), Map.of(), Map.of()));
                return true;
            } catch (StoreException refused) {
                assertThat(refused.text()).contains(name);
            }
        }
        return false;
    }

    private static ConfigChanges read(String query) {
        return ConfigCatalogue.read(ConfigCatalogue.leaves(Query.parse(query)), config(), VALUES);
    }

    private static Map<String, Object> config() {
        return ClusterConfig.json("cid", "http://h:1", "now", "7", VALUES);
    }
}
