package io.forebay.protocol.tls;

import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Settings of HTTPS for clients at data ports: on when a certificate is named.
public record HttpsConfig(
        @Setting(
                "The certificate that clients are shown, and the intermediate ones up to its authority: a file in PEM. With"
                        + " it and `key` data ports speak HTTPS beside HTTP, at the same number.")
        @Nullable
        Path certificate,

        @Setting("The certificate's private key: a file in PEM, PKCS#8, not encrypted.") @Nullable
        Path key,

        @Setting(
                "A folder of further certificates, `NAME.pem` with the key in `NAME.key`: a client that asks for a host"
                        + " (SNI) which one of them names, `*.` included, is shown that one.")
        @Nullable
        Path folder,

        @Setting("Whether clients that speak plain HTTP are refused.") @Default("false")
        boolean required,

        @Setting("How often the files are looked at; changed ones count for new connections.") @Default("10s")
        Duration reloadEvery) {
    public HttpsConfig {
        Check.argument((certificate == null) == (key == null), "certificate and key go together, and one is not given");
        Check.argument(certificate != null || folder == null, "folder is given without certificate and key");
        Check.argument(certificate != null || !required, "required is true without certificate and key");
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
}
