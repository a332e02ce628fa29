package io.forebay.protocol.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// An authority made for one test, and certificates of it as files.
public final class TestAuthority {
    private static final String ALTERNATIVE_NAMES = "2.5.29.17";
    private static final Duration DAY = Duration.ofDays(1);

    private final X509Bundle root;

    public TestAuthority(String name) {
        try {
            root = new CertificateBuilder()
                    .subject("CN=" + name)
                    .ecp256()
                    .notBefore(Instant.now().minus(DAY.multipliedBy(10)))
                    .notAfter(Instant.now().plus(DAY.multipliedBy(10)))
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// The three files of a node, in a folder.
    public record NodeFiles(Path certificate, Path key, Path ca) {
        /// Settings that name them, as `cluster.tls.…`.
        public Map<String, String> settings() {
            Map<String, String> settings = new TreeMap<>();
            settings.put("cluster.tls.certificate", certificate.toString());
            settings.put("cluster.tls.key", key.toString());
            settings.put("cluster.tls.ca", ca.toString());
            return settings;
        }

        /// Settings that name the first two for clients, as `http.tls.…`.
        public Map<String, String> httpsSettings() {
            Map<String, String> settings = new TreeMap<>();
            settings.put("http.tls.certificate", certificate.toString());
            settings.put("http.tls.key", key.toString());
            return settings;
        }

        public TlsConfig config() {
            return config(true);
        }

        public TlsConfig config(boolean verifyHost) {
            return new TlsConfig(certificate, key, ca, verifyHost, Duration.ofMinutes(10));
        }
    }

    /// A certificate for this machine's loopback, good from yesterday to tomorrow, and written to the folder.
    public NodeFiles issue(String name, Path folder) {
        return issue(name, folder, Instant.now().plus(DAY), "127.0.0.1");
    }

    /// A certificate that is good for two days until that time.
    ///
    /// @param host an IP address that it names
    public NodeFiles issue(String name, Path folder, Instant expires, String host) {
        return write(name, folder, certified(name, expires, host));
    }

    /// As the builder makes them, which knows of no `*` (RFC 5280, 4.2.1.6): names of hosts, and the loopback address.
    private static byte[] alternativeNames(String... hosts) {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        for (String host : hosts) {
            names.write(0x82);
            names.write(host.length());
            names.writeBytes(host.getBytes(StandardCharsets.US_ASCII));
        }
        names.writeBytes(new byte[] {(byte) 0x87, 4, 127, 0, 0, 1});
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        list.write(0x30);
        list.write(names.size());
        list.writeBytes(names.toByteArray());
        return list.toByteArray();
    }

    private NodeFiles write(String name, Path folder, X509Bundle made) {
        try {
            Files.createDirectories(folder);
            NodeFiles files = new NodeFiles(
                    folder.resolve(name + ".pem"), folder.resolve(name + ".key"), folder.resolve(name + ".ca"));
            Files.writeString(files.certificate(), made.getCertificatePEM());
            Files.writeString(files.key(), made.getPrivateKeyPEM());
            Files.writeString(files.ca(), certificate());
            return files;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A certificate for clients that names those hosts and this machine's loopback, written to the folder.
    public NodeFiles issueFor(String name, Path folder, String... hosts) {
        return write(name, folder, certified(name, Instant.now().plus(DAY), "127.0.0.1", hosts));
    }

    private X509Bundle certified(String name, Instant expires, String host, String... names) {
        try {
            CertificateBuilder builder = new CertificateBuilder()
                    .subject("CN=" + name)
                    .ecp256()
                    .notBefore(expires.minus(DAY.multipliedBy(2)))
                    .notAfter(expires);
            if (names.length == 0) {
                builder.addSanIpAddress(host);
            } else {
                builder.addExtensionOctetString(ALTERNATIVE_NAMES, false, alternativeNames(names));
            }
            return builder.addExtendedKeyUsageServerAuth()
                    .addExtendedKeyUsageClientAuth()
                    .buildIssuedBy(root);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// A caller that shows a certificate of this authority, whichever ones the other side asks for, and trusts
    /// everyone.
    public SSLContext caller(Instant expires) {
        X509Bundle made = certified("caller", expires, "127.0.0.1");
        return context(new KeyManager[] {new Shown(made)});
    }

    /// A caller that shows no certificate, and trusts everyone.
    public static SSLContext stranger() {
        return context(new KeyManager[0]);
    }

    private static SSLContext context(KeyManager[] keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {new Trusting()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Always the same certificate.
    private static final class Shown extends X509ExtendedKeyManager {
        private final X509Bundle bundle;

        private Shown(X509Bundle bundle) {
            this.bundle = bundle;
        }

        @Override
        public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
            return "own";
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return "own";
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return bundle.getCertificatePath();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return bundle.getKeyPair().getPrivate();
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return null;
        }
    }

    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /// Its own certificate in PEM.
    public String certificate() {
        return root.getCertificatePEM();
    }
}
