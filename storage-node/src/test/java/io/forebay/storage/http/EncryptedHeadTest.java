package io.forebay.storage.http;

import io.forebay.storage.NodeFixture;
import java.nio.file.Path;

/// The same of objects that are encrypted: their readers and writers see no difference.
final class EncryptedHeadTest extends HeadTest {
    @Override
    NodeFixture fixture(Path data) {
        return NodeFixture.encrypting(data);
    }
}
