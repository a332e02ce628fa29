package io.forebay.gateway.api.s3;

import io.forebay.common.model.BucketName;
import io.forebay.common.model.ChecksumType;
import io.forebay.gateway.auth.Account;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Listings;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.http.Reply;
import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Listing objects: ListObjects, ListObjectsV2.
final class ObjectListings {
    private final Gatekeeper gate;
    private final Buckets buckets;
    private final Listings listings;

    ObjectListings(Gatekeeper gate, Buckets buckets, Listings listings) {
        this.gate = gate;
        this.buckets = buckets;
        this.listings = listings;
    }

    /// ListObjects.
    Reply list(S3Call call) {
        ListingText text = ListingText.of(call);
        int limit = call.limit("max-keys");
        String marker = call.parameter("marker");
        Account owner = owner(call);
        Page page = page(call, marker, limit);
        XmlWriter xml = XmlWriter.of("ListBucketResult")
                .element("Name", call.address().bucket())
                .element("Prefix", text.of(call.parameter("prefix")))
                .element("Marker", text.of(marker));
        String delimiter = call.parameter("delimiter");
        if (page.truncated() && !delimiter.isEmpty()) {
            xml.element("NextMarker", text.of(page.entries().getLast().name()));
        }
        addScope(call, text, limit, page.truncated(), xml);
        addEntries(page, text, xml, entry -> addObject(entry, text, owner, xml));
        return S3Replies.xml(200, xml);
    }

    /// ListObjectsV2.
    Reply listV2(S3Call call) {
        ListingText text = ListingText.of(call);
        int limit = call.limit("max-keys");
        String token = call.query().find("continuation-token");
        String startAfter = call.parameter("start-after");
        String after = token == null || token.isEmpty() ? startAfter : ContinuationToken.parse(token);
        Page page = page(call, after, limit);
        XmlWriter xml = XmlWriter.of("ListBucketResult")
                .element("Name", call.address().bucket())
                .element("Prefix", text.of(call.parameter("prefix")));
        if (!startAfter.isEmpty()) {
            xml.element("StartAfter", text.of(startAfter));
        }
        if (token != null) {
            xml.element("ContinuationToken", token);
        }
        if (page.truncated()) {
            xml.element(
                    "NextContinuationToken",
                    ContinuationToken.after(page.entries().getLast().name()));
        }
        xml.element("KeyCount", page.entries().size());
        addScope(call, text, limit, page.truncated(), xml);
        Account owner = call.parameter("fetch-owner").equalsIgnoreCase("true") ? owner(call) : null;
        addEntries(page, text, xml, entry -> addObject(entry, text, owner, xml));
        return S3Replies.xml(200, xml);
    }

    /// Whose objects they are: what a bucket has is its owner's. Throws NO_SUCH_BUCKET.
    private Account owner(S3Call call) {
        return gate.ownerOf(buckets.require(call.bucket()));
    }

    private Page page(S3Call call, String after, int limit) {
        BucketName bucket = buckets.require(call.bucket()).name();
        if (limit == 0) {
            return Page.EMPTY;
        }
        return listings.page(
                call.exchange(),
                bucket,
                new PageRequest(call.parameter("prefix"), after, call.parameter("delimiter"), limit, true));
    }

    /// Adds what a list was asked for.
    static void addScope(S3Call call, ListingText text, int limit, boolean truncated, XmlWriter xml) {
        xml.element("MaxKeys", limit);
        String delimiter = call.parameter("delimiter");
        if (!delimiter.isEmpty()) {
            xml.element("Delimiter", text.of(delimiter));
        }
        if (text == ListingText.URL) {
            xml.element("EncodingType", "url");
        }
        xml.element("IsTruncated", truncated);
    }

    /// Objects first, then the groups that were rolled up.
    private static void addEntries(Page page, ListingText text, XmlWriter xml, Consumer<Page.Entry> addObject) {
        for (Page.Entry entry : page.entries()) {
            if (!entry.group()) {
                addObject.accept(entry);
            }
        }
        for (Page.Entry entry : page.entries()) {
            if (entry.group()) {
                xml.open("CommonPrefixes")
                        .element("Prefix", text.of(entry.name()))
                        .close();
            }
        }
    }

    private static void addObject(Page.Entry entry, ListingText text, @Nullable Account owner, XmlWriter xml) {
        xml.open("Contents")
                .element("Key", text.of(entry.name()))
                .element("LastModified", S3Time.iso(entry.modifiedMillis()))
                .etag(entry.etag());
        addChecksumAlgorithm(entry.checksums().keySet(), entry.compositeChecksum(), xml);
        xml.element("Size", entry.size());
        if (owner != null) {
            Owners.add("Owner", owner, xml);
        }
        xml.element("StorageClass", "STANDARD").close();
    }

    /// Says which checksum an object of a list has.
    ///
    /// @param checksums wire names of those of all its bytes
    /// @param composite as a page's entry has it
    static void addChecksumAlgorithm(Collection<String> checksums, String composite, XmlWriter xml) {
        if (!composite.isEmpty()) {
            ChecksumType type = S3Checksums.compositeType(composite);
            if (type != null) {
                xml.element("ChecksumAlgorithm", S3Checksums.name(type));
                xml.element("ChecksumType", S3Checksums.COMPOSITE);
                return;
            }
        }
        ChecksumType used = ChecksumType.find(composite);
        ChecksumType type = used == null ? S3Checksums.shownOf(checksums) : used;
        if (type != null) {
            xml.element("ChecksumAlgorithm", S3Checksums.name(type));
            xml.element("ChecksumType", S3Checksums.FULL_OBJECT);
        }
    }
}
