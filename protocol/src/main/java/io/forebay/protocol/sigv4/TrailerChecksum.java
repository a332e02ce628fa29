package io.forebay.protocol.sigv4;

import io.forebay.common.io.Checksummer;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The checksum that a body's trailer announces: its header name, its type, and the running digest to compare with.
public record TrailerChecksum(String header, ChecksumType type, Checksummer running) {
    public TrailerChecksum {
        header = header.toLowerCase(Locale.ROOT);
    }

    /// The checksum in a base64 text; null when it is none of this type.
    @Nullable
    Checksum parse(String base64) {
        try {
            byte[] digest = Base64.getDecoder().decode(base64);
            return digest.length == type.digestBytes() ? Checksum.of(type, digest) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
