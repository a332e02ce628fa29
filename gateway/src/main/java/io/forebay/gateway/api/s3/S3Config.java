package io.forebay.gateway.api.s3;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import io.forebay.gateway.auth.acl.ObjectOwnership;
import java.util.List;

/// Settings of the S3 face.
public record S3Config(
        @Setting("Region that buckets are told to be in. With the default, a bucket may be created for any region.")
        @Default("us-east-1")
        String region,

        @Setting("Domains under which a host name's first part is a bucket's name (virtual-host style).")
        @Default("localhost, s3.localhost")
        List<String> domains,

        @Setting("Longest object key in bytes of UTF-8.") @Default("1024")
        int maxKeyBytes,

        @Setting("Most user metadata of one object, names and values together.") @Default("2KiB")
        DataSize maxUserMetadata,

        @Setting("Largest object or part that one request may write, and largest object that may be copied.")
        @Default("5GiB")
        DataSize maxPutSize,

        @Setting("Least size of every part of a multipart upload but the last.") @Default("5MiB")
        DataSize minPartSize,

        @Setting("Least size of every chunk but the last in a body framed as aws-chunked.") @Default("8KiB")
        DataSize minChunkSize,

        @Setting("Largest XML document that a request may carry.") @Default("4MiB")
        DataSize maxXmlSize,

        @Setting("Most bytes of a form (POST of an object) in front of its file.") @Default("64KiB")
        DataSize maxFormSize,

        @Setting(
                "How many deletes of one DeleteObjects request run at once where they cannot go to a node together, such as"
                        + " in a bucket with copies.")
        @Default("128")
        int concurrentDeletes,

        @Setting(
                "Who owns what others write into a bucket that is created from now on, and whether access control lists"
                        + " count in it, unless its creator says.")
        @Default("bucket-owner-enforced")
        ObjectOwnership defaultOwnership,

        @Setting(
                "Whether signatures of version 2 are accepted, which old clients make. They cover less: neither the body"
                        + " nor the host.")
        @Default("false")
        boolean sigv2,

        @Setting(
                "Whether clients may send encryption keys of their own (SSE-C) over plain HTTP: where whoever ends their"
                        + " HTTPS is in front of the server.")
        @Default("false")
        boolean customerKeysOverHttp) {
    public S3Config {
        domains = List.copyOf(domains);
        Check.argument(!region.isBlank(), "region is empty");
        Check.argument(maxKeyBytes > 0, "max-key-bytes must be positive, not %s", maxKeyBytes);
        Check.argument(concurrentDeletes > 0, "concurrent-deletes must be positive, not %s", concurrentDeletes);
        Check.argument(
                minChunkSize.bytes() <= Integer.MAX_VALUE
                        && maxXmlSize.bytes() <= Integer.MAX_VALUE
                        && maxFormSize.bytes() <= Integer.MAX_VALUE / 2,
                "min-chunk-size and max-xml-size must be below 2 GiB, max-form-size below 1 GiB");
    }
}
