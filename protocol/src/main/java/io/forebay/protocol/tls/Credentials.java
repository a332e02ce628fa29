package io.forebay.protocol.tls;

import io.forebay.common.error.StoreException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// A certificate with its key and the authorities that are trusted, all of which fit together: what one reading of the
/// files gives. Immutable.
///
/// @param context with sessions of its own, so that none outlives the authorities under which it was made
/// @param chain this node's certificate first
/// @param expires when the first certificate of the chain does
public record Credentials(
        SSLContext context,
        X509ExtendedKeyManager keys,
        X509ExtendedTrustManager trust,
        List<X509Certificate> chain,
        Instant expires) {
    private static final int SESSION_SECONDS = 300;
    private static final byte[] PROBE = new byte[32];

    public Credentials {
        chain = List.copyOf(chain);
    }

    /// What the files give now. Throws INVALID_ARGUMENT, naming the setting, the file and the rule, when they are not
    /// good.
    ///
    /// @param config with TLS on
    public static Credentials read(TlsConfig config, Instant now) {
        return of(PemFiles.read(config), config, now);
    }

    /// Throws INVALID_ARGUMENT when a certificate is not valid at that time, is not of the authorities or may not be
    /// shown by both sides of a connection, or when the key is another's.
    static Credentials of(PemFiles files, TlsConfig config, Instant now) {
        List<X509Certificate> chain = files.chain();
        PrivateKey key = files.privateKey();
        List<X509Certificate> authorities = files.authorities();
        Instant expires = Instant.MAX;
        for (X509Certificate each : chain) {
            checkValid("certificate", config.certificateFile(), each, now);
            expires = earlier(expires, each.getNotAfter().toInstant());
        }
        for (X509Certificate each : authorities) {
            checkValid("ca", config.caFile(), each, now);
        }
        checkPair(config.keyFile(), chain.getFirst().getPublicKey(), key);
        try {
            X509ExtendedTrustManager trust = trust(authorities, config.verifyHost());
            checkTrusted(trust, chain, config.certificateFile());
            X509ExtendedKeyManager keys = keys(chain, key);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, new SecureRandom());
            context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
            context.getClientSessionContext().setSessionTimeout(SESSION_SECONDS);
            return new Credentials(context, keys, trust, chain, expires);
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw PemFiles.refused("certificate", config.certificateFile(), "cannot be used: " + e.getMessage());
        }
    }

    /// Who it is, for logs: `CN=node, until 2027-01-01T00:00:00Z, serial 1f`.
    String words() {
        X509Certificate own = chain.getFirst();
        return own.getSubjectX500Principal() + ", until " + expires + ", serial "
                + own.getSerialNumber().toString(16);
    }

    private static Instant earlier(Instant left, Instant right) {
        return left.isBefore(right) ? left : right;
    }

    private static void checkValid(String name, Path file, X509Certificate certificate, Instant now) {
        String subject = "has a certificate of " + certificate.getSubjectX500Principal() + " that ";
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            throw PemFiles.refused(
                    name,
                    file,
                    subject + "expired at " + certificate.getNotAfter().toInstant());
        }
        if (now.isBefore(certificate.getNotBefore().toInstant())) {
            throw PemFiles.refused(
                    name,
                    file,
                    subject + "is valid only from " + certificate.getNotBefore().toInstant());
        }
    }

    private static void checkPair(Path keyFile, PublicKey certified, PrivateKey key) {
        StoreException mismatch =
                PemFiles.refused("key", keyFile, "is not the key of the first certificate of cluster.tls.certificate");
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
            signer.initVerify(certified);
            signer.update(PROBE);
            if (!signer.verify(signature)) {
                throw mismatch;
            }
        } catch (GeneralSecurityException e) {
            throw mismatch;
        }
    }

    private static void checkTrusted(X509ExtendedTrustManager trust, List<X509Certificate> chain, Path file) {
        X509Certificate[] path = chain.toArray(X509Certificate[]::new);
        String algorithm = path[0].getPublicKey().getAlgorithm();
        try {
            trust.checkClientTrusted(path, algorithm);
            // The name of a key exchange under which any key may sign.
            trust.checkServerTrusted(path, "UNKNOWN");
        } catch (CertificateException e) {
            throw PemFiles.refused(
                    "certificate",
                    file,
                    "would be refused by other nodes: it must lead to an authority of cluster.tls.ca, and be good for"
                            + " servers and clients (" + e.getMessage() + ")");
        }
    }

    private static X509ExtendedKeyManager keys(List<X509Certificate> chain, PrivateKey key)
            throws GeneralSecurityException, java.io.IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("node", key, new char[0], chain.toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return only(X509ExtendedKeyManager.class, factory.getKeyManagers());
    }

    private static X509ExtendedTrustManager trust(List<X509Certificate> authorities, boolean verifyHost)
            throws GeneralSecurityException, java.io.IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int index = 0; index < authorities.size(); index++) {
            store.setCertificateEntry("ca-" + index, authorities.get(index));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        X509ExtendedTrustManager strict = only(X509ExtendedTrustManager.class, factory.getTrustManagers());
        return verifyHost ? strict : new AnyHost(strict);
    }

    private static <T> T only(Class<T> type, Object[] managers) {
        return Arrays.stream(managers)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the JDK has no " + type.getSimpleName()));
    }
}
