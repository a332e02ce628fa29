package io.forebay.gateway.api.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.core.Listings;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.bucket.BucketList;
import io.forebay.protocol.api.bucket.ListMessage;
import io.forebay.protocol.api.bucket.ListMessage.Flag;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Reply;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One page of objects as AIStore's clients ask for it.
///
/// Stateless: the token is the last name of the page, and is given when the page is full, so that a bucket whose
/// count is a multiple of the page size ends with an empty page (AIStore `ais/plstcx.go`).
final class ObjectListing {
    private static final int MAX_PAGE_ENTRIES = 10_000;
    private static final int WIDE_PAGE_ENTRIES = 1_000;
    private static final String MSGPACK = "application/msgpack";
    private final Listings listings;
    private final Objects objects;
    private final SessionIds ids;

    ObjectListing(Listings listings, Objects objects, SessionIds ids) {
        this.listings = listings;
        this.objects = objects;
        this.ids = ids;
    }

    /// Throws INVALID_ARGUMENT or UNSUPPORTED for what the message asks for wrongly.
    Reply list(Exchange exchange, Bucket bucket, ListMessage message) {
        message.validate();
        Check.that(exchange.mayWait(), "listing %s on a thread that may not wait", bucket.name());
        if (message.has(Flag.INVENTORY)) {
            throw new StoreException(
                    ErrorCode.UNSUPPORTED, "listing " + bucket.name() + ": inventories are not offered");
        }
        int limit = message.pageSize() == 0 || message.pageSize() > MAX_PAGE_ENTRIES
                ? MAX_PAGE_ENTRIES
                : (int) message.pageSize();
        EntryForm form = new EntryForm(bucket, message, objects);
        List<BucketList.Entry> entries = message.has(Flag.ARCHIVE_DIRECTORY)
                ? contents(exchange, bucket, message, limit, form)
                : entries(exchange, bucket, message, limit, form);
        String uuid = text(message.uuid());
        BucketList list = new BucketList(
                uuid.isEmpty() ? ids.next() : uuid,
                entries.size() < limit ? "" : entries.getLast().name(),
                entries);
        String accept = exchange.request().headers().find("Accept", "");
        return accept.contains(MSGPACK)
                ? Reply.of(200, MSGPACK, list.msgpack())
                : Reply.of(200, JsonReply.TYPE, list.json());
    }

    /// Pages until the limit is reached. Where directories are left out, pages are asked for that may hold many.
    private List<BucketList.Entry> entries(
            Exchange exchange, Bucket bucket, ListMessage message, int limit, EntryForm form) {
        String prefix = prefix(message);
        String delimiter = delimiter(message);
        String after = after(message);
        boolean directories = !message.has(Flag.NO_DIRECTORIES);
        List<BucketList.Entry> entries = new ArrayList<>();
        while (true) {
            int missing = limit - entries.size();
            int asked = directories ? missing : Math.max(missing, WIDE_PAGE_ENTRIES);
            Page page = page(
                    exchange,
                    bucket,
                    text(message.target()),
                    new PageRequest(prefix, after, delimiter, asked, form.needsAttributes()));
            for (Page.Entry entry : page.entries()) {
                if (entries.size() < limit && (directories || !entry.group())) {
                    entries.add(form.entry(entry));
                }
            }
            if (!page.truncated() || entries.size() == limit) {
                return entries;
            }
            after = page.entries().getLast().name();
        }
    }

    private List<BucketList.Entry> contents(
            Exchange exchange, Bucket bucket, ListMessage message, int limit, EntryForm form) {
        PageRequest request =
                new PageRequest(prefix(message), after(message), delimiter(message), limit, form.needsAttributes());
        String target = text(message.target());
        return listings
                .contents(
                        exchange,
                        target.isEmpty() ? null : new NodeId(target),
                        bucket.name(),
                        request,
                        !message.has(Flag.NO_DIRECTORIES))
                .stream()
                .map(form::entry)
                .toList();
    }

    private static String delimiter(ListMessage message) {
        return message.has(Flag.NO_RECURSION) ? "/" : "";
    }

    private static String after(ListMessage message) {
        return text(message.token()).isEmpty() ? text(message.startAfter()) : text(message.token());
    }

    private Page page(Exchange exchange, Bucket bucket, String target, PageRequest request) {
        return target.isEmpty()
                ? listings.page(exchange, bucket.name(), request)
                : listings.page(exchange, new NodeId(target), bucket.name(), request);
    }

    /// A last `*` is dropped; otherwise the rule of object names, but that a prefix may be empty.
    private static String prefix(ListMessage message) {
        String prefix = text(message.prefix());
        String trimmed = prefix.endsWith("*") ? prefix.substring(0, prefix.length() - 1) : prefix;
        if (!trimmed.isEmpty()) {
            NativePath.checkObjectName(trimmed, false);
        }
        return trimmed;
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
