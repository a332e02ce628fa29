package io.forebay.storage.peer;

import org.junit.jupiter.api.BeforeEach;

/// The same of objects that are encrypted: nodes give each other what they have of them, and need no key for that.
final class EncryptedOwnersChangeTest extends OwnersChangeTest {
    @BeforeEach
    void encrypt() {
        cluster.encrypt();
    }
}
