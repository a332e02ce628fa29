package io.forebay.gateway.api.s3;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.sigv4.PayloadForm;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The XML document in a request's body, checked against every digest that the request gives of it.
final class DocumentBody {
    private DocumentBody() {}

    /// Whose bytes the `x-amz-checksum-*` header of a request covers.
    enum ChecksumOf {
        DOCUMENT,
        OBJECT
    }

    /// The bytes of the document, possibly none. Throws InvalidRequest for a framed body, MaxMessageLengthExceeded,
    /// BadDigest, XAmzContentSHA256Mismatch.
    static byte[] read(S3Call call, S3Config config, ChecksumOf subject) {
        PayloadForm form = call.identity().form();
        if (form.chunked()) {
            throw new S3Failure(
                    S3Error.INVALID_REQUEST,
                    "STREAMING payload forms are not supported for this operation, which takes a document");
        }
        Headers headers = call.exchange().request().headers();
        Checksum md5 = RequestBody.contentMd5(headers.find("Content-MD5"));
        byte[] document = bytes(call, config);
        check(md5, document, S3Error.BAD_DIGEST);
        if (subject == ChecksumOf.DOCUMENT) {
            check(ChecksumRequest.of(headers, form).given(), document, S3Error.BAD_DIGEST);
        }
        String hash = headers.find(PayloadForm.HEADER);
        if (form == PayloadForm.HASHED && hash != null) {
            check(new Checksum(ChecksumType.SHA256, hash), document, S3Error.X_AMZ_CONTENT_SHA256_MISMATCH);
        }
        return document;
    }

    private static byte[] bytes(S3Call call, S3Config config) {
        try {
            return call.exchange().body().readAll((int) config.maxXmlSize().bytes());
        } catch (StoreException e) {
            if (e.code() == ErrorCode.TOO_LARGE) {
                throw new S3Failure(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED);
            }
            throw e;
        }
    }

    private static void check(@Nullable Checksum expected, byte[] document, S3Error error) {
        if (expected != null && !expected.equals(Checksummers.of(expected.type(), ByteBuffer.wrap(document)))) {
            throw new S3Failure(error);
        }
    }
}
