package io.forebay.gateway;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ObjectAttributes;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.RangeHeader;
import io.forebay.common.model.VersionId;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.AisActions;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageCodec;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.RemovalsReply;
import io.forebay.protocol.api.RemovalsRequest;
import io.forebay.protocol.api.UploadInfo;
import io.forebay.protocol.api.VersionPage;
import io.forebay.protocol.api.VersionsRequest;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.HttpDate;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A storage node whose objects are in memory: the native object API with Forebay's own headers, for tests
/// of what stands in front of it.
public final class InMemoryNode implements Handler {
    private final StateWatch watch;
    private final NodeErrors errors = new NodeErrors("t[memory]");
    private final Map<Long, InMemoryBucket> buckets = new TreeMap<>();
    private long nowMillis = 1_700_000_000_000L;

    public InMemoryNode(StateWatch watch) {
        this.watch = watch;
    }

    /// How many objects a bucket holds; 0 when there is no such bucket.
    public synchronized int count(Bucket bucket) {
        return contents(bucket).objects.size();
    }

    @Override
    public Reply handle(Exchange exchange) {
        try {
            return answer(exchange);
        } catch (StoreException e) {
            return errors.render(e, exchange);
        }
    }

    private Reply answer(Exchange exchange) {
        Request request = exchange.request();
        Query query = request.query();
        NativePath path = NativePath.parse(request.rawPath());
        Bucket bucket = watch.current().bucket(path.bucketName(query));
        if (bucket == null) {
            throw NodeErrors.noSuchBucket(path.bucketName(query));
        }
        if (path.collection().equals(NativePath.BUCKETS)) {
            return request.method() == Method.DELETE ? removeMany(exchange, bucket) : list(exchange, bucket, query);
        }
        if (request.method() != Method.GET && request.method() != Method.HEAD && !exchange.mayWait()) {
            return Reply.WOULD_WAIT;
        }
        ObjectKey key = path.key(query);
        if (!request.headers().contains(NodeHeaders.ATTRIBUTES)) {
            NativePath.checkObjectName(key.name(), request.method() == Method.PUT);
        }
        return switch (request.method()) {
            case GET, HEAD ->
                query.contains("uploadId")
                        ? parts(key, bucket, query)
                        : request.headers().contains(NodeHeaders.PARTS)
                                ? partsOfObject(key, bucket)
                                : read(exchange, key, bucket, query);
            case PUT -> write(exchange, key, bucket, query);
            case POST -> act(exchange, key, bucket, query);
            case DELETE -> remove(exchange, key, bucket, query);
            case PATCH -> merge(exchange, key, bucket);
            case OPTIONS -> throw new StoreException(ErrorCode.UNSUPPORTED, "not in memory");
        };
    }

    private synchronized Reply list(Exchange exchange, Bucket bucket, Query query) {
        InMemoryBucket contents = contents(bucket);
        Reply reply = switch (query.find("what", "")) {
            case "page", "holdings" -> {
                PageRequest asked = WireJson.read(exchange.body().readAll(1 << 20), PageRequest.class);
                Page page = contents.page(asked);
                yield Reply.of(200, PageCodec.CONTENT_TYPE, PageCodec.encode(page, asked.attributes()));
            }
            case "uploads" -> {
                List<UploadInfo> uploads = new ArrayList<>();
                contents.uploads.forEach((id, upload) -> uploads.add(
                        new UploadInfo(upload.name, id, upload.createdMillis, upload.agreement, upload.system)));
                yield Reply.of(200, "application/json", WireJson.write(uploads));
            }
            case "versions" -> {
                VersionsRequest asked = WireJson.read(exchange.body().readAll(1 << 20), VersionsRequest.class);
                Page page = contents.page(asked.page());
                List<VersionPage.Entry> entries =
                        page.entries().stream().map(InMemoryNode::onlyVersion).toList();
                yield JsonReply.of(new VersionPage(entries, page.truncated()));
            }
            default -> throw new StoreException(ErrorCode.UNSUPPORTED, "not in memory: " + query.find("what", ""));
        };
        return reply.with(NodeHeaders.EPOCH, Placements.of(watch.current()).label());
    }

