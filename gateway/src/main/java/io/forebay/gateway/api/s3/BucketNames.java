package io.forebay.gateway.api.s3;

import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import java.util.Map;

/// S3's rules for names of buckets.
final class BucketNames {
    private static final int MIN_CHARS = 3;
    private static final int MAX_CHARS = 63;

    private BucketNames() {}

    /// The bucket that a request names. Buckets made through other faces may have names that S3 would refuse, so only
    /// what can be no bucket at all is InvalidBucketName here.
    static BucketName named(String text) {
        try {
            return BucketName.of(text);
        } catch (StoreException e) {
            throw invalid(text);
        }
    }

    /// The name of a bucket to be created. Throws InvalidBucketName.
    static BucketName toCreate(String text) {
        if (!isValid(text)) {
            throw invalid(text);
        }
        return BucketName.of(text);
    }

    static boolean isValid(String text) {
        if (text.length() < MIN_CHARS || text.length() > MAX_CHARS || looksLikeAddress(text) || isReserved(text)) {
            return false;
        }
        char before = '.';
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            boolean allowed =
                    alphanumeric || (c == '-' && before != '.') || (c == '.' && before != '.' && before != '-');
            if (!allowed) {
                return false;
            }
            before = c;
        }
        return before != '.' && before != '-';
    }

    private static boolean isReserved(String text) {
        return text.startsWith("xn--")
                || text.startsWith("sthree-")
                || text.startsWith("amzn-s3-demo-")
                || text.endsWith("-s3alias")
                || text.endsWith("--ol-s3")
                || text.endsWith(".mrap")
                || text.endsWith("--x-s3")
                || text.endsWith("--table-s3");
    }

    /// Whether the text is four numbers with dots between, as an IPv4 address is written.
    private static boolean looksLikeAddress(String text) {
        int dots = 0;
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            if (c == '.') {
                dots++;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        return dots == 3;
    }

    private static S3Failure invalid(String text) {
        return new S3Failure(
                S3Error.INVALID_BUCKET_NAME, S3Error.INVALID_BUCKET_NAME.message(), Map.of("BucketName", text));
    }
}
