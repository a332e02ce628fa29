package io.forebay.protocol.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Timers;
import io.forebay.protocol.tls.TestAuthority.NodeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HttpsConfigTest {
    private static final TestAuthority AUTHORITY = new TestAuthority("public");

    private final Metrics metrics = new Metrics();

    @TempDir
    private Path folder;

    @Test
    void isOnWithACertificate() {
        assertThat(Settings.defaults(HttpsConfig.class).isOn()).isFalse();
        assertThat(config(Map.of("certificate", "c.pem", "key", "c.key")).isOn())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "certificate, c.pem, 'certificate and key go together, and one is not given'",
        "key, c.key, 'certificate and key go together, and one is not given'",
        "folder, certs, folder is given without certificate and key",
        "required, true, required is true without certificate and key",
        "reload-every, 0s, reload-every must be above 0"
    })
    void refusesSettingsThatDoNotFitTogether(String name, String value, String words) {
        assertThatThrownBy(() -> config(Map.of(name, value)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(words);
    }

    @Test
    void namesTheFileAndTheRule() throws IOException {
        NodeFiles files = AUTHORITY.issueFor("a", folder, "a.example");
        NodeFiles other = AUTHORITY.issueFor("b", folder.resolve("more"), "b.example");
        Files.delete(other.key());
        Map<String, String> settings = Map.of(
                "certificate", files.certificate().toString(),
                "key", files.key().toString(),
                "folder", folder.resolve("more").toString());
        assertRefused(settings, "setting http.tls.folder: " + other.key() + " is not there");
        Files.copy(files.key(), other.key());
        assertRefused(
                settings,
                "setting http.tls.folder: " + other.key() + " is not the key of the first certificate of "
                        + other.certificate());
        NodeFiles expired = AUTHORITY.issue("old", folder, Instant.now().minusSeconds(60), "127.0.0.1");
        assertRefused(
                Map.of(
                        "certificate", expired.certificate().toString(),
                        "key", expired.key().toString()),
                "setting http.tls.certificate: " + expired.certificate()
                        + " has a certificate of CN=old that expired at");
        assertRefused(
                Map.of(
                        "certificate", files.certificate().toString(),
                        "key", files.key().toString(),
                        "folder", folder.resolve("none").toString()),
                "setting http.tls.folder: " + folder.resolve("none") + " cannot be listed");
    }

    @Test
    void takesChangedFilesAndKeepsTheOldOnesInsteadOfBadOnes() throws IOException {
        NodeFiles files = AUTHORITY.issueFor("a", folder, "a.example");
        ClientTls tls = tls(Map.of(
                "certificate", files.certificate().toString(),
                "key", files.key().toString()));
        assertThat(tls.reload()).isFalse();
        NodeFiles next = AUTHORITY.issueFor("next", folder, "a.example");
        Files.copy(next.certificate(), files.certificate(), StandardCopyOption.REPLACE_EXISTING);
        assertThat(tls.reload()).as("the key is still the old one").isFalse();
        Files.copy(next.key(), files.key(), StandardCopyOption.REPLACE_EXISTING);
        assertThat(tls.reload()).isTrue();
        assertThat(metrics.text())
                .contains("forebay_https_reloads_total{outcome=\"refused\"} 1\n")
                .contains("forebay_https_reloads_total{outcome=\"taken\"} 1\n")
                .contains("forebay_https_certificate_seconds 86");
    }

    private void assertRefused(Map<String, String> settings, String words) {
        assertThatThrownBy(() -> tls(settings))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining(words);
    }

    private static HttpsConfig config(Map<String, String> settings) {
        return Settings.of(HttpsConfig.class).bind(settings);
    }

    private ClientTls tls(Map<String, String> settings) {
        return new ClientTls(config(settings), InstantSource.system(), Timers.SYSTEM, metrics);
    }
}
