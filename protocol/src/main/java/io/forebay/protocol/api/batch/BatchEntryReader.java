package io.forebay.protocol.api.batch;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/// Reads an entry token by token, under the rules of `WireJson`: a batch has thousands of them, and making
/// each from its annotations takes four times as long.
final class BatchEntryReader extends StdDeserializer<BatchEntry> {
    BatchEntryReader() {
        super(BatchEntry.class);
    }

    @Override
    public BatchEntry deserialize(JsonParser parser, DeserializationContext context) {
        if (!parser.hasToken(JsonToken.START_OBJECT)) {
            return (BatchEntry) context.handleUnexpectedToken(getValueType(context), parser);
        }
        Draft draft = new Draft();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            if (!read(name, draft, parser, context) && !read(name.toLowerCase(Locale.ROOT), draft, parser, context)) {
                parser.skipChildren();
            }
        }
        return draft.entry();
    }

    /// False when an entry has nothing of that name.
    private boolean read(String name, Draft draft, JsonParser parser, DeserializationContext context) {
        switch (name) {
            case "objname" -> draft.name = text(parser, context);
            case "bucket" -> draft.bucket = text(parser, context);
            case "provider" -> draft.provider = text(parser, context);
            case "uname" -> draft.uname = text(parser, context);
            case "archpath" -> draft.member = text(parser, context);
            case "opaque" -> draft.opaque = text(parser, context);
            case "start" -> draft.start = number(parser, context);
            case "length" -> draft.length = number(parser, context);
            default -> {
                return false;
            }
        }
        return true;
    }

    private @Nullable String text(JsonParser parser, DeserializationContext context) {
        return parser.hasToken(JsonToken.VALUE_NULL) ? null : _parseString(parser, context, this);
    }

    private long number(JsonParser parser, DeserializationContext context) {
        return parser.hasToken(JsonToken.VALUE_NULL) ? 0 : _parseLongPrimitive(parser, context);
    }

    /// What was read of an entry so far.
    private static final class Draft {
        private @Nullable String name;
        private @Nullable String bucket;
        private @Nullable String provider;
        private @Nullable String uname;
        private @Nullable String member;
        private @Nullable String opaque;
        private long start;
        private long length;

        BatchEntry entry() {
            return new BatchEntry(name, bucket, provider, uname, member, opaque, start, length);
        }
    }
}
