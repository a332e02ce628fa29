package io.forebay.protocol.api;

import java.util.List;

/// The answer of `GET /admin/users`: every user but root, by name.
public record UserList(List<UserInfo> users) {
    public UserList {
        users = List.copyOf(users);
    }
}
