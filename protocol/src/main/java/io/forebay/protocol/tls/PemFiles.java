package io.forebay.protocol.tls;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The three files as bytes, read at one moment, and what is in them. Equal when the bytes are.
///
/// Every failure is INVALID_ARGUMENT, and names the setting, the file and the rule.
final class PemFiles {
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final String CERTIFICATE_RULE = "is not a list of X.509 certificates in PEM (BEGIN CERTIFICATE)";
    private static final String KEY_RULE = "is not an unencrypted private key in PEM, PKCS#8 (BEGIN PRIVATE KEY), which"
            + " \"openssl pkcs8 -topk8 -nocrypt\" makes of other forms";

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
                read("certificate", config.certificateFile()),
                read("key", config.keyFile()),
                read("ca", config.caFile()));
    }

    boolean sameAs(PemFiles other) {
        return Arrays.equals(certificate, other.certificate)
                && Arrays.equals(key, other.key)
                && Arrays.equals(ca, other.ca);
    }

    /// This node's certificate first, then those between it and the authority.
    List<X509Certificate> chain() {
        return certificates("certificate", config.certificateFile(), certificate);
    }

    List<X509Certificate> authorities() {
        return certificates("ca", config.caFile(), ca);
    }

    PrivateKey privateKey() {
        Matcher matcher = KEY.matcher(new String(key, StandardCharsets.ISO_8859_1));
        if (!matcher.find()) {
            throw refused("key", config.keyFile(), KEY_RULE);
        }
        byte[] bytes;
        try {
            bytes = Base64.getMimeDecoder().decode(matcher.group(1));
        } catch (IllegalArgumentException e) {
            throw refused("key", config.keyFile(), KEY_RULE);
        }
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
            } catch (GeneralSecurityException e) {
                // The key may be of the next one.
            }
        }
        throw refused("key", config.keyFile(), "has a key of none of the kinds " + ALGORITHMS);
    }

    /// What is wrong with one of the files.
    ///
    /// @param name of the setting within its group
    static StoreException refused(String name, Path file, String why) {
        return new StoreException(ErrorCode.INVALID_ARGUMENT, "setting cluster.tls." + name + ": " + file + " " + why);
    }

    private static byte[] read(String name, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw refused(name, file, "is not there");
        } catch (IOException e) {
            throw refused(name, file, "cannot be read: " + e.getMessage());
        }
    }

    private static List<X509Certificate> certificates(String name, Path file, byte[] bytes) {
        try {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (found.isEmpty()) {
                throw refused(name, file, CERTIFICATE_RULE);
            }
            return found;
        } catch (CertificateException e) {
            throw refused(name, file, CERTIFICATE_RULE);
        }
    }
}
