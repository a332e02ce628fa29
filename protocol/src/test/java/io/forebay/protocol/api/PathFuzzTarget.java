package io.forebay.protocol.api;

import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.http.Query;
import java.nio.charset.StandardCharsets;

/// Paths and queries of AIStore's requests, and the unique names in them: one that names something names the same
/// when it was written and is read again.
public final class PathFuzzTarget {
    private PathFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String target = new String(input, StandardCharsets.ISO_8859_1);
        int mark = target.indexOf('?');
        NativePath path = FuzzedMessage.read(() -> NativePath.parse(mark < 0 ? target : target.substring(0, mark)));
        Query query = FuzzedMessage.read(() -> Query.parse(mark < 0 ? "" : target.substring(mark + 1)));
        if (query != null) {
            members(query);
            uname(query.find(AisQuery.OBJECT_TO, ""));
            uname(query.find(AisQuery.BUCKET_TO, ""));
            if (path != null) {
                names(path, query);
            }
        }
    }

    private static void names(NativePath path, Query query) {
        FuzzedMessage.read(() -> String.valueOf(path.trailingBucketName(query)));
        BucketName bucket = FuzzedMessage.read(() -> path.bucketName(query));
        if (bucket != null) {
            FuzzedMessage.same(bucket, again(NativePath.target(bucket)).bucket());
            FuzzedMessage.same(bucket, ObjectUname.parseBucket(bucket.uname()));
        }
        ObjectKey key = FuzzedMessage.read(() -> path.key(query));
        if (key != null) {
            FuzzedMessage.read(() -> {
                NativePath.checkObjectName(key.name(), true);
                return key;
            });
            FuzzedMessage.same(key, again(NativePath.target(key)));
            FuzzedMessage.same(key, ObjectUname.parseObject(key.uname()));
        }
    }

    private static ObjectKey again(String target) {
        int mark = target.indexOf('?');
        NativePath path = NativePath.parse(target.substring(0, mark));
        Query query = Query.parse(target.substring(mark + 1));
        return path.object().isEmpty() ? new ObjectKey(path.bucketName(query), "none") : path.key(query);
    }

    private static void uname(String text) {
        ObjectKey key = FuzzedMessage.read(() -> ObjectUname.parseObject(text));
        if (key != null) {
            FuzzedMessage.same(key, ObjectUname.parseObject(key.uname()));
        }
        FuzzedMessage.read(() -> ObjectUname.parseBucket(text));
    }

    private static void members(Query query) {
        MembersRequest request = FuzzedMessage.read(() -> MembersRequest.of(query));
        if (request != null) {
            FuzzedMessage.same(request, MembersRequest.of(Query.parse(request.query())));
        }
    }
}
