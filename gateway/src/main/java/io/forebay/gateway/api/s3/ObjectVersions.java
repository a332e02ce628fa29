package io.forebay.gateway.api.s3;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.VersionId;
import io.forebay.common.model.Versioning;
import io.forebay.gateway.auth.Account;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Listings;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.VersionPage;
import io.forebay.protocol.api.VersionsRequest;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.HttpDate;
import io.forebay.protocol.http.Reply;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Versions of objects: ListObjectVersions, what answers say of versions, and what delete markers answer to reads.
final class ObjectVersions {
    private static final String ID = "x-amz-version-id";
    private static final String MARKER = "x-amz-delete-marker";

    private final Gatekeeper gate;
    private final Buckets buckets;
    private final Objects objects;
    private final Listings listings;

    ObjectVersions(Gatekeeper gate, Buckets buckets, Objects objects, Listings listings) {
        this.gate = gate;
        this.buckets = buckets;
        this.objects = objects;
        this.listings = listings;
    }

    /// ListObjectVersions; of a bucket without versions each object is its own only version, `null`.
    Reply list(S3Call call) {
        ListingText text = ListingText.of(call);
        int limit = call.limit("max-keys");
        String keyMarker = call.parameter("key-marker");
        String versionMarker = call.parameter("version-id-marker");
        if (keyMarker.isEmpty() && !versionMarker.isEmpty()) {
            throw S3Failure.invalidArgument(
                    "version-id-marker",
                    versionMarker,
                    "A version-id marker cannot be specified without a key marker.");
        }
        Bucket bucket = buckets.require(call.bucket());
        VersionPage page = page(call, bucket, limit);
        XmlWriter xml = XmlWriter.of("ListVersionsResult")
                .element("Name", call.address().bucket())
                .element("Prefix", text.of(call.parameter("prefix")))
                .element("KeyMarker", text.of(keyMarker))
                .element("VersionIdMarker", versionMarker);
        if (page.truncated()) {
            VersionPage.Entry last = page.entries().getLast();
            xml.element("NextKeyMarker", text.of(last.name()));
            if (!last.group()) {
                xml.element("NextVersionIdMarker", last.versionId());
            }
        }
        ObjectListings.addScope(call, text, limit, page.truncated(), xml);
        Account owner = gate.ownerOf(bucket);
        for (VersionPage.Entry entry : page.entries()) {
            if (!entry.group()) {
                add(entry, text, owner, xml);
            }
        }
        for (VersionPage.Entry entry : page.entries()) {
            if (entry.group()) {
                xml.open("CommonPrefixes")
                        .element("Prefix", text.of(entry.name()))
                        .close();
            }
        }
        return S3Replies.xml(200, xml);
    }

    private VersionPage page(S3Call call, Bucket bucket, int limit) {
        if (limit == 0) {
            return new VersionPage(List.of(), false);
        }
        PageRequest names = new PageRequest(
                call.parameter("prefix"), call.parameter("key-marker"), call.parameter("delimiter"), limit, true);
        VersionsRequest request = new VersionsRequest(names, call.parameter("version-id-marker"));
        return listings.versions(call.exchange(), bucket.name(), request);
    }

    private static void add(VersionPage.Entry entry, ListingText text, Account owner, XmlWriter xml) {
        xml.open(entry.marker() ? "DeleteMarker" : "Version")
                .element("Key", text.of(entry.name()))
                .element("VersionId", entry.versionId())
                .element("IsLatest", entry.latest())
                .element("LastModified", S3Time.iso(entry.modifiedMillis()));
        if (!entry.marker()) {
            xml.etag(entry.etag());
            ObjectListings.addChecksumAlgorithm(entry.checksums(), entry.compositeChecksum(), xml);
            xml.element("Size", entry.size());
        }
        Owners.add("Owner", owner, xml);
        if (!entry.marker()) {
            xml.element("StorageClass", "STANDARD");
        }
        xml.close();
    }

    /// Adds the id of the version that an answer is about, where the bucket has versions.
    ///
    /// @param node the headers of the node's reply, with the object's attributes
    static void addId(Bucket bucket, Headers node, Headers answer) {
        addId(bucket, node, ID, answer);
    }

    /// As above, under another name.
    static void addId(Bucket bucket, Headers node, String header, Headers answer) {
        if (bucket.versioning() != Versioning.OFF && !answer.contains(header)) {
            answer.add(header, AttributeHeaders.readSystem(node).getOrDefault(VersionId.ATTRIBUTE, VersionId.NULL));
        }
    }

    /// Adds the id that a write gave what it made, if it gave one.
    static void addGiven(Map<String, String> system, Headers answer) {
        String id = system.get(VersionId.ATTRIBUTE);
        if (id != null) {
            answer.add(ID, id);
        }
    }

    /// Holds a read to a version that is an object. Throws MethodNotAllowed for a delete marker.
    static void requireObject(Headers node) {
        Map<String, String> system = AttributeHeaders.readSystem(node);
        if (system.containsKey(VersionId.MARKER)) {
            Map<String, String> headers = marked(system);
            headers.put("Allow", "DELETE");
            headers.put("Last-Modified", HttpDate.format(Long.parseLong(node.find(NodeHeaders.MODIFIED, "0"))));
            throw new S3Failure(S3Error.METHOD_NOT_ALLOWED).with(headers);
        }
    }

    /// What is told of an object that is not there: that it was removed, where a bucket has versions.
    RuntimeException explainAbsence(S3Call call, RuntimeException failure) {
        boolean absent = failure instanceof StoreException e && e.code() == ErrorCode.NO_SUCH_OBJECT;
        Bucket bucket = absent ? buckets.find(call.bucket()) : null;
        if (bucket == null || bucket.versioning() == Versioning.OFF) {
            return failure;
        }
        Map<String, String> system = newest(call);
        return system == null || !system.containsKey(VersionId.MARKER)
                ? failure
                : new S3Failure(S3Error.NO_SUCH_KEY).with(marked(system));
    }

    private @Nullable Map<String, String> newest(S3Call call) {
        try {
            return AttributeHeaders.readSystem(objects.describeNewest(call.exchange(), call.key()));
        } catch (StoreException e) {
            if (e.code() == ErrorCode.NO_SUCH_VERSION) {
                return null;
            }
            throw e;
        }
    }

    private static Map<String, String> marked(Map<String, String> system) {
        Map<String, String> headers = new TreeMap<>();
        headers.put(MARKER, "true");
        headers.put(ID, system.getOrDefault(VersionId.ATTRIBUTE, VersionId.NULL));
        return headers;
    }
}
