package io.forebay.gateway.api.object;

import io.forebay.protocol.http.Headers;

/// Which of a client's headers reach a storage node: AIStore's own, conditions and ranges. Never `Forebay-*`,
/// which gateways alone may send, nor credentials and framing.
final class ClientHeaders {
    private static final String AISTORE = "Ais-";
    private static final String CONDITION = "If-";
    private static final String RANGE = "Range";

    private ClientHeaders() {}

    static Headers forNode(Headers headers) {
        Headers passed = new Headers();
        for (int index = 0; index < headers.count(); index++) {
            String name = headers.name(index);
            boolean passes = switch (name.charAt(0)) {
                case 'A', 'a' -> name.regionMatches(true, 0, AISTORE, 0, AISTORE.length());
                case 'I', 'i' -> name.regionMatches(true, 0, CONDITION, 0, CONDITION.length());
                case 'R', 'r' -> name.equalsIgnoreCase(RANGE);
                default -> false;
            };
            if (passes) {
                passed.add(name, headers.value(index));
            }
        }
        return passed;
    }
}
