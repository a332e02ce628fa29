package io.forebay.cluster.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// A log of files with given texts, which counts how often it was moved aside.
public final class TestLog implements LogFolder {
    private final List<String> texts;
    private int rotations;

    public TestLog(String... texts) {
        this.texts = List.of(texts);
    }

    public int rotations() {
        return rotations;
    }

    @Override
    public List<LogFile> open() {
        List<LogFile> files = new ArrayList<>();
        try {
            for (String text : texts) {
                Path file = Files.createTempFile("log", "");
                Files.writeString(file, text);
                FileChannel channel =
                        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE);
                String name = files.isEmpty() ? "forebay.log" : "forebay.log." + files.size();
                files.add(new LogFile(name, channel, channel.size()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    @Override
    public void rotate() {
        rotations++;
    }
}
