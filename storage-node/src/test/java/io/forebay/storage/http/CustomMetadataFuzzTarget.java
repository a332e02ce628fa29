package io.forebay.storage.http;

import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.FuzzedMessage;
import io.forebay.protocol.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Custom metadata of objects, as header lines or as a message: what is taken keeps to the limits, and reads the same
/// when it is told in headers.
public final class CustomMetadataFuzzTarget {
    private CustomMetadataFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Headers headers = new Headers();
        for (String line : new String(input, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        check(FuzzedMessage.read(() -> CustomMetadata.read(headers)));
        check(FuzzedMessage.read(() -> CustomMetadata.read(ActionMessage.parse(input))));
    }

    private static void check(@Nullable Map<String, String> entries) {
        if (entries == null) {
            return;
        }
        Headers told = new Headers();
        CustomMetadata.write(entries, told);
        Map<String, String> expected = new TreeMap<>();
        entries.forEach((key, value) -> expected.put(oneLine(key), oneLine(value)));
        FuzzedMessage.same(expected, FuzzedMessage.required(() -> CustomMetadata.read(told)));
    }

    private static String oneLine(String text) {
        return text.replace('\r', ' ').replace('\n', ' ');
    }
}
