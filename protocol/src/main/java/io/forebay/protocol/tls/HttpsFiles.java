package io.forebay.protocol.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The certificates for clients and their keys as bytes, read at one moment. Equal when the bytes are.
///
/// Every failure is INVALID_ARGUMENT, and names the setting, the file and the rule.
final class HttpsFiles {
    private static final String SETTINGS = "http.tls.";
    private static final String CERTIFICATE_END = ".pem";

    private final List<Pair> pairs;

    private HttpsFiles(List<Pair> pairs) {
        this.pairs = List.copyOf(pairs);
    }

    /// A certificate and its key.
    private record Pair(Named certificate, Named key) {
        ServedCertificate served(Instant now) {
            return ServedCertificate.of(certificate, key, now);
        }
    }

    /// A file as a setting names it.
    static final class Named {
        final String setting;
        final Path file;
        final byte[] bytes;

        private Named(String name, Path file) {
            this.setting = SETTINGS + name;
            this.file = file;
            this.bytes = Pem.read(setting, file);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Named named && file.equals(named.file) && Arrays.equals(bytes, named.bytes);
        }

        @Override
        public int hashCode() {
            return file.hashCode();
        }
    }

    /// Only where HTTPS is on.
    static HttpsFiles read(HttpsConfig config) {
        List<Pair> pairs = new ArrayList<>();
        pairs.add(new Pair(new Named("certificate", config.certificateFile()), new Named("key", config.keyFile())));
        Path folder = config.folder();
        if (folder != null) {
            for (Path file : certificates(folder)) {
                String name = String.valueOf(file.getFileName());
                String key = name.substring(0, name.length() - CERTIFICATE_END.length()) + ".key";
                pairs.add(new Pair(new Named("folder", file), new Named("folder", file.resolveSibling(key))));
            }
        }
        return new HttpsFiles(pairs);
    }

    private static List<Path> certificates(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(CERTIFICATE_END))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw Pem.refused(SETTINGS + "folder", folder, "cannot be listed: " + e.getMessage());
        }
    }

    /// The default first.
    List<ServedCertificate> served(Instant now) {
        return pairs.stream().map(pair -> pair.served(now)).toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HttpsFiles files && pairs.equals(files.pairs);
    }

    @Override
    public int hashCode() {
        return pairs.hashCode();
    }
}
