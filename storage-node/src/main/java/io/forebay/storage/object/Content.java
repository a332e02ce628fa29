package io.forebay.storage.object;

import io.forebay.common.io.ByteSource;
import java.util.List;

/// All bytes of an object that is being written or changed; they can be read more than once.
public interface Content {
    /// No bytes.
    Content NOTHING = new Content() {
        @Override
        public long size() {
            return 0;
        }

        @Override
        public ByteSource open() {
            return new SliceSource(List.of());
        }
    };

    /// In bytes.
    long size();

    /// The bytes from the first one on. The caller closes the source before what it was given the content
    /// for ends.
    ByteSource open();
}
