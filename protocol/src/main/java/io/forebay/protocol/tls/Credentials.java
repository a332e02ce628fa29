package io.forebay.protocol.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManager;
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
        Instant expires = CertificateRules.checkValid("cluster.tls.certificate", config.certificateFile(), chain, now);
        CertificateRules.checkValid("cluster.tls.ca", config.caFile(), authorities, now);
        CertificateRules.checkPair(
                "cluster.tls.key", config.keyFile(), "cluster.tls.certificate", chain.getFirst(), key);
        try {
            X509ExtendedTrustManager trust = trust(authorities, config.verifyHost());
            checkTrusted(trust, chain, config.certificateFile());
            X509ExtendedKeyManager keys = CertificateRules.keyManager(chain, key);
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
        return CertificateRules.words(chain.getFirst(), expires);
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

    private static X509ExtendedTrustManager trust(List<X509Certificate> authorities, boolean verifyHost)
            throws GeneralSecurityException, java.io.IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int index = 0; index < authorities.size(); index++) {
            store.setCertificateEntry("ca-" + index, authorities.get(index));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        X509ExtendedTrustManager strict =
                CertificateRules.only(X509ExtendedTrustManager.class, factory.getTrustManagers());
        return verifyHost ? strict : new AnyHost(strict);
    }
}
