package io.forebay.common.config;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A file of settings: Java properties in UTF-8.
public final class SettingsFile {
    private SettingsFile() {}

    /// The settings of a file by key. Throws INVALID_ARGUMENT when it cannot be read or has a key twice.
    public static Map<String, String> read(Path file) {
        Once properties = new Once();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "cannot read settings of " + file + ": " + why(e), e);
        }
        Check.argument(properties.twice == null, "setting %s is given twice in %s", properties.twice, file);
        Map<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return values;
    }

    private static String why(Exception failure) {
        return switch (failure) {
            case java.nio.file.NoSuchFileException absent -> "no such file";
            case java.nio.file.AccessDeniedException denied -> "permission denied";
            case java.nio.charset.CharacterCodingException coding -> "it is not UTF-8";
            default -> String.valueOf(failure.getMessage());
        };
    }

    /// Properties that notice a key given twice.
    private static final class Once extends Properties {
        private static final long serialVersionUID = 1L;

        private @Nullable String twice;

        @Override
        public synchronized @Nullable Object put(Object key, Object value) {
            if (containsKey(key)) {
                twice = key.toString();
            }
            return super.put(key, value);
        }
    }
}
