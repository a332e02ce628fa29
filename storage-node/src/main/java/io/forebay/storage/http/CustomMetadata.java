package io.forebay.storage.http;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.AisHeaders;
import io.forebay.protocol.http.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// AIStore's custom metadata on the wire: one `Ais-Custom-Md: key=value` line for each entry, and its limits
/// (AIStore `cmn/objattrs.go`).
final class CustomMetadata {
    static final int MAX_BYTES = 2048;

    private CustomMetadata() {}

    /// The entries of a request. Throws INVALID_ARGUMENT when a line is not `key=value` or the entries break a rule.
    static Map<String, String> read(Headers headers) {
        List<String> lines = headers.all(AisHeaders.CUSTOM);
        if (lines.isEmpty()) {
            return Map.of();
        }
        Map<String, String> entries = new TreeMap<>();
        for (String line : lines) {
            String text = utf8(line);
            int equals = text.indexOf('=');
            Check.argument(equals >= 0, "custom metadata: invalid format \"%s\" (expecting key=value)", text);
            entries.put(text.substring(0, equals), text.substring(equals + 1));
        }
        check(entries);
        return entries;
    }

    /// The entries that are the value of a message. Throws INVALID_ARGUMENT when one is not a text, or the entries
    /// break a rule.
    static Map<String, String> read(ActionMessage message) {
        Map<String, String> entries = new TreeMap<>();
        message.valueMap().forEach((key, value) -> {
            if (!(key instanceof String name) || !(value instanceof String text)) {
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "custom metadata: value of \"" + key + "\" is not a text: " + value);
            }
            entries.put(name, text);
        });
        check(entries);
        return entries;
    }

    /// Adds a line for each entry. Line ends, which a header cannot carry, become spaces.
    static void write(Map<String, String> entries, Headers headers) {
        entries.forEach((key, value) -> headers.add(AisHeaders.CUSTOM, latin1(key + "=" + value)));
    }

    /// Throws INVALID_ARGUMENT when a key is empty or has `=`, a key or value has a reserved character, or the entries
    /// together are larger than 2 KiB.
    static void check(Map<String, String> entries) {
        int bytes = 0;
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            String key = entry.getKey();
            String value = entry.getValue();
            Check.argument(!key.isEmpty(), "custom metadata: empty key (value=\"%s\")", value);
            Check.argument(
                    !isReserved(key) && !isReserved(value),
                    "custom metadata '\"%s\"=\"%s\"': key or value contains reserved symbol",
                    key,
                    value);
            Check.argument(key.indexOf('=') < 0, "custom metadata: key \"%s\" contains '='", key);
            bytes += key.getBytes(StandardCharsets.UTF_8).length + value.getBytes(StandardCharsets.UTF_8).length;
        }
        Check.argument(bytes <= MAX_BYTES, "custom metadata: total size %s exceeds max %s bytes", bytes, MAX_BYTES);
    }

    private static boolean isReserved(String text) {
        return text.indexOf('\u0000') >= 0 || text.indexOf('\u0001') >= 0;
    }

    private static String utf8(String line) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.ISO_8859_1));
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "custom metadata: not UTF-8: \"" + line + "\"", e);
        }
    }

    private static String latin1(String text) {
        String line = text.replace('\r', ' ').replace('\n', ' ');
        return new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
