package io.forebay.gateway.api.s3;

import io.forebay.gateway.auth.Caller;

/// Owners in S3's documents: the id and the shown name of a user.
final class Owners {
    private Owners() {}

    static void add(String element, Caller owner, XmlWriter xml) {
        xml.open(element)
                .element("ID", owner.name())
                .element("DisplayName", owner.name())
                .close();
    }
}
