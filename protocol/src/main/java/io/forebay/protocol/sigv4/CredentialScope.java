package io.forebay.protocol.sigv4;

import org.jspecify.annotations.Nullable;

/// What a signature is good for: `accessKey/yyyymmdd/region/service/aws4_request`.
record CredentialScope(String accessKey, String date, String region, String service) {
    private static final String TERMINATOR = "aws4_request";

    /// Reads a `Credential` value, from its end: an access key may contain slashes. Null when it is malformed.
    static @Nullable CredentialScope parse(String text) {
        int terminator = text.lastIndexOf('/');
        int service = terminator < 0 ? -1 : text.lastIndexOf('/', terminator - 1);
        int region = service < 0 ? -1 : text.lastIndexOf('/', service - 1);
        int date = region < 0 ? -1 : text.lastIndexOf('/', region - 1);
        if (date <= 0 || !text.substring(terminator + 1).equals(TERMINATOR)) {
            return null;
        }
        CredentialScope scope = new CredentialScope(
                text.substring(0, date),
                text.substring(date + 1, region),
                text.substring(region + 1, service),
                text.substring(service + 1, terminator));
        return isDate(scope.date) ? scope : null;
    }

    /// The scope as the string to sign has it, without the access key.
    String text() {
        return date + "/" + region + "/" + service + "/" + TERMINATOR;
    }

    private static boolean isDate(String text) {
        if (text.length() != 8) {
            return false;
        }
        for (int index = 0; index < 8; index++) {
            if (text.charAt(index) < '0' || text.charAt(index) > '9') {
                return false;
            }
        }
        return true;
    }
}
