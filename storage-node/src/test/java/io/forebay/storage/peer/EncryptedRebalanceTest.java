package io.forebay.storage.peer;

/// The same of objects that are encrypted: nodes give each other what they have of them, and need no key for that.
final class EncryptedRebalanceTest extends RebalanceTest {
    @Override
    void prepare() {
        cluster.encrypt();
    }
}
