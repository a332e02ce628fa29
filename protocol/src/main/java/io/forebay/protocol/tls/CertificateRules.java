package io.forebay.protocol.tls;

import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/// What certificates and keys must be to be used, and how the JDK is given them.
final class CertificateRules {
    private static final byte[] PROBE = new byte[32];

    private CertificateRules() {}

    /// Throws INVALID_ARGUMENT when one is not valid at that time. Returns when the first of them expires.
    static Instant checkValid(String setting, Path file, List<X509Certificate> certificates, Instant now) {
        Instant expires = Instant.MAX;
        for (X509Certificate each : certificates) {
            String subject = "has a certificate of " + each.getSubjectX500Principal() + " that ";
            Instant end = each.getNotAfter().toInstant();
            Instant begin = each.getNotBefore().toInstant();
            if (now.isAfter(end)) {
                throw Pem.refused(setting, file, subject + "expired at " + end);
            }
            if (now.isBefore(begin)) {
                throw Pem.refused(setting, file, subject + "is valid only from " + begin);
            }
            expires = expires.isBefore(end) ? expires : end;
        }
        return expires;
    }

    /// Throws INVALID_ARGUMENT when the key is not that of the certificate, which another setting names.
    static void checkPair(String setting, Path file, String other, X509Certificate certificate, PrivateKey key) {
        StoreException mismatch = Pem.refused(setting, file, "is not the key of the first certificate of " + other);
        String algorithm = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(PROBE);
            byte[] signature = signer.sign();
            signer.initVerify(certificate.getPublicKey());
            signer.update(PROBE);
            if (!signer.verify(signature)) {
                throw mismatch;
            }
        } catch (GeneralSecurityException e) {
            throw mismatch;
        }
    }

    static X509ExtendedKeyManager keyManager(List<X509Certificate> chain, PrivateKey key)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", key, new char[0], chain.toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return only(X509ExtendedKeyManager.class, factory.getKeyManagers());
    }

    static <T> T only(Class<T> type, Object[] managers) {
        return Arrays.stream(managers)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the JDK has no " + type.getSimpleName()));
    }

    /// Who it is, for logs: `CN=node, until 2027-01-01T00:00:00Z, serial 1f`.
    static String words(X509Certificate own, Instant expires) {
        return own.getSubjectX500Principal() + ", until " + expires + ", serial "
                + own.getSerialNumber().toString(16);
    }
}
