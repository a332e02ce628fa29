package io.forebay.gateway.api.s3;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ChecksumType;
import io.forebay.gateway.auth.Account;
import io.forebay.gateway.auth.ObjectAccess;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Listings;
import io.forebay.protocol.api.UploadInfo;
import io.forebay.protocol.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// ListMultipartUploads.
final class UploadListings {
    private final AccessControls controls;
    private final Buckets buckets;
    private final Listings listings;

    UploadListings(AccessControls controls, Buckets buckets, Listings listings) {
        this.controls = controls;
        this.buckets = buckets;
        this.listings = listings;
    }

    /// One page of uploads: what was taken, and where the next one begins.
    private static final class Taken {
        private final List<UploadInfo> uploads = new ArrayList<>();
        private final Set<String> groups = new LinkedHashSet<>();
        private String lastName = "";
        private String lastId = "";
        private boolean truncated;

        int size() {
            return uploads.size() + groups.size();
        }
    }

    Reply list(S3Call call) {
        ListingText text = ListingText.of(call);
        int limit = call.limit("max-uploads");
        Bucket found = buckets.require(call.bucket());
        BucketName bucket = found.name();
        Taken taken = take(call, listings.uploads(call.exchange(), bucket), limit);
        XmlWriter xml = XmlWriter.of("ListMultipartUploadsResult")
                .element("Bucket", bucket.name())
                .element("KeyMarker", text.of(call.parameter("key-marker")))
                .element("UploadIdMarker", call.parameter("upload-id-marker"));
        if (taken.truncated) {
            xml.element("NextKeyMarker", text.of(taken.lastName)).element("NextUploadIdMarker", taken.lastId);
        }
        xml.element("Prefix", text.of(call.parameter("prefix")));
        if (!call.parameter("delimiter").isEmpty()) {
            xml.element("Delimiter", text.of(call.parameter("delimiter")));
        }
        if (text == ListingText.URL) {
            xml.element("EncodingType", "url");
        }
        xml.element("MaxUploads", limit).element("IsTruncated", taken.truncated);
        for (UploadInfo upload : taken.uploads) {
            add(controls.ownerOf(found, upload.system().get(ObjectAccess.LIST)), upload, text, xml);
        }
        for (String group : taken.groups) {
            xml.open("CommonPrefixes").element("Prefix", text.of(group)).close();
        }
        return S3Replies.xml(200, xml);
    }

    private static Taken take(S3Call call, List<UploadInfo> uploads, int limit) {
        String prefix = call.parameter("prefix");
        String delimiter = call.parameter("delimiter");
        Taken taken = new Taken();
        for (UploadInfo upload : uploads) {
            if (!upload.name().startsWith(prefix) || !isAfterMarker(call, upload)) {
                continue;
            }
            int found = delimiter.isEmpty() ? -1 : upload.name().indexOf(delimiter, prefix.length());
            String group = found < 0 ? "" : upload.name().substring(0, found + delimiter.length());
            boolean known =
                    !group.isEmpty() && (taken.groups.contains(group) || group.equals(call.parameter("key-marker")));
            if (known) {
                continue;
            }
            if (taken.size() == limit) {
                taken.truncated = limit > 0;
                break;
            }
            if (group.isEmpty()) {
                taken.uploads.add(upload);
                taken.lastName = upload.name();
                taken.lastId = upload.id();
            } else {
                taken.groups.add(group);
                taken.lastName = group;
                taken.lastId = "";
            }
        }
        return taken;
    }

    private static boolean isAfterMarker(S3Call call, UploadInfo upload) {
        String keyMarker = call.parameter("key-marker");
        if (keyMarker.isEmpty()) {
            return true;
        }
        int order = Arrays.compareUnsigned(
                upload.name().getBytes(StandardCharsets.UTF_8), keyMarker.getBytes(StandardCharsets.UTF_8));
        String idMarker = call.parameter("upload-id-marker");
        return order > 0 || (order == 0 && !idMarker.isEmpty() && upload.id().compareTo(idMarker) > 0);
    }

    private static void add(Account owner, UploadInfo upload, ListingText text, XmlWriter xml) {
        xml.open("Upload").element("Key", text.of(upload.name())).element("UploadId", upload.id());
        Owners.add("Initiator", owner, xml);
        Owners.add("Owner", owner, xml);
        xml.element("StorageClass", "STANDARD").element("Initiated", S3Time.iso(upload.createdMillis()));
        String agreed = upload.checksum();
        ChecksumType type = MultipartUploads.algorithm(agreed);
        if (type != null) {
            xml.element("ChecksumAlgorithm", S3Checksums.name(type));
            xml.element("ChecksumType", agreed.substring(agreed.indexOf(':') + 1));
        }
        xml.close();
    }
}
