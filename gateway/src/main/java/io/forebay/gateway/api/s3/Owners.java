package io.forebay.gateway.api.s3;

import io.forebay.gateway.auth.Account;

/// Owners in S3's documents: the canonical id and the shown name of a user.
final class Owners {
    private Owners() {}

    static void add(String element, Account owner, XmlWriter xml) {
        xml.open(element)
                .element("ID", owner.canonicalId())
                .element("DisplayName", owner.name())
                .close();
    }
}
