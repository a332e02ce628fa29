package io.forebay.gateway.api.s3;

import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.VersionId;
import io.forebay.gateway.auth.Caller;
import io.forebay.gateway.auth.Identity;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Query;
import org.jspecify.annotations.Nullable;

/// One request to the S3 face, read as far as every operation needs it.
record S3Call(Exchange exchange, Query query, S3Address address, Identity.Known identity) {
    private static final int MAX_LISTED = 1000;

    /// The first value of a header, or null.
    @Nullable
    String header(String name) {
        return exchange.request().headers().find(name);
    }

    /// A query parameter; empty when it is absent.
    String parameter(String name) {
        return query.find(name, "");
    }

    Caller caller() {
        return identity.caller();
    }

    /// Throws InvalidBucketName.
    BucketName bucket() {
        return BucketNames.named(address.bucket());
    }

    ObjectKey key() {
        return new ObjectKey(bucket(), address.key());
    }

    /// A whole number of 0 or more, such as `max-keys`; more than 1000 is 1000. Throws InvalidArgument.
    int limit(String name) {
        return Math.min(MAX_LISTED, number(name, MAX_LISTED));
    }

    /// A whole number of 0 or more in the query. Throws InvalidArgument.
    int number(String name, int absent) {
        String text = parameter(name);
        return text.isEmpty() ? absent : number(name, text);
    }

    static int number(String name, String text) {
        int value;
        try {
            value = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            value = -1;
        }
        if (value < 0) {
            throw S3Failure.invalidArgument(
                    name, text, "Argument " + name + " must be an integer between 0 and 2147483647");
        }
        return value;
    }

    /// The part number of the query, 1 to 10,000. Throws InvalidArgument.
    int partNumber() {
        String text = parameter("partNumber");
        int number;
        try {
            number = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            number = 0;
        }
        if (number < 1 || number > 10_000) {
            throw S3Failure.invalidArgument(
                    "partNumber", text, "Part number must be an integer between 1 and 10000, inclusive");
        }
        return number;
    }

    /// The object, or the version of it that `versionId` names. Throws InvalidArgument.
    ObjectKey versionKey() {
        String version = query.find("versionId");
        return version == null ? key() : versionOf(key(), version);
    }

    /// Throws InvalidArgument for what is no id of a version.
    static ObjectKey versionOf(ObjectKey key, String version) {
        if (version.isEmpty()) {
            throw S3Failure.invalidArgument("versionId", version, "Version id cannot be the empty string");
        }
        if (!VersionId.isValid(version)) {
            throw S3Failure.invalidArgument("versionId", version, "Invalid version id specified");
        }
        return key.at(version);
    }
}
