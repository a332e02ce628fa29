package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UsersFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            alice KEY                         | line 2 is not NAME ACCESS_KEY SECRET_KEY [admin]
            alice KEY secret-of-hers root     | line 2 is not NAME ACCESS_KEY SECRET_KEY [admin]
            alice KEY secret-of-hers admin x  | line 2 is not NAME ACCESS_KEY SECRET_KEY [admin]
            alice K/Y secret-of-hers          | line 2: an access key has 3 to 128 letters
            alice KEY secret                  | line 2: a secret key has 8 to 128 characters
            """)
    void aLineThatIsWrongIsNamedAndNotShown(String line, String words) throws IOException {
        Path file = Files.writeString(folder.resolve("users"), "# comment\n" + line + "\n");
        assertThatThrownBy(() -> UsersFile.read(file))
                .hasMessageContaining(words)
                .message()
                .doesNotContain("secret-of-hers");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> UsersFile.read(folder.resolve("absent")))
                .hasMessageContaining("cannot read server.users-file");
    }
}
