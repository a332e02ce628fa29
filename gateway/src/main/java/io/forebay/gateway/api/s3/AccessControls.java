package io.forebay.gateway.api.s3;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.auth.Account;
import io.forebay.gateway.auth.Action;
import io.forebay.gateway.auth.BucketAccess;
import io.forebay.gateway.auth.Caller;
import io.forebay.gateway.auth.ObjectAccess;
import io.forebay.gateway.auth.Permissions;
import io.forebay.gateway.auth.acl.AccessControlList;
import io.forebay.gateway.auth.acl.CannedAcl;
import io.forebay.gateway.auth.acl.ObjectOwnership;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Access control lists: GetBucketAcl, PutBucketAcl, GetObjectAcl, PutObjectAcl, and the lists that writes give to
/// what they make.
///
/// A list that says what is so without one is not kept: the bucket's owner owns, and nobody else may do anything.
final class AccessControls {
    private final S3Config config;
    private final Gatekeeper gate;
    private final Permissions permissions;
    private final Buckets buckets;
    private final Objects objects;
    private final AclDocument documents;

    AccessControls(S3Config config, Gatekeeper gate, Permissions permissions, Buckets buckets, Objects objects) {
        this.config = config;
        this.gate = gate;
        this.permissions = permissions;
        this.buckets = buckets;
        this.objects = objects;
        this.documents = new AclDocument(permissions);
    }

    /// GetBucketAcl and GetObjectAcl.
    Reply read(S3Call call) {
        BucketAccess access = permissions.accessOf(buckets.require(call.bucket()));
        if (call.address().isBucket()) {
            return S3Replies.xml(200, documents.write(access.listOfBucket()));
        }
        ObjectKey key = call.versionKey();
        Headers object = objects.describe(call.exchange(), key);
        gate.confirm(call, Action.GET_OBJECT_ACL, key, object);
        return S3Replies.xml(200, documents.write(ofObject(object, access)));
    }

    /// PutBucketAcl and PutObjectAcl.
    Reply write(S3Call call) {
        Bucket bucket = buckets.require(call.bucket());
        BucketAccess access = permissions.accessOf(bucket);
        if (call.address().isBucket()) {
            AccessControlList list = given(call, access, access.list());
            if (list != null) {
                buckets.setProperties(bucket.name(), Map.of(BucketAccess.LIST, list.isPrivate() ? "" : list.text()));
            }
            return S3Replies.empty(200);
        }
        ObjectKey key = call.versionKey();
        Headers object = objects.describe(call.exchange(), key);
        gate.confirm(call, Action.PUT_OBJECT_ACL, key, object);
        AccessControlList list = given(call, access, ofObject(object, access));
        if (list == null) {
            return S3Replies.empty(200);
        }
        Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1");
        AttributeHeaders.writeSystem(Map.of(ObjectAccess.LIST, list.text()), headers);
        Gatekeeper.holdTo(object, headers);
        try {
            objects.call(call.exchange(), key, Method.PATCH, "", headers, Body.empty())
                    .payload()
                    .close();
        } catch (StoreException e) {
            throw Gatekeeper.explainChange(e);
        }
        return S3Replies.empty(200);
    }

    private static AccessControlList ofObject(Headers object, BucketAccess access) {
        return access.listOfObject(AttributeHeaders.readSystem(object).get(ObjectAccess.LIST));
    }

    /// The list that a request puts in the place of a present one, by its headers or by a document; null where
    /// lists do not count and it asks for what is so without one.
    private @Nullable AccessControlList given(S3Call call, BucketAccess access, AccessControlList present) {
        Headers headers = call.exchange().request().headers();
        AclHeaders asked = AclHeaders.read(headers, documents);
        byte[] document = DocumentBody.read(call, config, DocumentBody.ChecksumOf.DOCUMENT);
        if (asked != null && document.length > 0) {
            throw new S3Failure(S3Error.UNEXPECTED_CONTENT);
        }
        if (asked == null && document.length == 0) {
            throw new S3Failure(S3Error.MISSING_SECURITY_HEADER);
        }
        AccessControlList list = asked != null
                ? asked.of(present.owner(), access.owner())
                : documents.read(XmlReader.read(document, AclDocument.ROOT));
        if (!access.listsCount()) {
            boolean so = asked != null
                    ? asked.givesBucketOwnerAll(access.owner())
                    : list.equals(AccessControlList.ofOwner(access.owner()));
            requireSo(so, call.caller());
            return null;
        }
        if (!list.owner().equals(present.owner())) {
            throw new S3Failure(S3Error.ACCESS_DENIED);
        }
        checkBlock(list, access);
        return list;
    }

