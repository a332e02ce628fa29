package io.forebay.gateway.auth.acl;

/// One entry of an access control list.
public record Grant(Grantee grantee, Permission permission) {

    /// Whether it is to people that nobody knows.
    public boolean isPublic() {
        return grantee instanceof Grantee.Group group && group.isPublic();
    }
}
