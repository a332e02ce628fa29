package io.forebay.gateway.api.s3;

import io.forebay.protocol.http.PercentCode;
import org.jspecify.annotations.Nullable;

/// How a listing writes names: as they are, or percent-encoded when the client asks for `encoding-type=url`, since
/// XML cannot hold every name.
///
/// A space is `%20`, which clients decode alike whether they take `+` for a space or not.
enum ListingText {
    PLAIN {
        @Override
        String of(String name) {
            return name;
        }
    },
    URL {
        @Override
        String of(String name) {
            return PercentCode.encodePath(name);
        }
    };

    abstract String of(String name);

    /// Throws InvalidArgument for another encoding.
    static ListingText of(S3Call call) {
        @Nullable String type = call.query().find("encoding-type");
        if (type == null || type.isEmpty()) {
            return PLAIN;
        }
        if (type.equals("url")) {
            return URL;
        }
        throw S3Failure.invalidArgument("encoding-type", type, "Invalid Encoding Method specified in Request");
    }
}
