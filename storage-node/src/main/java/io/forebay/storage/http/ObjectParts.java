package io.forebay.storage.http;

import io.forebay.common.model.Checksum;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.PartInfo;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.PartSpan;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReadOutcome;
import java.util.List;
import java.util.Map;

/// GET with `Forebay-Parts`: which parts an object was made of, beside its attributes.
final class ObjectParts {
    private final Encryptions encryptions;
    private final NodeErrors errors;
    private final VersionChoice versions;

    ObjectParts(ObjectStore store, Encryptions encryptions, NodeErrors errors) {
        this.encryptions = encryptions;
        this.errors = errors;
        this.versions = new VersionChoice(store);
    }

    /// A JSON array of the parts by number. Throws NO_SUCH_OBJECT.
    Reply list(ObjectRequest request) {
        return switch (versions.find(request).outcome()) {
            case ReadOutcome.WouldWait wait -> Reply.WOULD_WAIT;
            case ReadOutcome.Absent absent -> {
                HeldRequest.checkAbsent(request);
                throw errors.noSuchObject(request.key());
            }
            case ReadOutcome.Found found -> {
                HeldRequest.check(request, found.record());
                yield list(encryptions.told(request, found.record()));
            }
        };
    }

    private static Reply list(ObjectRecord record) {
        List<PartInfo> parts =
                record.parts().stream().map(ObjectParts::describe).toList();
        Reply reply = Reply.of(200, "application/json", WireJson.write(parts));
        AttributeHeaders.write(record.attributes(), reply.headers());
        Encryptions.addTo(record, reply.headers());
        return reply;
    }

    private static PartInfo describe(PartSpan part) {
        Checksum checksum = part.checksum();
        return new PartInfo(
                part.number(),
                part.length(),
                0,
                "",
                checksum == null ? Map.of() : Map.of(checksum.type().wireName(), checksum.hex()));
    }
}
