package io.forebay.storage.http;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.protocol.api.AisHeaders;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Headers;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which checksums of an upload are kept, which are computed only to be compared, and what they must be.
///
/// @param given the one of AIStore's headers, or null: an object that has it already need not be written again
record ChecksumDemands(
        List<ChecksumType> keep,
        List<ChecksumType> verify,
        List<Checksum> expected,
        @Nullable Checksum given) {

    /// Reads a request's headers. Throws INVALID_ARGUMENT for a type that is unknown or a digest that is none.
    static ChecksumDemands of(Headers headers, Bucket bucket) {
        Set<ChecksumType> keep = new LinkedHashSet<>();
        List<ChecksumType> verify = new ArrayList<>(1);
        List<Checksum> expected = new ArrayList<>(2);
        ChecksumType shown = NativeHeaders.type(bucket);
        if (shown != null) {
            keep.add(shown);
        }
        readComputed(headers, keep);
        for (Checksum checksum : AttributeHeaders.readChecksums(headers, NodeHeaders.CHECKSUM)) {
            keep.add(checksum.type());
            expected.add(checksum);
        }
        for (Checksum checksum : AttributeHeaders.readChecksums(headers, NodeHeaders.VERIFY)) {
            verify.add(checksum.type());
            expected.add(checksum);
        }
        @Nullable Checksum given = given(headers);
        if (given != null) {
            verify.add(given.type());
            expected.add(given);
        }
        return new ChecksumDemands(List.copyOf(keep), verify, expected, given);
    }

    /// The checksum of AIStore's headers, or null. A type of `none` is no checksum.
    static @Nullable Checksum given(Headers headers) {
        String value = headers.find(AisHeaders.CHECKSUM_VALUE, "");
        String name = headers.find(AisHeaders.CHECKSUM_TYPE, "").toLowerCase(Locale.ROOT);
        if (value.isEmpty() || name.isEmpty() || name.equals("none")) {
            return null;
        }
        return new Checksum(type(name), value.toLowerCase(Locale.ROOT));
    }

    private static void readComputed(Headers headers, Set<ChecksumType> keep) {
        for (String line : headers.all(NodeHeaders.COMPUTE)) {
            for (int from = 0; from < line.length(); ) {
                int comma = line.indexOf(',', from);
                int end = comma < 0 ? line.length() : comma;
                String name = line.substring(from, end).strip();
                Check.argument(!name.isEmpty(), "invalid %s header \"%s\"", NodeHeaders.COMPUTE, line);
                keep.add(type(name));
                from = end + 1;
            }
        }
    }

    private static ChecksumType type(String name) {
        @Nullable ChecksumType type = ChecksumType.find(name);
        if (type == null) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "invalid checksum type \"" + name + "\"");
        }
        return type;
    }
}