    private synchronized Reply read(Exchange exchange, ObjectKey key, Bucket bucket, Query query) {
        Headers asked = exchange.request().headers();
        StoredObject object = contents(bucket).require(key);
        ObjectAttributes attributes = object.attributes();
        Headers headers = new Headers();
        AttributeHeaders.write(attributes, headers);
        if (!InMemoryConditions.holds(asked, attributes)) {
            throw new StoreException(ErrorCode.PRECONDITION_FAILED, key + " is not as expected");
        }
        if (InMemoryConditions.isKnown(asked, attributes)) {
            return new Reply(304, headers, Payload.none());
        }
        ByteRange range = new InMemoryRange(object, query, asked.find("Range")).resolve(headers);
        ByteBuffer bytes = range == null
                ? object.bytes().duplicate()
                : object.bytes().slice((int) range.offset(), (int) range.length());
        if (range != null) {
            headers.add("Content-Range", "bytes " + range.offset() + "-" + range.last() + "/" + attributes.size());
        }
        Payload payload = exchange.request().method() == Method.HEAD
                ? new Payload.Described(bytes.remaining())
                : new Payload.Memory(bytes);
        return new Reply(range == null ? 200 : 206, headers, payload);
    }

    private synchronized Reply merge(Exchange exchange, ObjectKey key, Bucket bucket) {
        InMemoryBucket contents = contents(bucket);
        StoredObject present = contents.require(key);
        InMemoryConditions.checkWrite(exchange.request().headers(), present, key);
        StoredObject merged =
                present.merged(AttributeHeaders.readSystem(exchange.request().headers()));
        contents.objects.put(key.name(), merged);
        Headers headers = new Headers();
        AttributeHeaders.write(merged.attributes(), headers);
        return new Reply(200, headers, Payload.none());
    }

    private Reply write(Exchange exchange, ObjectKey key, Bucket bucket, Query query) {
        Headers asked = exchange.request().headers();
        String uploadId = query.find("uploadId");
        String agreed = "";
        if (uploadId != null) {
            synchronized (this) {
                agreed = contents(bucket).upload(key, uploadId).agreement;
            }
        }
        StoredObject written = StoredObject.receive(exchange.body(), asked, agreed, tick());
        synchronized (this) {
            InMemoryBucket contents = contents(bucket);
            if (bucket.sealed()) {
                throw NodeErrors.noSuchBucket(bucket.name());
            }
            if (uploadId == null) {
                StoredObject present = contents.objects.get(key.name());
                InMemoryConditions.checkWrite(asked, present, key);
                String offset = asked.find(NodeHeaders.WRITE_OFFSET);
                written = offset == null
                        ? written
                        : contents.require(key).extended(Long.parseLong(offset), written, tick());
                contents.objects.put(key.name(), written);
            } else {
                int number = Integer.parseInt(query.find("partNumber", "0"));
                contents.upload(key, uploadId).parts.put(number, written);
            }
        }
        Headers headers = new Headers();
        AttributeHeaders.write(written.attributes(), headers);
        return new Reply(200, headers, Payload.none());
    }

