package io.forebay.storage.http;

import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.CompletedPart;
import io.forebay.protocol.api.FuzzedMessage;
import io.forebay.protocol.api.WireJson;
import io.forebay.storage.multipart.CompletionRequest.NamedPart;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages that complete uploads: the parts that one names are named again when they are written.
public final class CompletionFuzzTarget {
    private CompletionFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        List<NamedPart> parts = read(input);
        if (parts == null) {
            return;
        }
        List<CompletedPart> told = new ArrayList<>();
        for (NamedPart part : parts) {
            String checksum = part.checksum() == null
                    ? null
                    : part.checksum().type().wireName() + "=" + part.checksum().hex();
            told.add(new CompletedPart(part.number(), part.etag(), checksum));
        }
        FuzzedMessage.same(parts, read(WireJson.write(new ActionMessage("mpt-complete", "", told))));
    }

    private static @Nullable List<NamedPart> read(byte[] json) {
        return FuzzedMessage.read(() -> UploadRequests.parts(ActionMessage.parse(json)));
    }
}
