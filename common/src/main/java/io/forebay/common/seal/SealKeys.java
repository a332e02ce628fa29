package io.forebay.common.seal;

import io.forebay.common.config.Secret;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The keys of one purpose, each known by eight hex digits: the first one seals, all of them open.
public final class SealKeys {
    private static final int ID_DIGITS = 8;

    private final List<Known> known;

    /// @param known the one that seals first
    SealKeys(List<Known> known) {
        this.known = List.copyOf(known);
    }

    record Known(String id, SealKey key) {
        static Known of(Secret master, String purpose) {
            byte[] id = Hmac.sha256(master.value(), "forebay seal id " + purpose);
            return new Known(
                    HexFormat.of().formatHex(id).substring(0, ID_DIGITS),
                    new SealKey(Hmac.sha256(master.value(), "forebay seal " + purpose)));
        }
    }

    /// The id of the key that seals.
    public String currentId() {
        return known.getFirst().id();
    }

    /// The key that seals.
    public SealKey current() {
        return known.getFirst().key();
    }

    /// The key of that id, or null.
    public @Nullable SealKey find(String id) {
        for (Known candidate : known) {
            if (candidate.id().equals(id)) {
                return candidate.key();
            }
        }
        return null;
    }
}
