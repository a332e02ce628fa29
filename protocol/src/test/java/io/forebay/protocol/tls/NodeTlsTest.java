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
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeTlsTest {
    private static final TestAuthority AUTHORITY = new TestAuthority("cluster");
    private static final TestAuthority FOREIGN = new TestAuthority("foreign");

    private final Metrics metrics = new Metrics();

    @TempDir
    private Path folder;

    @Test
    void isOnWithAllThreeFilesOnly() {
        assertThat(Settings.defaults(TlsConfig.class).isOn()).isFalse();
        assertThat(AUTHORITY.issue("a", folder).config().isOn()).isTrue();
        assertThatThrownBy(() -> Settings.of(TlsConfig.class).bind(Map.of("key", "k.pem")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("all three or none")
                .hasMessageContaining("certificate and ca not given");
        assertThatThrownBy(() -> Settings.of(TlsConfig.class).bind(Map.of("reload-every", "0s")))
                .hasMessageContaining("reload-every must be above 0");
    }

    @Test
    void refusesFilesThatAreNotThereOrNoPem() throws IOException {
        NodeFiles files = AUTHORITY.issue("a", folder);
        Files.delete(files.ca());
        assertRefused(files, "setting cluster.tls.ca: " + files.ca() + " is not there");
        Files.writeString(files.ca(), "no certificate");
        assertRefused(files, "setting cluster.tls.ca: " + files.ca() + " is not a list of X.509 certificates in PEM");
        Files.writeString(files.ca(), "");
        assertRefused(files, "setting cluster.tls.ca: " + files.ca() + " is not a list of X.509 certificates in PEM");
        Files.writeString(files.certificate(), Files.readString(files.key()));
        assertRefused(files, "setting cluster.tls.certificate: " + files.certificate() + " is not a list");
    }

    @Test
    void refusesKeysOfOtherForms() throws IOException {
        NodeFiles files = AUTHORITY.issue("a", folder);
        String pem = Files.readString(files.key());
        Files.writeString(files.key(), pem.replace("PRIVATE KEY", "EC PRIVATE KEY"));
        assertRefused(files, "setting cluster.tls.key: " + files.key() + " is not an unencrypted private key in PEM");
        Files.writeString(files.key(), pem.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"));
        assertRefused(files, "openssl pkcs8 -topk8 -nocrypt");
        Files.writeString(files.key(), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertRefused(files, "none of the kinds [EC, RSA, EdDSA]");
    }

    @Test
    void refusesAKeyOfAnotherCertificate() throws IOException {
        NodeFiles files = AUTHORITY.issue("a", folder);
        Files.copy(AUTHORITY.issue("b", folder).key(), folder.resolve("other"));
        assertRefused(
                new NodeFiles(files.certificate(), folder.resolve("other"), files.ca()),
                "is not the key of the first certificate of cluster.tls.certificate");
    }

    @Test
    void refusesCertificatesOutOfTheirTime() {
        Instant past = Instant.now().minus(Duration.ofHours(1));
        assertRefused(AUTHORITY.issue("old", folder, past, "127.0.0.1"), "CN=old that expired at ");
        Instant far = Instant.now().plus(Duration.ofDays(5));
        assertRefused(AUTHORITY.issue("new", folder, far, "127.0.0.1"), "CN=new that is valid only from ");
    }

    @Test
    void refusesACertificateOfAnotherAuthority() {
        NodeFiles files = FOREIGN.issue("a", folder);
        NodeFiles own = AUTHORITY.issue("b", folder);
        assertRefused(
                new NodeFiles(files.certificate(), files.key(), own.ca()),
                "it must lead to an authority of cluster.tls.ca");
    }

    @Test
    void takesChangedFilesAndKeepsTheOldOnesInsteadOfBadOnes() throws IOException {
        NodeFiles files = AUTHORITY.issue("a", folder);
        NodeTls tls = tls(files);
        BigInteger first = serial(tls.current());
        List<Credentials> told = new ArrayList<>();
        tls.whenChanged(told::add);
        assertThat(tls.reload()).isFalse();

        NodeFiles next = AUTHORITY.issue("a2", folder);
        Files.copy(next.certificate(), files.certificate(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(tls.reload()).as("the key is still the old one").isFalse();
        assertThat(tls.reload()).isFalse();
        assertThat(serial(tls.current())).isEqualTo(first);
        assertThat(metrics.text()).contains("forebay_tls_reloads_total{outcome=\"refused\"} 1\n");

        Files.copy(next.key(), files.key(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(tls.reload()).isTrue();
        assertThat(serial(tls.current())).isNotEqualTo(first);
        assertThat(told).containsExactly(tls.current());

        Files.delete(files.key());
        assertThat(tls.reload()).isFalse();
        assertThat(tls.reload()).isFalse();
        assertThat(metrics.text())
                .contains("forebay_tls_reloads_total{outcome=\"refused\"} 2\n")
                .contains("forebay_tls_reloads_total{outcome=\"taken\"} 1\n");
    }

    @Test
    void tellsHowLongTheCertificateIsGood() {
        Instant now = Instant.now();
        NodeTls tls = new NodeTls(
                AUTHORITY.issue("a", folder, now.plusSeconds(3600), "127.0.0.1").config(),
                InstantSource.fixed(now),
                Timers.SYSTEM,
                metrics);
        assertThat(tls.current().expires().getEpochSecond()).isEqualTo(now.getEpochSecond() + 3600);
        assertThat(metrics.text()).contains("forebay_tls_certificate_seconds 3600.0\n");
    }

    private void assertRefused(NodeFiles files, String words) {
        assertThatThrownBy(() -> tls(files))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining(words);
    }

    private NodeTls tls(NodeFiles files) {
        return new NodeTls(files.config(), InstantSource.system(), Timers.SYSTEM, metrics);
    }

    private static BigInteger serial(Credentials credentials) {
        return credentials.chain().getFirst().getSerialNumber();
    }
}
