package io.forebay.storage.multipart;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Crc;
import io.forebay.common.model.ChecksumType;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a client and the store agreed on when an upload began: the algorithm of its checksum, and whether that covers
/// the whole object or the checksums of its parts. Text form `crc32c:FULL_OBJECT`.
public record ChecksumAgreement(ChecksumType algorithm, Form form) {
    /// Of uploads through AIStore's API: the type whose sums of parts combine into the whole's, and that AIStore knows.
    public static final ChecksumAgreement NATIVE = new ChecksumAgreement(ChecksumType.CRC32C, Form.FULL_OBJECT);

    public enum Form {
        FULL_OBJECT,
        COMPOSITE
    }

    /// Parses the text form; empty means that nothing was agreed. Throws INVALID_ARGUMENT when it is something else,
    /// or asks for the whole of an algorithm whose parts do not combine.
    public static @Nullable ChecksumAgreement parse(String text) {
        if (text.isEmpty()) {
            return null;
        }
        int colon = text.indexOf(':');
        @Nullable
        ChecksumType algorithm =
                colon < 0 ? null : ChecksumType.find(text.substring(0, colon).toLowerCase(Locale.ROOT));
        Form form = colon < 0 ? null : form(text.substring(colon + 1));
        if (algorithm == null || form == null) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid upload checksum \"" + text + "\": expecting algorithm:FULL_OBJECT or algorithm:COMPOSITE");
        }
        Check.argument(
                form == Form.COMPOSITE || Crc.combines(algorithm),
                "upload checksum %s cannot cover the full object",
                algorithm.wireName());
        return new ChecksumAgreement(algorithm, form);
    }

    @Override
    public String toString() {
        return algorithm.wireName() + ":" + form;
    }

    private static @Nullable Form form(String text) {
        return switch (text) {
            case "FULL_OBJECT" -> Form.FULL_OBJECT;
            case "COMPOSITE" -> Form.COMPOSITE;
            default -> null;
        };
    }
}