    private synchronized Reply act(Exchange exchange, ObjectKey key, Bucket bucket, Query query) {
        ActionMessage message = ActionMessage.parse(exchange.body().readAll(1 << 20));
        Headers asked = exchange.request().headers();
        InMemoryBucket contents = contents(bucket);
        if (message.action().equals(AisActions.CREATE_UPLOAD)) {
            String id = "upload" + (100_000 + contents.nextUpload++)
                    + Integer.toHexString(key.name().hashCode());
            contents.uploads.put(
                    id,
                    new InMemoryUpload(
                            key.name(),
                            tick(),
                            asked.find(NodeHeaders.UPLOAD_CHECKSUM, ""),
                            AttributeHeaders.readSystem(asked),
                            AttributeHeaders.readCustom(asked)));
            return Reply.text(200, id);
        }
        Check.argument(message.action().equals(AisActions.COMPLETE_UPLOAD), "unknown action %s", message.action());
        String id = query.find("uploadId", "");
        StoredObject whole = contents.upload(key, id)
                .complete(asked, message.value() instanceof List<?> list ? list : List.of(), tick());
        InMemoryConditions.checkWrite(asked, contents.objects.get(key.name()), key);
        contents.objects.put(key.name(), whole);
        contents.uploads.remove(id);
        Headers headers = new Headers();
        AttributeHeaders.write(whole.attributes(), headers);
        return new Reply(200, headers, Payload.none());
    }

    private synchronized Reply remove(Exchange exchange, ObjectKey key, Bucket bucket, Query query) {
        InMemoryBucket contents = contents(bucket);
        String uploadId = query.find("uploadId");
        if (uploadId != null) {
            contents.upload(key, uploadId);
            contents.uploads.remove(uploadId);
            return Reply.of(200);
        }
        remove(contents, key, exchange.request().headers());
        return Reply.of(200);
    }

    private static void remove(InMemoryBucket contents, ObjectKey key, Headers asked) {
        StoredObject object = contents.objects.get(key.name());
        if (object == null) {
            throw NodeErrors.nothingToDelete(key);
        }
        InMemoryConditions.checkWrite(asked, object, key);
        contents.objects.remove(key.name());
    }

    private synchronized Reply removeMany(Exchange exchange, Bucket bucket) {
        RemovalsRequest asked = WireJson.read(exchange.body().readAll(1 << 20), RemovalsRequest.class);
        List<RemovalsReply.Outcome> outcomes = new ArrayList<>();
        for (RemovalsRequest.Removal removal : asked.removals()) {
            Headers headers = new Headers();
            if (removal.etag() != null) {
                headers.add("If-Match", removal.etag());
            }
            if (removal.size() != null) {
                headers.add(NodeHeaders.IF_SIZE, removal.size());
            }
            if (removal.modifiedSeconds() != null) {
                headers.add(NodeHeaders.IF_MODIFIED_AT, removal.modifiedSeconds());
            }
            try {
                remove(contents(bucket), new ObjectKey(bucket.name(), removal.name()), headers);
                outcomes.add(new RemovalsReply.Outcome("", false, null, ""));
            } catch (StoreException e) {
                outcomes.add(RemovalsReply.Outcome.of(e));
            }
        }
        return JsonReply.of(new RemovalsReply(outcomes));
    }

    private synchronized Reply parts(ObjectKey key, Bucket bucket, Query query) {
        InMemoryUpload upload = contents(bucket).upload(key, query.find("uploadId", ""));
        Reply reply = Reply.of(200, "application/json", WireJson.write(upload.list()))
                .with(NodeHeaders.UPLOAD_CHECKSUM, upload.agreement);
        AttributeHeaders.writeSystem(upload.system, reply.headers());
        return reply;
    }

    private synchronized Reply partsOfObject(ObjectKey key, Bucket bucket) {
        StoredObject object = contents(bucket).require(key);
        Reply reply = Reply.of(200, "application/json", WireJson.write(object.partInfos()));
        AttributeHeaders.write(object.attributes(), reply.headers());
        return reply;
    }

    private InMemoryBucket contents(Bucket bucket) {
        return buckets.computeIfAbsent(bucket.id(), id -> new InMemoryBucket());
    }

    /// Each write is a second after the one before, so that tests see the difference.
    private synchronized long tick() {
        nowMillis += 1000;
        return nowMillis;
    }

