package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ByteRange;
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

    /// What is meant, read: the key that it was found under, and what the store says of it.
    record Meant(ObjectKey key, ReadOutcome outcome) {}

    /// The record of what is meant: `read` without bytes.
    Meant find(ObjectRequest request) {
        return read(request, ReadOutcome.Choice.RECORD_ONLY);
    }

    /// Reads what is meant, which waits for the disk unless it is the object as it is. Throws NO_SUCH_VERSION.
    ///
    /// @param choice is asked only about records of what is meant
    Meant read(ObjectRequest request, ReadOutcome.Choice choice) {
        String id = id(request);
        if (id.isEmpty()) {
            return new Meant(request.key(), store.read(request.bucket(), request.key(), request.waiting(), choice));
        }
        for (int look = 0; look < MAX_LOOKS; look++) {
            Meant found = id.equals(NodeHeaders.NEWEST) ? newest(request, choice) : version(request, id, choice);
            if (found != null) {
                return found;
            }
        }
        throw new StoreException(ErrorCode.NO_SUCH_VERSION, request.key() + " has no version " + id);
    }

    /// Null when there is none, or when it was replaced or removed while it was looked for.
    private @Nullable Meant newest(ObjectRequest request, ReadOutcome.Choice choice) {
        List<VersionScan.Version> versions = store.versions(request.bucket(), request.key());
        if (versions.isEmpty()) {
            return null;
        }
        VersionScan.Version newest = versions.getFirst();
        boolean marker = newest.record().isDeleteMarker();
        return present(request, marker ? request.key().at(newest.id()) : request.key(), choice);
    }

    /// The object has an id only together with its bytes: between two looks, another one may have become current.
    private @Nullable Meant version(ObjectRequest request, String id, ReadOutcome.Choice choice) {
        Meant current = present(request, request.key(), new OfVersion(id, choice));
        boolean same = current != null
                && current.outcome() instanceof ReadOutcome.Found found
                && found.record().versionId().equals(id);
        return same ? current : present(request, request.key().at(id), choice);
    }

    private @Nullable Meant present(ObjectRequest request, ObjectKey key, ReadOutcome.Choice choice) {
        ReadOutcome outcome = store.read(request.bucket(), key, Waiting.ALLOWED, choice);
        return outcome instanceof ReadOutcome.Absent ? null : new Meant(key, outcome);
    }

    /// Wants nothing of another version.
    private record OfVersion(String id, ReadOutcome.Choice choice) implements ReadOutcome.Choice {
        @Override
        public @Nullable ByteRange of(ObjectRecord record) {
            return record.versionId().equals(id) ? choice.of(record) : null;
        }
    }
}
