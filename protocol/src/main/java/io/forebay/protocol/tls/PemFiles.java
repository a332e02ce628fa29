package io.forebay.protocol.tls;

import io.forebay.common.error.StoreException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The three files of a node as bytes, read at one moment, and what is in them. Equal when the bytes are.
///
/// Every failure is INVALID_ARGUMENT, and names the setting, the file and the rule.
final class PemFiles {
    private static final String SETTINGS = "cluster.tls.";

    private final TlsConfig config;
    private final byte[] certificate;
    private final byte[] key;
    private final byte[] ca;

    private PemFiles(TlsConfig config, byte[] certificate, byte[] key, byte[] ca) {
        this.config = config;
        this.certificate = certificate;
        this.key = key;
        this.ca = ca;
    }

    /// Only where TLS is on.
    static PemFiles read(TlsConfig config) {
        return new PemFiles(
                config,
                Pem.read(SETTINGS + "certificate", config.certificateFile()),
                Pem.read(SETTINGS + "key", config.keyFile()),
                Pem.read(SETTINGS + "ca", config.caFile()));
    }

    /// This node's certificate first, then those between it and the authority.
    List<X509Certificate> chain() {
        return Pem.certificates(SETTINGS + "certificate", config.certificateFile(), certificate);
    }

    List<X509Certificate> authorities() {
        return Pem.certificates(SETTINGS + "ca", config.caFile(), ca);
    }

    PrivateKey privateKey() {
        return Pem.privateKey(SETTINGS + "key", config.keyFile(), key);
    }

    /// What is wrong with one of the files.
    ///
    /// @param name of the setting within its group
    static StoreException refused(String name, Path file, String why) {
        return Pem.refused(SETTINGS + name, file, why);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PemFiles files
                && Arrays.equals(certificate, files.certificate)
                && Arrays.equals(key, files.key)
                && Arrays.equals(ca, files.ca);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(certificate);
    }
}
