package io.forebay.gateway.api.s3;

import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.sigv4.PayloadForm;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The checksum that a request gives of its body, in a header or announced for the trailer: at most one.
///
/// @param given in a header, or null
/// @param trailer the algorithm announced for the trailer, or null
record ChecksumRequest(@Nullable Checksum given, @Nullable ChecksumType trailer) {
    private static final String ALGORITHM_HEADER = "x-amz-sdk-checksum-algorithm";

    /// Throws InvalidRequest when the headers break one of S3's rules, and BadDigest for a value that cannot be a
    /// digest
    /// of that algorithm.
    static ChecksumRequest of(Headers headers, PayloadForm form) {
        ChecksumType trailer = trailer(headers, form);
        Checksum given = given(headers, trailer);
        checkAlgorithm(headers.find(ALGORITHM_HEADER), given == null ? trailer : given.type());
        return new ChecksumRequest(given, trailer);
    }

    /// The algorithm, or null when the request gives no checksum.
    @Nullable
    ChecksumType type() {
        return given == null ? trailer : given.type();
    }

    private static @Nullable Checksum given(Headers headers, @Nullable ChecksumType trailer) {
        Checksum given = null;
        for (int index = 0; index < headers.count(); index++) {
            String name = headers.name(index);
            if (!isChecksum(name)) {
                continue;
            }
            if (given != null || trailer != null) {
                throw invalid("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
            }
            String algorithm = name.substring(S3Checksums.PREFIX.length()).toLowerCase(Locale.ROOT);
            given = parse(algorithm, headers.value(index));
        }
        return given;
    }

    private static boolean isChecksum(String header) {
        return header.regionMatches(true, 0, S3Checksums.PREFIX, 0, S3Checksums.PREFIX.length())
                && !header.equalsIgnoreCase("x-amz-checksum-mode")
                && !header.equalsIgnoreCase("x-amz-checksum-type")
                && !header.equalsIgnoreCase("x-amz-checksum-algorithm");
    }

    private static Checksum parse(String algorithm, String value) {
        ChecksumType type = S3Checksums.find(algorithm);
        if (type == null) {
            throw invalid("The algorithm type you specified in x-amz-checksum- header is invalid.");
        }
        Checksum checksum = S3Checksums.parse(type, value.strip());
        if (checksum == null) {
            throw new S3Failure(S3Error.BAD_DIGEST, "Value for x-amz-checksum-" + algorithm + " header is invalid.");
        }
        return checksum;
    }

    private static @Nullable ChecksumType trailer(Headers headers, PayloadForm form) {
        String names = headers.find("x-amz-trailer");
        if (names == null || names.isBlank()) {
            return null;
        }
        String name = names.strip().toLowerCase(Locale.ROOT);
        ChecksumType type = name.startsWith(S3Checksums.PREFIX)
                ? S3Checksums.find(name.substring(S3Checksums.PREFIX.length()))
                : null;
        if (type == null || !form.trailer()) {
            throw invalid("The value specified in the x-amz-trailer header is not supported");
        }
        return type;
    }

    private static void checkAlgorithm(@Nullable String algorithm, @Nullable ChecksumType used) {
        if (algorithm == null || algorithm.isEmpty()) {
            return;
        }
        ChecksumType named = S3Checksums.find(algorithm);
        if (used == null && named != null) {
            throw invalid("x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or"
                    + " x-amz-trailer headers were found.");
        }
        if (named != used) {
            throw invalid("Value for x-amz-sdk-checksum-algorithm header is invalid.");
        }
    }

    private static S3Failure invalid(String message) {
        return new S3Failure(S3Error.INVALID_REQUEST, message);
    }
}
