package io.forebay.storage.object;

import io.forebay.common.io.ByteSource;

/// All bytes of an object that is being written or changed; they can be read more than once.
public interface Content {
    /// In bytes.
    long size();

    /// The bytes from the first one on. The caller closes the source before what it was given the content
    /// for ends.
    ByteSource open();
}