    /// What an object's bytes are asked for: a range, a part, or all.
    private record InMemoryRange(
            StoredObject object, Query query, @Nullable String header) {
        @Nullable
        ByteRange resolve(Headers headers) {
            long size = object.attributes().size();
            String part = query.find("partNumber");
            if (part != null) {
                return ofPart(Integer.parseInt(part), headers);
            }
            RangeHeader range = header == null ? null : RangeHeader.parse(header);
            if (range == null) {
                return null;
            }
            ByteRange resolved = range.resolve(size);
            if (resolved == null) {
                throw new StoreException(ErrorCode.RANGE_NOT_SATISFIABLE, "range " + header + " of " + size + " bytes");
            }
            return resolved;
        }

        private @Nullable ByteRange ofPart(int number, Headers headers) {
            List<StoredObject> parts = object.parts();
            if (parts.isEmpty() && number == 1) {
                long size = object.attributes().size();
                return size == 0 ? null : new ByteRange(0, size);
            }
            if (number > parts.size()) {
                throw new StoreException(ErrorCode.RANGE_NOT_SATISFIABLE, "part " + number + " of " + parts.size());
            }
            long offset = 0;
            for (StoredObject part : parts.subList(0, number - 1)) {
                offset += part.attributes().size();
            }
            StoredObject part = parts.get(number - 1);
            for (Checksum checksum : object.agreedOf(part)) {
                headers.add(NodeHeaders.PART_CHECKSUM, checksum.type().wireName() + "=" + checksum.hex());
            }
            return new ByteRange(offset, part.attributes().size());
        }
    }

    /// The dates and tags of conditional requests.
    private static final class InMemoryConditions {
        private InMemoryConditions() {}

        static boolean holds(Headers asked, ObjectAttributes attributes) {
            String match = asked.find("If-Match");
            if (match != null) {
                return names(match, attributes.etag());
            }
            String since = asked.find("If-Unmodified-Since");
            return since == null || attributes.modifiedMillis() / 1000 * 1000 <= HttpDate.parse(since);
        }

        static boolean isKnown(Headers asked, ObjectAttributes attributes) {
            String noneMatch = asked.find("If-None-Match");
            if (noneMatch != null) {
                return names(noneMatch, attributes.etag());
            }
            String since = asked.find("If-Modified-Since");
            return since != null && attributes.modifiedMillis() / 1000 * 1000 <= HttpDate.parse(since);
        }

        static void checkWrite(Headers asked, @Nullable StoredObject current, ObjectKey key) {
            if (asked.contains("If-None-Match") && current != null) {
                throw new StoreException(ErrorCode.PRECONDITION_FAILED, key + " exists");
            }
            String match = asked.find("If-Match");
            String size = asked.find(NodeHeaders.IF_SIZE);
            String second = asked.find(NodeHeaders.IF_MODIFIED_AT);
            if (match == null && size == null && second == null) {
                return;
            }
            if (current == null) {
                throw new StoreException(ErrorCode.NO_SUCH_OBJECT, key + " does not exist");
            }
            ObjectAttributes found = current.attributes();
            if ((match != null && !names(match, found.etag()))
                    || !isOrNull(size, found.size())
                    || !isOrNull(second, found.modifiedMillis() / 1000)) {
                throw new StoreException(ErrorCode.PRECONDITION_FAILED, key + " is another");
            }
        }

        private static boolean isOrNull(@Nullable String asked, long found) {
            return asked == null || asked.equals(Long.toString(found));
        }

        private static boolean names(String list, String etag) {
            String text = list.replace("\"", "");
            return text.equals("*") || List.of(text.split("\\s*,\\s*", -1)).contains(etag);
        }
    }

    private static VersionPage.Entry onlyVersion(Page.Entry entry) {
        return entry.group()
                ? VersionPage.Entry.group(entry.name())
                : new VersionPage.Entry(
                        entry.name(),
                        false,
                        VersionId.NULL,
                        true,
                        false,
                        entry.size(),
                        entry.modifiedMillis(),
                        entry.etag(),
                        List.copyOf(entry.checksums().keySet()),
                        entry.compositeChecksum());
    }
}
