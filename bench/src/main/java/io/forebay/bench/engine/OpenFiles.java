package io.forebay.bench.engine;

import io.forebay.common.io.FileSlice;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Answers with whole files that are all open, by path.
final class OpenFiles implements Handler {
    private final Map<String, OpenFile> files;

    private OpenFiles(Map<String, OpenFile> files) {
        this.files = files;
    }

    /// Opens every file below a folder.
    static OpenFiles of(Path folder) throws IOException {
        Map<String, OpenFile> files = new HashMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put("/" + folder.relativize(path), new OpenFile(FileChannel.open(path), Files.size(path)));
            }
        }
        return new OpenFiles(files);
    }

    @Override
    public Reply handle(Exchange exchange) {
        FileSlice file = files.get(exchange.request().rawPath());
        if (file == null) {
            return Reply.of(404);
        }
        // As many bytes of head as nginx has.
        Headers headers = new Headers(4)
                .add("Content-Type", "application/octet-stream")
                .add("Last-Modified", "Mon, 24 Nov 2025 14:00:00 GMT")
                .add("ETag", "\"6924661c-2800\"")
                .add("Accept-Ranges", "bytes");
        return new Reply(200, headers, new Payload.Slices(List.of(file)));
    }
}
