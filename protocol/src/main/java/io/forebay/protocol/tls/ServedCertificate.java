package io.forebay.protocol.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/// A certificate that clients are shown, with its key. Immutable.
///
/// @param context with sessions of its own
/// @param chain the certificate first
/// @param hosts the names in it, in lower case, `*.` in front of those of which the first label may be any
/// @param expires when the first certificate of the chain does
record ServedCertificate(SSLContext context, List<X509Certificate> chain, Set<String> hosts, Instant expires) {
    private static final int SESSION_SECONDS = 300;
    /// The type of a DNS name among a certificate's alternative names (RFC 5280, 4.2.1.6).
    private static final int DNS_NAME = 2;

    ServedCertificate {
        chain = List.copyOf(chain);
        hosts = Set.copyOf(hosts);
    }

    /// Throws INVALID_ARGUMENT when the certificate is not valid at that time, or the key another's.
    static ServedCertificate of(HttpsFiles.Named certificate, HttpsFiles.Named key, Instant now) {
        List<X509Certificate> chain = Pem.certificates(certificate.setting, certificate.file, certificate.bytes);
        PrivateKey privateKey = Pem.privateKey(key.setting, key.file, key.bytes);
        Instant expires = CertificateRules.checkValid(certificate.setting, certificate.file, chain, now);
        CertificateRules.checkPair(
                key.setting, key.file, String.valueOf(certificate.file), chain.getFirst(), privateKey);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {CertificateRules.keyManager(chain, privateKey)}, null, new SecureRandom());
            context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
            return new ServedCertificate(context, chain, hosts(chain.getFirst()), expires);
        } catch (GeneralSecurityException | IOException e) {
            throw Pem.refused(certificate.setting, certificate.file, "cannot be used: " + e.getMessage());
        }
    }

    private static Set<String> hosts(X509Certificate certificate) throws CertificateParsingException {
        Set<String> hosts = new HashSet<>();
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names != null) {
            for (List<?> name : names) {
                if (name.getFirst() instanceof Integer type && type == DNS_NAME) {
                    hosts.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        }
        return hosts;
    }

    String words() {
        return CertificateRules.words(chain.getFirst(), expires);
    }
}
