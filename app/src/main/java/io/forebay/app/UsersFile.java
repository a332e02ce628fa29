package io.forebay.app;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.gateway.api.admin.UserDesk;
import io.forebay.gateway.auth.UserKeys;
import io.forebay.protocol.sigv4.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The users that an operator wants to be there when a gateway serves: a line each, `NAME ACCESS_KEY SECRET_KEY`, with
/// `admin` behind it for one who may do everything. Empty lines, and those that begin with `#`, say nothing.
final class UsersFile {
    private static final String ADMIN = "admin";

    private final List<Line> lines;

    private record Line(String name, Credentials keys, boolean administrator) {}

    private UsersFile(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    /// Of no file nobody. Throws INVALID_ARGUMENT naming the line that cannot be read, but nothing that it holds.
    static UsersFile read(@Nullable Path file) {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String text : file == null ? List.<String>of() : texts(file)) {
            number++;
            if (!text.isBlank() && !text.strip().startsWith("#")) {
                lines.add(line(file + " line " + number, text.strip().split("\\s+")));
            }
        }
        return new UsersFile(lines);
    }

    /// Adds who is not there, and gives new keys to whoever has others. Throws what the cluster says.
    void enter(UserDesk desk) {
        for (Line line : lines) {
            try {
                desk.ensure(line.name, line.administrator, line.keys);
            } catch (StoreException e) {
                if (e.code() != ErrorCode.ALREADY_EXISTS) {
                    throw e;
                }
                // Another gateway came first, with the same file.
                desk.ensure(line.name, line.administrator, line.keys);
            }
        }
    }

    private static Line line(String where, String[] words) {
        Check.argument(
                words.length == 3 || (words.length == 4 && words[3].equals(ADMIN)),
                "%s is not NAME ACCESS_KEY SECRET_KEY [%s]",
                where,
                ADMIN);
        Credentials keys = UserKeys.checked(words[1], where + ": an access key", words[2], where + ": a secret key");
        return new Line(words[0], keys, words.length == 4);
    }

    private static List<String> texts(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT, "cannot read server.users-file " + file + ": " + e.getMessage(), e);
        }
    }
}
