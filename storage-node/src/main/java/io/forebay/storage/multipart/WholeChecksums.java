package io.forebay.storage.multipart;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummer;
import io.forebay.common.io.Checksummers;
import io.forebay.common.io.Crc;
import io.forebay.common.io.PartTags;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.storage.object.Part;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What follows from the checksums of an object's parts, no byte of them read again.
final class WholeChecksums {
    private final List<Part> parts;

    WholeChecksums(List<Part> parts) {
        this.parts = parts;
    }

    /// S3's entity tag: made of the parts' digests, and their number. Null when a part has none.
    @Nullable
    String etag() {
        return PartTags.whole(parts.stream().map(part -> part.record().etag()).toList());
    }

    /// The checksums of all bytes: those of the only part, or the agreed one where parts combine into it.
    List<Checksum> full(@Nullable ChecksumAgreement agreement) {
        List<Checksum> sums = new ArrayList<>(2);
        if (parts.size() == 1) {
            add(parts.getFirst().record().checksum(ChecksumType.XXHASH64), sums);
        }
        if (agreement != null && agreement.form() == ChecksumAgreement.Form.FULL_OBJECT) {
            add(combined(agreement.algorithm()), sums);
        }
        return sums;
    }

    /// The checksum of all bytes from those of the parts. Null when a part has none.
    @Nullable
    Checksum combined(ChecksumType algorithm) {
        @Nullable Checksum whole = null;
        for (Part part : parts) {
            @Nullable Checksum sum = part.record().checksum(algorithm);
            if (sum == null) {
                return null;
            }
            whole = whole == null ? sum : Crc.combine(whole, sum, part.record().size());
        }
        return whole;
    }

    /// S3's COMPOSITE checksum `algorithm=base64-N`. Null when nothing of that form was agreed; throws INVALID_PART
    /// when a part lacks the algorithm.
    @Nullable
    String composite(@Nullable ChecksumAgreement agreement) {
        if (agreement == null || agreement.form() != ChecksumAgreement.Form.COMPOSITE) {
            return null;
        }
        @Nullable Checksum sum = overParts(agreement.algorithm());
        if (sum == null) {
            throw new StoreException(
                    ErrorCode.INVALID_PART,
                    "a part was uploaded without the " + agreement.algorithm().wireName()
                            + " checksum that the upload was created for");
        }
        return agreement.algorithm().wireName() + "=" + sum.base64() + "-" + parts.size();
    }

    private @Nullable Checksum overParts(ChecksumType algorithm) {
        Checksummer checksummer = Checksummers.of(algorithm);
        for (Part part : parts) {
            @Nullable Checksum sum = part.record().checksum(algorithm);
            if (sum == null) {
                return null;
            }
            checksummer.update(ByteBuffer.wrap(sum.digest()));
        }
        return checksummer.finish();
    }

    private static void add(@Nullable Checksum sum, List<Checksum> sums) {
        if (sum != null) {
            sums.add(sum);
        }
    }
}
