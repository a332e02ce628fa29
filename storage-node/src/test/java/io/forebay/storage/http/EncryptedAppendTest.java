package io.forebay.storage.http;

import io.forebay.storage.NodeFixture;
import java.nio.file.Path;

/// The same of objects that are encrypted: their readers and writers see no difference.
final class EncryptedAppendTest extends AppendTest {
    @Override
    NodeFixture fixture(Path data) {
        return NodeFixture.encrypting(data);
    }

    /// All bytes were read.
    @Override
    String checksumOfPieces() {
        return "xxhash2";
    }
}
