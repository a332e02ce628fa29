package io.forebay.storage.peer;

import io.forebay.common.io.ByteSource;
import io.forebay.storage.object.ReceiveSession;
import java.nio.ByteBuffer;

/// Takes bytes of another node into a session of the kernel.
final class Intake {
    private Intake() {}

    static void fill(ReceiveSession session, ByteSource source) {
        for (ByteBuffer bytes = source.next(); bytes != null; bytes = source.next()) {
            session.write(bytes);
        }
    }
}
