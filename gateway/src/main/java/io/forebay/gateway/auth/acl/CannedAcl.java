package io.forebay.gateway.auth.acl;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The lists that a request can name (`x-amz-acl`).
public enum CannedAcl {
    PRIVATE("private"),
    PUBLIC_READ("public-read"),
    PUBLIC_READ_WRITE("public-read-write"),
    AUTHENTICATED_READ("authenticated-read"),
    /// S3 means the service that starts its machines; nobody else gets anything.
    AWS_EXEC_READ("aws-exec-read"),
    BUCKET_OWNER_READ("bucket-owner-read"),
    BUCKET_OWNER_FULL_CONTROL("bucket-owner-full-control"),
    LOG_DELIVERY_WRITE("log-delivery-write");

    private final String wireName;

    CannedAcl(String wireName) {
        this.wireName = wireName;
    }

    /// The one of that name, or null.
    public static @Nullable CannedAcl find(String name) {
        for (CannedAcl acl : values()) {
            if (acl.wireName.equals(name)) {
                return acl;
            }
        }
        return null;
    }

    /// The list that it means of something.
    ///
    /// @param owner who owns that
    /// @param bucketOwner who owns the bucket, which of a bucket itself is the same
    public AccessControlList of(String owner, String bucketOwner) {
        List<Grant> grants = new ArrayList<>();
        switch (this) {
            case PUBLIC_READ -> grants.add(new Grant(Grantee.Group.ALL_USERS, Permission.READ));
            case PUBLIC_READ_WRITE -> {
                grants.add(new Grant(Grantee.Group.ALL_USERS, Permission.READ));
                grants.add(new Grant(Grantee.Group.ALL_USERS, Permission.WRITE));
            }
            case AUTHENTICATED_READ -> grants.add(new Grant(Grantee.Group.AUTHENTICATED_USERS, Permission.READ));
            case LOG_DELIVERY_WRITE -> {
                grants.add(new Grant(Grantee.Group.LOG_DELIVERY, Permission.WRITE));
                grants.add(new Grant(Grantee.Group.LOG_DELIVERY, Permission.READ_ACP));
            }
            case PRIVATE, AWS_EXEC_READ, BUCKET_OWNER_READ, BUCKET_OWNER_FULL_CONTROL -> {
                // Nothing to a group.
            }
        }
        grants.add(AccessControlList.full(owner));
        if (!owner.equals(bucketOwner)) {
            switch (this) {
                case BUCKET_OWNER_READ -> grants.add(new Grant(new Grantee.User(bucketOwner), Permission.READ));
                case BUCKET_OWNER_FULL_CONTROL -> grants.add(AccessControlList.full(bucketOwner));
                case PRIVATE, PUBLIC_READ, PUBLIC_READ_WRITE, AUTHENTICATED_READ, AWS_EXEC_READ, LOG_DELIVERY_WRITE -> {
                    // Nothing to the bucket's owner.
                }
            }
        }
        return new AccessControlList(owner, grants);
    }
}
