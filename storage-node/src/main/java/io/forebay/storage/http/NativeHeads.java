package io.forebay.storage.http;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.AisHeaders;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.HttpDate;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.PartSpan;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReadOutcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// HEAD of one object as AIStore's clients send it: everything when no properties are named (v1), else those
/// (v2).
final class NativeHeads {
    private static final int PRESENCE_WITHOUT_PROPS = 1;
    private static final int PRESENT_WITHOUT_PROPS = 3;
    private static final int EXISTS_OUTSIDE = 5;

    private final ObjectStore store;
    private final Encryptions encryptions;
    private final NodeErrors errors;

    NativeHeads(ObjectStore store, Encryptions encryptions, NodeErrors errors) {
        this.store = store;
        this.encryptions = encryptions;
        this.errors = errors;
    }

    /// A property that HEAD v2 can name.
    private enum Property {
        NAME,
        SIZE,
        CHECKSUM,
        ATIME,
        VERSION,
        CUSTOM,
        LAST_MODIFIED,
        ETAG,
        LOCATION,
        COPIES,
        EC,
        CHUNKED
    }

    Reply head(ObjectRequest request) {
        int presence = presence(request);
        List<Property> properties = properties(request.query().find(AisQuery.PROPS, ""));
        return switch (store.find(request.bucket(), request.key(), request.waiting())) {
            case ReadOutcome.WouldWait wait -> Reply.WOULD_WAIT;
            case ReadOutcome.Absent absent -> {
                HeldRequest.checkAbsent(request);
                throw errors.noSuchObject(request.key());
            }
            case ReadOutcome.Found found -> {
                HeldRequest.check(request, found.record());
                yield head(request, presence, properties, encryptions.told(request, found.record()));
            }
        };
    }

    private Reply head(ObjectRequest request, int presence, List<Property> properties, ObjectRecord record) {
        Check.argument(presence != EXISTS_OUTSIDE, "%s is present (flt %s=\"outside\")", request.key(), presence);
        Headers headers = new Headers();
        headers.add(AisHeaders.PRESENT, "true");
        boolean bare = presence == PRESENCE_WITHOUT_PROPS || presence == PRESENT_WITHOUT_PROPS;
        if (!bare && properties.isEmpty()) {
            writeAll(request, record, headers);
        } else if (!bare) {
            properties.forEach(property -> write(property, request, record, headers));
        }
        return new Reply(200, headers, new Payload.Described(record.size()));
    }

    /// HEAD v1.
    private void writeAll(ObjectRequest request, ObjectRecord record, Headers headers) {
        NativeHeaders.write(record, request.bucket(), headers);
        String etag = record.custom().get("ETag");
        if (etag != null) {
            headers.add("ETag", latin1(etag));
        }
        ObjectKey key = request.key();
        BucketName bucket = key.bucket();
        headers.add(AisHeaders.NAME, latin1(key.name()));
        headers.add(AisHeaders.BUCKET_NAME, bucket.name());
        headers.add(AisHeaders.BUCKET_PROVIDER, bucket.provider().wireName());
        if (!bucket.namespace().uuid().isEmpty()) {
            headers.add(AisHeaders.BUCKET_NAMESPACE_UUID, bucket.namespace().uuid());
        }
        if (!bucket.namespace().name().isEmpty()) {
            headers.add(AisHeaders.BUCKET_NAMESPACE_NAME, bucket.namespace().name());
        }
        headers.add(AisHeaders.LOCATION, location(request));
        headers.add(AisHeaders.MIRROR_PATHS, "[" + path(request) + "]");
        headers.add(AisHeaders.MIRROR_COPIES, request.bucket().established());
    }

    private void write(Property property, ObjectRequest request, ObjectRecord record, Headers headers) {
        switch (property) {
            case CHECKSUM -> NativeHeaders.writeChecksum(record, request.bucket(), headers);
            case ATIME -> NativeHeaders.writeAccessTime(record, headers);
            case VERSION -> NativeHeaders.writeVersion(record, request.bucket(), headers);
            case CUSTOM -> NativeHeaders.writeCustom(record, headers);
            case LAST_MODIFIED -> headers.add("Last-Modified", HttpDate.format(record.modifiedMillis()));
            case ETAG -> headers.add("ETag", "\"" + record.etag() + "\"");
            case LOCATION -> headers.add(AisHeaders.LOCATION, location(request));
            case COPIES -> {
                headers.add(AisHeaders.MIRROR_COPIES, request.bucket().established());
                headers.add(AisHeaders.MIRROR_PATHS, path(request));
            }
            case CHUNKED -> writeChunks(record, headers);
            case NAME, SIZE, EC -> {
                // Told by the content length, or known to the asker, or nothing to tell: no bucket is erasure-coded.
            }
        }
    }

    private static void writeChunks(ObjectRecord record, Headers headers) {
        if (record.partCount() > 0) {
            long largest = 0;
            for (PartSpan part : record.parts()) {
                largest = Math.max(largest, part.length());
            }
            headers.add(AisHeaders.CHUNKS_COUNT, record.partCount());
            headers.add(AisHeaders.CHUNKS_MAX_SIZE, largest);
        }
    }

    private String location(ObjectRequest request) {
        return errors.node() + ":mp[" + path(request) + ", []]";
    }

    /// The folder of the object's volume, as location and mirror path show it.
    private String path(ObjectRequest request) {
        return latin1(store.folderOf(request.bucket(), request.key()));
    }

    private static int presence(ObjectRequest request) {
        String text = request.query().find(AisQuery.PRESENCE, "");
        if (text.isEmpty()) {
            return 0;
        }
        boolean known = text.length() == 1 && text.charAt(0) >= '0' && text.charAt(0) <= '5';
        Check.argument(known, "invalid presence \"%s\": expecting 0 to 5", text);
        return text.charAt(0) - '0';
    }

    private static List<Property> properties(String list) {
        if (list.isEmpty()) {
            return List.of();
        }
        List<Property> properties = new ArrayList<>();
        for (int from = 0; from <= list.length(); ) {
            int comma = list.indexOf(',', from);
            int end = comma < 0 ? list.length() : comma;
            String name = list.substring(from, end).strip();
            if (!name.isEmpty()) {
                properties.add(property(name));
            }
            from = end + 1;
        }
        return properties;
    }

    private static Property property(String name) {
        return switch (name) {
            case "name" -> Property.NAME;
            case "size" -> Property.SIZE;
            case "checksum" -> Property.CHECKSUM;
            case "atime" -> Property.ATIME;
            case "version" -> Property.VERSION;
            case "custom" -> Property.CUSTOM;
            case "last-modified" -> Property.LAST_MODIFIED;
            case "etag" -> Property.ETAG;
            case "location" -> Property.LOCATION;
            case "copies" -> Property.COPIES;
            case "ec" -> Property.EC;
            case "chunked" -> Property.CHUNKED;
            default ->
                throw new StoreException(ErrorCode.INVALID_ARGUMENT, "invalid property \"" + name + "\" in props list");
        };
    }

    /// UTF-8 as a header carries it, its control characters replaced.
    private static String latin1(String text) {
        String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        StringBuilder line = new StringBuilder(bytes.length());
        for (int index = 0; index < bytes.length(); index++) {
            char c = bytes.charAt(index);
            line.append(c < ' ' || c == 0x7f ? ' ' : c);
        }
        return line.toString();
    }
}
