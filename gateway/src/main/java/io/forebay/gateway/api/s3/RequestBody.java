package io.forebay.gateway.api.s3;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.sigv4.ChunkedBody;
import io.forebay.protocol.sigv4.PayloadForm;
import io.forebay.protocol.sigv4.SignatureRefusal;
import io.forebay.protocol.sigv4.TrailerChecksum;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The bytes of a request that writes an object or a part: framing removed, size bounded, and what the node has to
/// verify, keep or compute said in its headers. Nothing is read before the first `next`.
final class RequestBody {
    private final Body bytes;
    private final @Nullable ChunkedBody framed;
    private final boolean hashed;
    private final @Nullable ChecksumType used;

    private RequestBody(Body bytes, @Nullable ChunkedBody framed, boolean hashed, @Nullable ChecksumType used) {
        this.bytes = bytes;
        this.framed = framed;
        this.hashed = hashed;
        this.used = used;
    }

    /// @param keepsMd5 whether an MD5 is to be kept for the ETag
    /// @param fallback the checksum to compute when the client gives none, or null for none
    /// @param node takes the node's headers
    static RequestBody open(
            S3Call call, S3Config config, boolean keepsMd5, @Nullable ChecksumType fallback, Headers node) {
        Headers headers = call.exchange().request().headers();
        PayloadForm form = call.identity().form();
        ChecksumRequest request = ChecksumRequest.of(headers, form);
        boolean hashed = form == PayloadForm.HASHED;
        addChecksums(headers, request, keepsMd5, fallback, hashed, node);
        long length = length(call, form);
        long maxBytes = config.maxPutSize().bytes();
        if (length > maxBytes) {
            throw new S3Failure(
                    S3Error.ENTITY_TOO_LARGE,
                    S3Error.ENTITY_TOO_LARGE.message(),
                    Map.of("ProposedSize", Long.toString(length), "MaxSizeAllowed", Long.toString(maxBytes)));
        }
        Body body = call.exchange().body();
        if (!form.chunked()) {
            return new RequestBody(length < 0 ? new BoundedBody(body, maxBytes) : body, null, hashed, request.type());
        }
        ChunkedBody framed =
                new ChunkedBody(body, length, form, call.identity().seed(), trailer(request.trailer()), (int)
                        config.minChunkSize().bytes());
        return new RequestBody(framed, framed, hashed, request.type());
    }

    /// The algorithm of the checksum that the client gives, or null.
    @Nullable
    ChecksumType used() {
        return used;
    }

    /// The bytes to send on. A framed body without bytes is checked here, since nobody would ask it for any.
    Body bytes() {
        if (framed != null && framed.length() == 0) {
            try {
                framed.next();
            } catch (StoreException e) {
                throw explain(e);
            }
            return Body.empty();
        }
        return bytes;
    }

    /// What S3 calls a failed write: the framing's own fault, or which of the given checksums was wrong.
    S3Failure explain(StoreException failure) {
        SignatureRefusal refusal = framed == null ? null : framed.failure();
        if (refusal != null) {
            return ErrorTable.failure(refusal);
        }
        return explain(failure, hashed);
    }

    /// As above, of a body without framing.
    ///
    /// @param hashed whether its SHA-256 was signed
    static S3Failure explain(StoreException failure, boolean hashed) {
        if (failure.code() != ErrorCode.CHECKSUM_MISMATCH) {
            return ErrorTable.failure(failure);
        }
        String text = failure.text();
        int blank = text.indexOf(' ');
        ChecksumType type = ChecksumType.find(blank < 0 ? text : text.substring(0, blank));
        if (type == ChecksumType.SHA256 && hashed) {
            return new S3Failure(S3Error.X_AMZ_CONTENT_SHA256_MISMATCH);
        }
        if (type == null || type == ChecksumType.MD5) {
            return new S3Failure(S3Error.BAD_DIGEST, "The Content-MD5 you specified did not match what we received.");
        }
        return new S3Failure(
                S3Error.BAD_DIGEST,
                "The " + S3Checksums.name(type) + " you specified did not match the calculated checksum.");
    }

    /// Says in the node's headers which checksums it has to verify, keep and compute. Parameters as for `open`.
    ///
    /// @param hashed whether its SHA-256 was signed
    static void addChecksums(
            Headers headers,
            ChecksumRequest request,
            boolean keepsMd5,
            @Nullable ChecksumType fallback,
            boolean hashed,
            Headers node) {
        StringBuilder compute = new StringBuilder();
        Checksum md5 = contentMd5(headers.find("Content-MD5"));
        if (md5 != null) {
            node.add(keepsMd5 ? NodeHeaders.CHECKSUM : NodeHeaders.VERIFY, text(md5));
        } else if (keepsMd5) {
            compute.append(ChecksumType.MD5.wireName());
        }
        if (request.given() != null) {
            node.add(NodeHeaders.CHECKSUM, text(request.given()));
        }
        ChecksumType computed = request.type() == null ? fallback : request.trailer();
        if (computed != null && computed != ChecksumType.XXHASH64) {
            compute.append(compute.isEmpty() ? "" : ",").append(computed.wireName());
        }
        String hash = headers.find(PayloadForm.HEADER);
        if (hashed && hash != null) {
            node.add(NodeHeaders.VERIFY, ChecksumType.SHA256.wireName() + "=" + hash);
        }
        if (!compute.isEmpty()) {
            node.add(NodeHeaders.COMPUTE, compute.toString());
        }
    }

    private static String text(Checksum checksum) {
        return checksum.type().wireName() + "=" + checksum.hex();
    }

    /// Throws InvalidDigest.
    static @Nullable Checksum contentMd5(@Nullable String header) {
        if (header == null) {
            return null;
        }
        try {
            byte[] digest = Base64.getDecoder().decode(header.strip());
            if (digest.length == ChecksumType.MD5.digestBytes()) {
                return Checksum.of(ChecksumType.MD5, digest);
            }
        } catch (IllegalArgumentException e) {
            throw new S3Failure(S3Error.INVALID_DIGEST);
        }
        throw new S3Failure(S3Error.INVALID_DIGEST);
    }

    /// The number of bytes, or -1 of a body that ends when it ends. Throws MissingContentLength.
    static long length(S3Call call, PayloadForm form) {
        if (form.chunked()) {
            String text = call.header("x-amz-decoded-content-length");
            try {
                long length = text == null ? -1 : Long.parseLong(text.strip());
                if (length >= 0) {
                    return length;
                }
            } catch (NumberFormatException e) {
                throw new S3Failure(S3Error.MISSING_CONTENT_LENGTH);
            }
            throw new S3Failure(S3Error.MISSING_CONTENT_LENGTH);
        }
        if (call.header("Content-Length") == null && call.header("Transfer-Encoding") == null) {
            throw new S3Failure(S3Error.MISSING_CONTENT_LENGTH);
        }
        return call.exchange().body().length();
    }

    private static @Nullable TrailerChecksum trailer(@Nullable ChecksumType type) {
        return type == null ? null : new TrailerChecksum(S3Checksums.header(type), type, Checksummers.of(type));
    }
}
