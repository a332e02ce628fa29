package io.forebay.gateway.auth.acl;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Query;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The access control list of a bucket or an object: who owns it, and what is granted to whom.
///
/// @param owner the id of a user
/// @param grants those to groups first; none for nobody, which is not what its owner may always do
public record AccessControlList(String owner, List<Grant> grants) {
    /// The most grants of a list.
    public static final int MAX_GRANTS = 100;

    private static final String OWNER = "owner";
    private static final String GROUP = "group:";
    private static final String USER = "id:";

    public AccessControlList {
        List<Grant> ordered = new ArrayList<>(grants.size());
        grants.stream()
                .filter(grant -> grant.grantee() instanceof Grantee.Group)
                .forEach(ordered::add);
        grants.stream().filter(grant -> grant.grantee() instanceof Grantee.User).forEach(ordered::add);
        grants = List.copyOf(ordered);
    }

    /// The list of what nobody but its owner may touch.
    public static AccessControlList ofOwner(String owner) {
        return new AccessControlList(owner, List.of(full(owner)));
    }

    static Grant full(String user) {
        return new Grant(new Grantee.User(user), Permission.FULL_CONTROL);
    }

    /// Whether something is granted to a caller.
    ///
    /// @param userId the caller's id; null for an anonymous one
    /// @param ignorePublic whether grants to the public count for nothing
    public boolean grants(Permission wanted, @Nullable String userId, boolean ignorePublic) {
        for (Grant grant : grants) {
            boolean counts = !ignorePublic || !grant.isPublic();
            if (counts && grant.permission().covers(wanted) && grant.grantee().includes(userId)) {
                return true;
            }
        }
        return false;
    }

    /// Whether anything is granted to people that nobody knows.
    public boolean isPublic() {
        return grants.stream().anyMatch(Grant::isPublic);
    }

    /// Whether it is as if nobody had ever set one.
    public boolean isPrivate() {
        return grants.equals(List.of(full(owner)));
    }

    /// As text to keep: `owner=ID&READ=group:ALL_USERS&FULL_CONTROL=id:ID`, percent-encoded.
    public String text() {
        StringBuilder text = new StringBuilder(OWNER).append('=').append(PercentCode.encode(owner));
        for (Grant grant : grants) {
            text.append('&').append(grant.permission()).append('=');
            switch (grant.grantee()) {
                case Grantee.Group group -> text.append(GROUP).append(group.name());
                case Grantee.User(var id) -> text.append(USER).append(PercentCode.encode(id));
            }
        }
        return text.toString();
    }

    /// Reads what `text` gave. Throws INTERNAL when it is something else.
    public static AccessControlList parse(String text) {
        try {
            Query query = Query.parse(text);
            List<Grant> grants = new ArrayList<>();
            for (int index = 0; index < query.count(); index++) {
                if (!query.name(index).equals(OWNER)) {
                    grants.add(new Grant(grantee(query.value(index)), Permission.valueOf(query.name(index))));
                }
            }
            return new AccessControlList(query.find(OWNER, ""), grants);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | StoreException e) {
            throw new StoreException(ErrorCode.INTERNAL, "not an access control list: \"" + text + "\"", e);
        }
    }

    private static Grantee grantee(String text) {
        return text.startsWith(USER)
                ? new Grantee.User(text.substring(USER.length()))
                : Grantee.Group.valueOf(text.substring(GROUP.length()));
    }
}