    /// Where lists do not count, only what is so without one may be asked for; but where nobody has to prove
    /// anything, everyone may do everything, whatever a list asks for.
    private static void requireSo(boolean so, Caller caller) {
        if (!so && !caller.equals(Caller.ROOT)) {
            throw new S3Failure(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
        }
    }

    private static void checkBlock(AccessControlList list, BucketAccess access) {
        if (list.isPublic() && access.block().blockPublicAcls()) {
            throw new S3Failure(
                    S3Error.ACCESS_DENIED,
                    "Access Denied: public access control lists are blocked by the bucket's BlockPublicAcls setting");
        }
    }

    /// Adds the owner and the list that a write gives what it makes. Throws InvalidArgument, AccessDenied,
    /// AccessControlListNotSupported.
    ///
    /// @param given headers that say it
    void addGiven(Caller caller, Bucket bucket, Headers given, Headers node) {
        BucketAccess access = permissions.accessOf(bucket);
        AclHeaders asked = AclHeaders.read(given, documents);
        if (!access.listsCount()) {
            requireSo(asked == null || asked.givesBucketOwnerAll(access.owner()), caller);
            return;
        }
        String owner = owner(caller, access, asked);
        AccessControlList list = asked == null ? AccessControlList.ofOwner(owner) : asked.of(owner, access.owner());
        checkBlock(list, access);
        if (!list.equals(AccessControlList.ofOwner(access.owner()))) {
            AttributeHeaders.writeSystem(Map.of(ObjectAccess.LIST, list.text()), node);
        }
    }

    /// What nobody known writes is the bucket's owner's, who else could not even read it.
    private static String owner(Caller caller, BucketAccess access, @Nullable AclHeaders asked) {
        boolean leaves = access.ownership() == ObjectOwnership.BUCKET_OWNER_PREFERRED
                && asked != null
                && asked.canned() == CannedAcl.BUCKET_OWNER_FULL_CONTROL;
        return leaves || caller.isAnonymous()
                ? access.owner()
                : caller.account().id();
    }

    /// Who owns an object with that list of its own, or with none.
    Account ownerOf(Bucket bucket, @Nullable String list) {
        return permissions.account(
                permissions.accessOf(bucket).listOfObject(list).owner());
    }

    /// Holds a bucket whose lists are to count no longer to having none that matters. Throws
    /// InvalidBucketAclWithObjectOwnership.
    void checkOwnership(Bucket bucket, String ownership) {
        boolean counts = ObjectOwnership.require(ownership).listsCount();
        if (!counts && !permissions.accessOf(bucket).list().isPrivate()) {
            throw new S3Failure(S3Error.INVALID_BUCKET_ACL_WITH_OBJECT_OWNERSHIP);
        }
    }

    /// The properties of a new bucket: whose it is, who owns what is written into it, and its list. Throws
    /// InvalidArgument, InvalidBucketAclWithObjectOwnership.
    Map<String, String> ofNewBucket(S3Call call) {
        Headers headers = call.exchange().request().headers();
        ObjectOwnership ownership = permissions.defaultOwnership();
        String asked = headers.find("x-amz-object-ownership");
        if (asked != null) {
            ObjectOwnership found = ObjectOwnership.find(asked);
            if (found == null) {
                throw S3Failure.invalidArgument("x-amz-object-ownership", asked, "Invalid x-amz-object-ownership");
            }
            ownership = found;
        }
        String owner = call.caller().account().id();
        AclHeaders acl = AclHeaders.read(headers, documents);
        AccessControlList list = acl == null ? AccessControlList.ofOwner(owner) : acl.of(owner, owner);
        if (!ownership.listsCount() && !list.isPrivate()) {
            throw new S3Failure(S3Error.INVALID_BUCKET_ACL_WITH_OBJECT_OWNERSHIP);
        }
        return permissions.ofNewBucket(call.caller().account(), asked == null ? null : ownership, list);
    }
}
