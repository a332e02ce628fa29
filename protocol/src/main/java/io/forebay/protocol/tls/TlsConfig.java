package io.forebay.protocol.tls;

import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Settings of TLS between the nodes of a cluster: on when its three files are named.
public record TlsConfig(
        @Setting(
                "This node's certificate for calls between nodes, and the intermediate ones up to the authority: a file"
                        + " in PEM. With it, `key` and `ca` the nodes speak TLS to each other, and both sides of every connection"
                        + " show a certificate; without the three they speak plain HTTP. The same on all nodes.")
        @Nullable
        Path certificate,

        @Setting("The certificate's private key: a file in PEM, PKCS#8, not encrypted.") @Nullable
        Path key,

        @Setting("The authorities whose certificates are trusted between nodes: a file in PEM.") @Nullable
        Path ca,

        @Setting(
                "Whether a node's certificate must name the host by which it is called, as a subject alternative name.")
        @Default("true")
        boolean verifyHost,

        @Setting("How often the files are looked at; changed ones count for new connections.") @Default("10s")
        Duration reloadEvery) {
    public TlsConfig {
        Check.argument(
                (certificate == null) == (key == null) && (key == null) == (ca == null),
                "certificate, key and ca go together, all three or none, and %s",
                missing(certificate, key, ca));
        Check.argument(reloadEvery.isPositive(), "reload-every must be above 0");
    }

    public boolean isOn() {
        return certificate != null;
    }

    Path certificateFile() {
        return Objects.requireNonNull(certificate, "certificate");
    }

    Path keyFile() {
        return Objects.requireNonNull(key, "key");
    }

    Path caFile() {
        return Objects.requireNonNull(ca, "ca");
    }

    private static String missing(@Nullable Path certificate, @Nullable Path key, @Nullable Path ca) {
        StringBuilder out = new StringBuilder();
        String separator = "";
        for (Object[] each : new Object[][] {{"certificate", certificate}, {"key", key}, {"ca", ca}}) {
            if (each[1] == null) {
                out.append(separator).append(each[0]);
                separator = " and ";
            }
        }
        return out.append(separator.isEmpty() ? "" : " not given").toString();
    }
}
