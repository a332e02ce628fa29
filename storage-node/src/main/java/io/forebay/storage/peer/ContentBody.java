package io.forebay.storage.peer;

import io.forebay.common.io.ByteSource;
import io.forebay.protocol.http.Body;
import io.forebay.storage.object.Content;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Content as a body, opened when it is asked for.
public final class ContentBody implements Body {
    private final Content content;
    private @Nullable ByteSource source;

    public ContentBody(Content content) {
        this.content = content;
    }

    @Override
    public long length() {
        return content.size();
    }

    @Override
    public @Nullable ByteBuffer next() {
        ByteSource open = source;
        if (open == null) {
            open = content.open();
            source = open;
        }
        return open.next();
    }

    @Override
    public boolean touched() {
        return source != null;
    }

    @Override
    public void close() {
        ByteSource open = source;
        if (open != null) {
            open.close();
        }
    }
}
