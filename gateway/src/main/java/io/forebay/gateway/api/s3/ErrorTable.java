package io.forebay.gateway.api.s3;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.sigv4.SignatureFault;
import io.forebay.protocol.sigv4.SignatureRefusal;
import java.util.EnumMap;
import java.util.Map;

/// What S3 calls our failures and those of signatures: complete over both lists.
final class ErrorTable {
    private static final Map<ErrorCode, S3Error> CODES = codes();
    private static final Map<SignatureFault, S3Error> FAULTS = faults();

    private ErrorTable() {}

    static S3Failure failure(StoreException failure) {
        S3Error error = error(failure.code());
        return switch (failure.code().fault()) {
            case CALLER -> new S3Failure(error, failure.text());
            // Trying again does not help: who reads has to know why.
            case STORAGE ->
                failure.code() == ErrorCode.CORRUPT ? new S3Failure(error, failure.text()) : new S3Failure(error);
            // Which part of the cluster does not serve, and since when.
            case ROUTING ->
                failure.code() == ErrorCode.NODE_UNAVAILABLE
                        ? new S3Failure(error, failure.text())
                        : new S3Failure(error);
            case ABSENT, CONFLICT, OVERLOAD, BACKEND, BUG -> new S3Failure(error);
        };
    }

    static S3Failure failure(SignatureRefusal refusal) {
        return new S3Failure(error(refusal.fault()), refusal.message(), refusal.details());
    }

    static S3Error error(ErrorCode code) {
        return CODES.getOrDefault(code, S3Error.INTERNAL_ERROR);
    }

    static S3Error error(SignatureFault fault) {
        return FAULTS.getOrDefault(fault, S3Error.ACCESS_DENIED);
    }

    static boolean isComplete() {
        return CODES.size() == ErrorCode.values().length && FAULTS.size() == SignatureFault.values().length;
    }

    private static Map<ErrorCode, S3Error> codes() {
        Map<ErrorCode, S3Error> table = new EnumMap<>(ErrorCode.class);
        table.put(ErrorCode.INVALID_ARGUMENT, S3Error.INVALID_ARGUMENT);
        table.put(ErrorCode.INVALID_PART, S3Error.INVALID_PART);
        table.put(ErrorCode.INVALID_PART_ORDER, S3Error.INVALID_PART_ORDER);
        table.put(ErrorCode.PART_TOO_SMALL, S3Error.ENTITY_TOO_SMALL);
        table.put(ErrorCode.UNAUTHENTICATED, S3Error.ACCESS_DENIED);
        table.put(ErrorCode.FORBIDDEN, S3Error.ACCESS_DENIED);
        table.put(ErrorCode.RANGE_NOT_SATISFIABLE, S3Error.INVALID_RANGE);
        table.put(ErrorCode.UNSUPPORTED, S3Error.NOT_IMPLEMENTED);
        table.put(ErrorCode.TOO_LARGE, S3Error.ENTITY_TOO_LARGE);
        table.put(ErrorCode.INCOMPLETE_BODY, S3Error.INCOMPLETE_BODY);
        table.put(ErrorCode.KEY_REFUSED, S3Error.INVALID_REQUEST);
        table.put(ErrorCode.KEY_UNKNOWN, S3Error.KMS_NOT_FOUND);
        table.put(ErrorCode.CHECKSUM_MISMATCH, S3Error.BAD_DIGEST);
        table.put(ErrorCode.NO_SUCH_BUCKET, S3Error.NO_SUCH_BUCKET);
        table.put(ErrorCode.NO_SUCH_OBJECT, S3Error.NO_SUCH_KEY);
        table.put(ErrorCode.NO_SUCH_VERSION, S3Error.NO_SUCH_VERSION);
        table.put(ErrorCode.NO_SUCH_UPLOAD, S3Error.NO_SUCH_UPLOAD);
        table.put(ErrorCode.NO_SUCH_JOB, S3Error.NO_SUCH_KEY);
        table.put(ErrorCode.NO_SUCH_SAMPLE, S3Error.NO_SUCH_KEY);
        table.put(ErrorCode.NO_SUCH_NODE, S3Error.SERVICE_UNAVAILABLE);
        table.put(ErrorCode.NO_SUCH_USER, S3Error.NO_SUCH_KEY);
        table.put(ErrorCode.ALREADY_EXISTS, S3Error.BUCKET_ALREADY_EXISTS);
        table.put(ErrorCode.NOT_EMPTY, S3Error.BUCKET_NOT_EMPTY);
        table.put(ErrorCode.PRECONDITION_FAILED, S3Error.PRECONDITION_FAILED);
        table.put(ErrorCode.IN_USE, S3Error.OPERATION_ABORTED);
        table.put(ErrorCode.BUSY, S3Error.SLOW_DOWN);
        table.put(ErrorCode.NO_SPACE, S3Error.INSUFFICIENT_STORAGE);
        table.put(ErrorCode.DEADLINE_EXCEEDED, S3Error.REQUEST_TIMEOUT);
        table.put(ErrorCode.NOT_OWNER, S3Error.SERVICE_UNAVAILABLE);
        table.put(ErrorCode.STALE_MAP, S3Error.SERVICE_UNAVAILABLE);
        table.put(ErrorCode.NOT_LEADER, S3Error.SERVICE_UNAVAILABLE);
        table.put(ErrorCode.NODE_UNAVAILABLE, S3Error.SERVICE_UNAVAILABLE);
        table.put(ErrorCode.CORRUPT, S3Error.INTERNAL_ERROR);
        table.put(ErrorCode.VOLUME_FAILED, S3Error.SERVICE_UNAVAILABLE);
        table.put(ErrorCode.BACKEND_FAILED, S3Error.INTERNAL_ERROR);
        table.put(ErrorCode.BACKEND_UNAVAILABLE, S3Error.SERVICE_UNAVAILABLE);
        table.put(ErrorCode.INTERNAL, S3Error.INTERNAL_ERROR);
        return table;
    }

