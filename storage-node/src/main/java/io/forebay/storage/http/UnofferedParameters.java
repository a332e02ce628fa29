package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Query;

/// Parameters of features that a storage node does not have: a request with one is refused, never answered as if it
/// had not been there. Empty values count as absent, because the SDK sends them.
final class UnofferedParameters {
    private UnofferedParameters() {}

    /// Throws UNSUPPORTED for a read through a transform, and INVALID_ARGUMENT for a blob download, which
    /// only remote buckets have.
    static void refuseToRead(ObjectRequest request) {
        Query query = request.query();
        refuse(query, AisQuery.ETL_NAME, request.key(), "transforming while reading");
        if (asksForBlob(request.headers())) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "blob-downloader is not supported for local buckets: "
                            + request.key().bucket());
        }
    }

    private static boolean asksForBlob(Headers headers) {
        String blob = headers.find("Ais-Blob-Download");
        String threshold = headers.find("Ais-Blob-Threshold", "0");
        return (blob != null && AisQuery.isTrue(blob)) || !threshold.equals("0");
    }

    /// Throws UNSUPPORTED for a write through a transform.
    static void refuseToWrite(ObjectRequest request) {
        Query query = request.query();
        refuse(query, AisQuery.ETL_NAME, request.key(), "transforming while copying");
    }

    private static void refuse(Query query, String name, ObjectKey key, String feature) {
        String value = query.find(name, "");
        if (!value.isEmpty()) {
            throw new StoreException(
                    ErrorCode.UNSUPPORTED, feature + " is not supported: " + key + " (" + name + "=" + value + ")");
        }
    }
}
