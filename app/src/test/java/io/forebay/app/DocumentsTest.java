package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The pages under `docs` say what the code is.
final class DocumentsTest {
    private static final Path ROOT = Path.of("..");
    private static final List<String> MODULES = List.of(
            "common", "protocol", "cluster", "transform", "storage-node", "gateway", "app", "system-test", "bench");

    @Test
    void configPageListsEverySetting() throws IOException {
        String page = SettingsPage.markdown(Settings.of(ForebayConfig.class).list());
        assertThat(Files.readString(ROOT.resolve("docs/CONFIG.md")))
                .as("write it anew: scripts/forebay config --markdown > docs/CONFIG.md")
                .isEqualTo(page);
    }

    @Test
    void architecturePageListsEveryPackageWithItsResponsibility() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/architecture.md"));
        int begin = page.indexOf("| Package |");
        String table = page.substring(begin, page.indexOf("\n\n", begin) + 1);
        assertThat(table)
                .as("put the expected table of packages into docs/architecture.md")
                .isEqualTo(packages());
    }

    /// The table of packages: name and first sentence of each `package-info.java`.
    private static String packages() throws IOException {
        StringBuilder out = new StringBuilder("| Package | Responsibility |\n| --- | --- |\n");
        for (String module : MODULES) {
            out.append("| **").append(module).append("** | |\n");
            for (Map.Entry<String, String> found :
                    sentences(ROOT.resolve(module).resolve("src/main/java")).entrySet()) {
                out.append("| `").append(found.getKey()).append("` | ");
                out.append(found.getValue()).append(" |\n");
            }
        }
        return out.toString();
    }

    private static Map<String, String> sentences(Path sources) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(sources)) {
            List<Path> infos =
                    files.filter(file -> file.endsWith("package-info.java")).toList();
            for (Path info : infos) {
                found.put(packageName(sources, info), firstSentence(Files.readAllLines(info)));
            }
        }
        return found;
    }

    private static String packageName(Path sources, Path info) {
        List<String> names = new ArrayList<>();
        sources.relativize(info).forEach(part -> names.add(part.toString()));
        return String.join(".", names.subList(0, names.size() - 1)).replaceFirst("^io\\.forebay\\.", "");
    }

    private static String firstSentence(List<String> lines) {
        String text = lines.stream()
                .takeWhile(line -> line.startsWith("/// "))
                .map(line -> line.substring(4))
                .collect(Collectors.joining(" "));
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end + 1);
    }
}
