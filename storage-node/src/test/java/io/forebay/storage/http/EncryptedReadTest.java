package io.forebay.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.storage.NodeFixture;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The same of objects that are encrypted: their readers see no difference.
final class EncryptedReadTest extends ReadTest {
    @Override
    NodeFixture fixture(Path data) {
        return NodeFixture.encrypting(data);
    }

    /// Nothing on the disk has the content, so that nothing can be changed by looking for it.
    @Test
    @Override
    void bytesThatChangedOnDiskAreFoundByValidation() throws IOException {
        corrupt("0123456789");
        assertThat(node.content("digits")).isEqualTo("0123456789");
    }
}
