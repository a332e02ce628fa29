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
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Files in PEM as bytes, and what is in them.
///
/// Every failure is INVALID_ARGUMENT, and names the setting, the file and the rule.
final class Pem {
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final String CERTIFICATE_RULE = "is not a list of X.509 certificates in PEM (BEGIN CERTIFICATE)";
    private static final String KEY_RULE = "is not an unencrypted private key in PEM, PKCS#8 (BEGIN PRIVATE KEY), which"
            + " \"openssl pkcs8 -topk8 -nocrypt\" makes of other forms";

    private Pem() {}

    static byte[] read(String setting, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw refused(setting, file, "is not there");
        } catch (IOException e) {
            throw refused(setting, file, "cannot be read: " + e.getMessage());
        }
    }

    static List<X509Certificate> certificates(String setting, Path file, byte[] bytes) {
        try {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (found.isEmpty()) {
                throw refused(setting, file, CERTIFICATE_RULE);
            }
            return found;
        } catch (CertificateException e) {
            throw refused(setting, file, CERTIFICATE_RULE);
        }
    }

    static PrivateKey privateKey(String setting, Path file, byte[] bytes) {
        Matcher matcher = KEY.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        if (!matcher.find()) {
            throw refused(setting, file, KEY_RULE);
        }
        byte[] encoded;
        try {
            encoded = Base64.getMimeDecoder().decode(matcher.group(1));
        } catch (IllegalArgumentException e) {
            throw refused(setting, file, KEY_RULE);
        }
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (GeneralSecurityException e) {
                // The key may be of the next one.
            }
        }
        throw refused(setting, file, "has a key of none of the kinds " + ALGORITHMS);
    }

    /// What is wrong with a file that a setting names.
    static StoreException refused(String setting, Path file, String why) {
        return new StoreException(ErrorCode.INVALID_ARGUMENT, "setting " + setting + ": " + file + " " + why);
    }
}
