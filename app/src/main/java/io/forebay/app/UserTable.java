package io.forebay.app;

import io.forebay.protocol.api.UserInfo;
import io.forebay.protocol.api.UserList;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The users of a cluster as a table for people.
final class UserTable {
    private static final List<String> TITLES = List.of("USER", "ADMIN", "STATE", "CREATED", "ACCESS KEYS", "ID");

    private UserTable() {}

    static String of(UserList list) {
        if (list.users().isEmpty()) {
            return "there is no user but root\n";
        }
        TextTable table = new TextTable(TITLES, Set.of());
        list.users().forEach(user -> table.add(line(user)));
        return table.text();
    }

    private static List<String> line(UserInfo user) {
        return List.of(
                user.name(),
                user.administrator() ? "yes" : "no",
                user.enabled() ? "enabled" : "disabled",
                Instant.ofEpochMilli(user.createdMillis())
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString(),
                user.keys().stream().map(UserInfo.Key::id).collect(Collectors.joining(" ")),
                user.canonicalId());
    }
}
