package io.forebay.app;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.io.StringReader;
import java.util.Properties;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A properties file in the data folder, written privately and as a whole with every change.
final class FolderProperties {
    private final DataFolder folder;
    private final String file;
    private final Properties properties = new Properties();

    /// Reads the file, which may be absent. Throws CORRUPT.
    FolderProperties(DataFolder folder, String file) {
        this.folder = folder;
        this.file = file;
        String text = folder.read(file);
        try {
            properties.load(new StringReader(text == null ? "" : text));
        } catch (IOException | IllegalArgumentException e) {
            throw new StoreException(ErrorCode.CORRUPT, folder.file(file) + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Nullable
    String find(String key) {
        return properties.getProperty(key);
    }

    String find(String key, String otherwise) {
        return properties.getProperty(key, otherwise);
    }

    /// On stable storage when this returns.
    synchronized void set(String key, String value) {
        if (value.equals(properties.getProperty(key))) {
            return;
        }
        properties.setProperty(key, value);
        StringBuilder text = new StringBuilder();
        for (String name : new TreeSet<>(properties.stringPropertyNames())) {
            text.append(name).append('=').append(properties.getProperty(name)).append('\n');
        }
        folder.writePrivately(file, text.toString());
    }
}
