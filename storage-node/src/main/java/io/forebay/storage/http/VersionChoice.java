package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.VersionId;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Exchange;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.VersionScan;
import io.forebay.storage.object.Waiting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which version of an object a face means: the object as it is, or another one of it.
final class VersionChoice {
    /// A version becomes the current one, or ceases to be it, at most so often while it is looked for.
    private static final int MAX_LOOKS = 3;

    private final ObjectStore store;

    VersionChoice(ObjectStore store) {
        this.store = store;
    }

    /// Whether a request means a certain version.
    static boolean isMade(Exchange exchange) {
        return exchange.request().headers().contains(NodeHeaders.VERSION);
    }

    /// The id that a request names; empty for none. Throws INVALID_ARGUMENT for what is none.
    static String id(ObjectRequest request) {
        String id = request.headers().find(NodeHeaders.VERSION, "");
        if (!id.isEmpty() && !id.equals(NodeHeaders.NEWEST) && !VersionId.isValid(id)) {
            throw new StoreException(ErrorCode.NO_SUCH_VERSION, "\"" + id + "\" is the id of no version");
        }
        return id;
    }

    /// The key of what is meant, which waits for the disk unless it is the object as it is. Throws NO_SUCH_VERSION.
    ObjectKey of(ObjectRequest request) {
        String id = id(request);
        if (id.isEmpty()) {
            return request.key();
        }
        ObjectKey key = id.equals(NodeHeaders.NEWEST) ? newest(request) : find(request, id);
        if (key == null) {
            throw new StoreException(ErrorCode.NO_SUCH_VERSION, request.key() + " has no version " + id);
        }
        return key;
    }

    private @Nullable ObjectKey newest(ObjectRequest request) {
        List<VersionScan.Version> versions = store.versions(request.bucket(), request.key());
        if (versions.isEmpty()) {
            return null;
        }
        VersionScan.Version newest = versions.getFirst();
        return newest.record().isDeleteMarker() ? request.key().at(newest.id()) : request.key();
    }

    private @Nullable ObjectKey find(ObjectRequest request, String id) {
        for (int look = 0; look < MAX_LOOKS; look++) {
            ObjectRecord current = record(request, request.key());
            if (current != null && current.versionId().equals(id)) {
                return request.key();
            }
            ObjectKey version = request.key().at(id);
            if (record(request, version) != null) {
                return version;
            }
        }
        return null;
    }

    private @Nullable ObjectRecord record(ObjectRequest request, ObjectKey key) {
        return store.find(request.bucket(), key, Waiting.ALLOWED) instanceof ReadOutcome.Found found
                ? found.record()
                : null;
    }
}
