package io.forebay.protocol.api;

/// New keys of a user, which are shown this once.
///
/// @param canonicalId S3's id of the user, 64 hex digits
/// @param token of AIStore clients, valid as long as the keys are
public record UserCredentials(String name, String canonicalId, String accessKey, String secretKey, String token) {
    @Override
    public String toString() {
        return "UserCredentials[" + name + ", " + accessKey + ", ***]";
    }
}