    private static Map<SignatureFault, S3Error> faults() {
        Map<SignatureFault, S3Error> table = new EnumMap<>(SignatureFault.class);
        table.put(SignatureFault.AUTHORIZATION_MALFORMED, S3Error.AUTHORIZATION_HEADER_MALFORMED);
        table.put(SignatureFault.QUERY_MALFORMED, S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);
        table.put(SignatureFault.TWO_MECHANISMS, S3Error.INVALID_ARGUMENT);
        table.put(SignatureFault.UNKNOWN_SCHEME, S3Error.INVALID_ARGUMENT);
        table.put(SignatureFault.OLD_VERSION, S3Error.INVALID_REQUEST);
        table.put(SignatureFault.UNKNOWN_KEY, S3Error.INVALID_ACCESS_KEY_ID);
        table.put(SignatureFault.TOKEN_INVALID, S3Error.INVALID_TOKEN);
        table.put(SignatureFault.TOKEN_EXPIRED, S3Error.EXPIRED_TOKEN);
        table.put(SignatureFault.MISMATCH, S3Error.SIGNATURE_DOES_NOT_MATCH);
        table.put(SignatureFault.SKEWED, S3Error.REQUEST_TIME_TOO_SKEWED);
        table.put(SignatureFault.EXPIRED, S3Error.ACCESS_DENIED);
        table.put(SignatureFault.NOT_YET_VALID, S3Error.ACCESS_DENIED);
        table.put(SignatureFault.DATE_MISSING, S3Error.ACCESS_DENIED);
        table.put(SignatureFault.HEADER_NOT_SIGNED, S3Error.ACCESS_DENIED);
        table.put(SignatureFault.PAYLOAD_HASH_MISSING, S3Error.INVALID_REQUEST);
        table.put(SignatureFault.PAYLOAD_HASH_INVALID, S3Error.INVALID_ARGUMENT);
        table.put(SignatureFault.FORM_UNSUPPORTED, S3Error.NOT_IMPLEMENTED);
        table.put(SignatureFault.DECODED_LENGTH_MISSING, S3Error.MISSING_CONTENT_LENGTH);
        table.put(SignatureFault.BODY_INCOMPLETE, S3Error.INCOMPLETE_BODY);
        table.put(SignatureFault.CHUNK_TOO_SMALL, S3Error.INVALID_CHUNK_SIZE);
        table.put(SignatureFault.TRAILER_MALFORMED, S3Error.MALFORMED_TRAILER);
        table.put(SignatureFault.TRAILER_INVALID, S3Error.INVALID_REQUEST);
        table.put(SignatureFault.TRAILER_MISMATCH, S3Error.BAD_DIGEST);
        return table;
    }
}
