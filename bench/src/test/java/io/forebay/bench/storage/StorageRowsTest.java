package io.forebay.bench.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.bench.scenario.Home;
import io.forebay.bench.scenario.Report;
import io.forebay.common.config.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StorageRowsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"put", "get", "many", "parts"})
    void rowRunsAndLeavesOnlyItsResult(String row) throws IOException {
        StorageConfig config = config(Map.of(
                "quick", "true",
                "get-objects", "10000",
                "many-objects", "50000",
                "parts", "500"));
        Home home = new Home(folder, folder, "", 1, List.of());
        var out = new ByteArrayOutputStream();
        StorageScenario.runRow(row, config, home, new Report(new PrintStream(out, true, StandardCharsets.UTF_8)));
        assertThat(Files.readString(folder.resolve("log").resolve(row + ".txt")))
                .contains("ratio [range]");
        assertThat(folder.resolve("row-" + row)).doesNotExist();
    }

    @Test
    void unknownRowsAreRefused() {
        Home home = new Home(folder, folder, "", 1, List.of());
        assertThatThrownBy(() ->
                        new StorageScenario(config(Map.of("only", "puts")), home, new Report(System.out), List.of()))
                .hasMessageContaining("there is no row puts");
    }

    private static StorageConfig config(Map<String, String> settings) {
        return Settings.of(StorageConfig.class).bind(settings);
    }
}
