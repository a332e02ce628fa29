package io.forebay.common.model;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;

/// Where a bucket's data lives. `AIS` is Forebay itself; the others are remote stores (AIStore `apc/provider.go`).
public enum Provider {
    AIS("ais", "ais"),
    AWS("aws", "s3"),
    AZURE("azure", "az"),
    GCP("gcp", "gs"),
    OCI("oci", "oc");

    private final String wireName;
    private final String scheme;

    Provider(String wireName, String scheme) {
        this.wireName = wireName;
        this.scheme = scheme;
    }

    public String wireName() {
        return wireName;
    }

    /// The scheme of the display form, as in `ais://bucket/object`.
    public String scheme() {
        return scheme;
    }

    /// Finds a provider by its name or alias; an empty text means `AIS`. Throws INVALID_ARGUMENT for any other.
    public static Provider parse(String text) {
        if (text.isEmpty()) {
            return AIS;
        }
        for (Provider provider : values()) {
            if (provider.wireName.equals(text) || provider.scheme.equals(text)) {
                return provider;
            }
        }
        throw new StoreException(ErrorCode.INVALID_ARGUMENT, "invalid provider \"" + text + "\"");
    }
}
