package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.api.s3.S3Client.Answer;
import io.forebay.gateway.auth.acl.ObjectOwnership;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class S3AclTest {
    private static final String ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";

    private final S3Users users = new S3Users(ObjectOwnership.OBJECT_WRITER);
    private final S3Users.User ann = users.ann;
    private final S3Users.User bob = users.bob;
    private final S3Users.User nobody = users.nobody;

    private static String policy(String ownerName, String... grants) {
        return "<AccessControlPolicy><Owner><ID>" + S3Users.idOf(ownerName) + "</ID></Owner><AccessControlList>"
                + String.join("", grants) + "</AccessControlList></AccessControlPolicy>";
    }

    private static String grant(String grantee, String permission) {
        return "<Grant><Grantee>" + grantee + "</Grantee><Permission>" + permission + "</Permission></Grant>";
    }

    private static String toUser(String name, String permission) {
        return grant("<ID>" + S3Users.idOf(name) + "</ID>", permission);
    }

    /// What bucket and object lists let bob and an anonymous caller do with an object of ann's: read it, replace it,
    /// list
    /// the bucket.
    @ParameterizedTest
    @CsvSource({
        "private, private, '', ''",
        "private, public-read, read, read",
        "private, public-read-write, read, read",
        "private, authenticated-read, read, ''",
        "public-read, private, list, list",
        "public-read, public-read, read list, read list",
        "public-read-write, private, write list, write list",
        "authenticated-read, private, list, ''",
        "private, bucket-owner-read, '', ''",
    })
    void cannedListsOpenWhatTheirNamesSay(String ofBucket, String ofObject, String bobs, String anonymous) {
        ann.put("/bucket", "", "x-amz-acl", ofBucket).hasStatus(200);
        ann.put("/bucket/k", "x", "x-amz-acl", ofObject).hasStatus(200);
        assertThat(allowed(bob)).isEqualTo(bobs);
        ann.put("/bucket/k", "x", "x-amz-acl", ofObject).hasStatus(200);
        assertThat(allowed(nobody)).isEqualTo(anonymous);
        ann.get("/bucket/k").hasStatus(200);
        users.root.get("/bucket/k").hasStatus(200);
    }

    private static String allowed(S3Users.User user) {
        String reads = user.get("/bucket/k").status() == 200 ? "read " : "";
        String lists = user.get("/bucket").status() == 200 ? "list" : "";
        String writes = user.put("/bucket/k", "y").status() == 200 ? "write " : "";
        return (reads + writes + lists).strip();
    }

    @Test
    void listsAreShownAsTheyCount() {
        ann.put("/bucket", "", "x-amz-acl", "public-read-write").hasStatus(200);
        Answer list = ann.get("/bucket?acl").hasStatus(200);
        assertThat(list.elements("Permission")).isEqualTo("READ,WRITE,FULL_CONTROL");
        assertThat(list.elements("URI")).isEqualTo(ALL_USERS + "," + ALL_USERS);
        assertThat(list.elements("ID")).isEqualTo(S3Users.idOf("ann") + "," + S3Users.idOf("ann"));
        assertThat(list.elements("DisplayName")).isEqualTo("ann,ann");
        bob.put("/bucket/k", "x", "x-amz-acl", "bucket-owner-read").hasStatus(200);
        Answer object = bob.get("/bucket/k?acl").hasStatus(200);
        assertThat(object.elements("ID"))
                .isEqualTo(S3Users.idOf("bob") + "," + S3Users.idOf("bob") + "," + S3Users.idOf("ann"));
        assertThat(object.elements("Permission")).isEqualTo("FULL_CONTROL,READ");
        assertThat(bob.head("/bucket/k").headers().contains("x-amz-acl")).isFalse();
        assertThat(ann.get("/bucket/k").hasStatus(200).body()).isEqualTo("x");
        ann.get("/bucket/k?acl").isError(403, "AccessDenied");
    }

    @Test
    void whoWritesOwnsUnlessTheBucketsOwnerIsPreferred() {
        ann.put("/bucket", "", "x-amz-acl", "public-read-write").hasStatus(200);
        bob.put("/bucket/k", "x").hasStatus(200);
        ann.get("/bucket/k").isError(403, "AccessDenied");
        bob.get("/bucket/k").hasStatus(200);
        ann.put("/bucket?ownershipControls", ownership("BucketOwnerPreferred")).hasStatus(200);
        bob.put("/bucket/k", "x", "x-amz-acl", "bucket-owner-full-control").hasStatus(200);
        assertThat(ann.get("/bucket/k?acl").hasStatus(200).element("DisplayName"))
                .isEqualTo("ann");
        bob.get("/bucket/k").isError(403, "AccessDenied");
        ann.delete("/bucket/k").hasStatus(204);
        nobody.put("/bucket/found", "x", "x-amz-tagging", "a=b").hasStatus(200);
        assertThat(ann.get("/bucket/found?acl").hasStatus(200).element("DisplayName"))
                .isEqualTo("ann");
    }

    @Test
    void listsCanBeReplacedByTheirOwnersAndThoseWhoMay() {
        ann.put("/bucket", "").hasStatus(200);
        ann.put("/bucket/k", "x", "x-amz-meta-a", "b", "x-amz-tagging", "a=b").hasStatus(200);
        String modified = ann.head("/bucket/k").header("Last-Modified");
        bob.put("/bucket/k?acl", "", "x-amz-acl", "public-read").isError(403, "AccessDenied");
        ann.put("/bucket/k?acl", policy("ann", toUser("ann", "FULL_CONTROL"), toUser("bob", "WRITE_ACP")))
                .hasStatus(200);
        bob.get("/bucket/k").isError(403, "AccessDenied");
        bob.get("/bucket/k?acl").isError(403, "AccessDenied");
        bob.put("/bucket/k?acl", policy("bob", toUser("bob", "READ"))).isError(403, "AccessDenied");
        bob.put("/bucket/k?acl", policy("ann", toUser("bob", "READ"))).hasStatus(200);
        assertThat(bob.get("/bucket/k").hasStatus(200).body()).isEqualTo("x");
        bob.put("/bucket/k?acl", "", "x-amz-acl", "private").isError(403, "AccessDenied");
        Answer head = ann.head("/bucket/k").hasStatus(200);
        assertThat(head.header("x-amz-meta-a")).isEqualTo("b");
        assertThat(head.header("x-amz-tagging-count")).isEqualTo("1");
        assertThat(head.header("Last-Modified")).isEqualTo(modified);
        ann.put("/bucket/k?acl", "", "x-amz-acl", "private").hasStatus(200);
        bob.get("/bucket/k").isError(403, "AccessDenied");
        ann.put("/bucket/none?acl", "", "x-amz-acl", "private").isError(404, "NoSuchKey");
    }

    @Test
    void grantsInABucketsListGiveWhatTheySay() {
        ann.put("/bucket", "").hasStatus(200);
        bob.head("/bucket").hasStatus(403);
        ann.put("/bucket?acl", policy("ann", toUser("bob", "READ"))).hasStatus(200);
        bob.head("/bucket").hasStatus(200);
        bob.get("/bucket?acl").isError(403, "AccessDenied");
        bob.put("/bucket/k", "x").isError(403, "AccessDenied");
        ann.put("/bucket?acl", policy("ann", toUser("bob", "WRITE"))).hasStatus(200);
        bob.head("/bucket").hasStatus(403);
        bob.put("/bucket/k", "x").hasStatus(200);
        bob.delete("/bucket/k").hasStatus(204);
        ann.put("/bucket?acl", policy("ann", toUser("bob", "FULL_CONTROL"))).hasStatus(200);
        bob.put("/bucket?acl", "", "x-amz-acl", "public-read").hasStatus(200);
        nobody.get("/bucket").hasStatus(200);
        assertThat(ann.get("/bucket?acl").elements("Permission")).isEqualTo("READ,FULL_CONTROL");
        ann.put("/bucket?acl", policy("ann")).hasStatus(200);
        assertThat(ann.get("/bucket?acl").hasStatus(200).element("Permission")).isEmpty();
        ann.get("/bucket?policy").isError(404, "NoSuchBucketPolicy");
        bob.get("/bucket?policy").isError(403, "AccessDenied");
    }

    @Test
    void grantsCanComeInHeaders() {
        String toBob = "id=\"" + S3Users.idOf("bob") + "\", uri=" + ALL_USERS;
        ann.put("/bucket", "", "x-amz-grant-read", toBob).hasStatus(200);
        assertThat(ann.get("/bucket?acl").elements("Permission")).isEqualTo("READ,READ");
        ann.put("/bucket/k", "x", "x-amz-grant-full-control", "id=" + S3Users.idOf("bob"))
                .hasStatus(200);
        bob.get("/bucket/k?acl").hasStatus(200);
        ann.post("/bucket/m?uploads", "", "x-amz-grant-read", toBob).hasStatus(200);
        ann.put("/bucket/copy", "", "x-amz-copy-source", "bucket/k", "x-amz-acl", "public-read")
                .hasStatus(200);
        nobody.get("/bucket/copy").hasStatus(200);
        ann.put("/bucket/copy", "", "x-amz-copy-source", "bucket/k").hasStatus(200);
        bob.get("/bucket/copy").isError(403, "AccessDenied");
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-acl, open, 400, InvalidArgument",
        "x-amz-grant-read, id=nobody, 400, InvalidArgument",
        "x-amz-grant-read, uri=http://x, 400, InvalidArgument",
        "x-amz-grant-read, emailAddress=a@b, 400, UnresolvableGrantByEmailAddress",
        "x-amz-grant-read, x, 400, InvalidArgument",
        "x-amz-grant-read, name=x, 400, MalformedACLError",
    })
    void headersThatAreNoListAreRefused(String header, String value, int status, String code) {
        ann.put("/new", "", header, value).isError(status, code);
        ann.put("/bucket", "").hasStatus(200);
        ann.put("/bucket?acl", "", header, value).isError(status, code);
        ann.put("/bucket/k", "x", header, value).isError(status, code);
        ann.post("/bucket/k?uploads", "", header, value).isError(status, code);
        ann.get("/bucket/k").isError(404, "NoSuchKey");
        ann.get("/new").isError(404, "NoSuchBucket");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    <AccessControlPolicy/> | MalformedACLError
                    <AccessControlPolicy><Owner><ID>id-ann</ID></Owner></AccessControlPolicy> | MalformedACLError
                    <AccessControlPolicy><Owner><ID>_foo</ID></Owner><AccessControlList/></AccessControlPolicy> | InvalidArgument
                    <Acl/> | MalformedXML
                    """)
    void documentsThatAreNoListAreRefused(String document, String code) {
        ann.put("/bucket", "").hasStatus(200);
        ann.put("/bucket?acl", document).isError(400, code);
    }

    @Test
    void grantsThatAreNoneAreRefused() {
        ann.put("/bucket", "").hasStatus(200);
        ann.put("/bucket?acl", policy("ann", toUser("bob", "SEE"))).isError(400, "MalformedACLError");
        ann.put("/bucket?acl", policy("ann", grant("<Name>bob</Name>", "READ"))).isError(400, "MalformedACLError");
        ann.put("/bucket?acl", policy("ann", toUser("carl", "READ"))).isError(400, "InvalidArgument");
        ann.put("/bucket?acl", policy("ann", grant("<EmailAddress>a@b.c</EmailAddress>", "READ")))
                .isError(400, "UnresolvableGrantByEmailAddress");
        ann.put("/bucket?acl", policy("ann", toUser("bob", "READ").repeat(101))).isError(400, "MalformedACLError");
        ann.put("/bucket?acl", policy("ann"), "x-amz-acl", "private").isError(400, "UnexpectedContent");
        ann.put("/bucket?acl", "").isError(400, "MissingSecurityHeader");
        ann.put("/bucket?acl", "", "x-amz-acl", "private", "x-amz-grant-read", "id=" + S3Users.idOf("bob"))
                .isError(400, "InvalidRequest");
        assertThat(ann.get("/bucket?acl").element("Permission")).isEqualTo("FULL_CONTROL");
    }

    private static String ownership(String ownership) {
        return "<OwnershipControls><Rule><ObjectOwnership>" + ownership
                + "</ObjectOwnership></Rule></OwnershipControls>";
    }

    @Test
    void whereTheBucketsOwnerOwnsAllListsAreRefusedAndCountForNothing() {
        ann.put("/bucket", "", "x-amz-acl", "public-read").hasStatus(200);
        ann.get("/bucket?ownershipControls").isError(404, "OwnershipControlsNotFoundError");
        ann.put("/bucket/open", "x", "x-amz-acl", "public-read").hasStatus(200);
        nobody.get("/bucket/open").hasStatus(200);
        ann.put("/bucket?ownershipControls", ownership("BucketOwnerEnforced"))
                .isError(400, "InvalidBucketAclWithObjectOwnership");
        ann.put("/bucket?acl", "", "x-amz-acl", "private").hasStatus(200);
        ann.put("/bucket?ownershipControls", ownership("BucketOwnerEnforced")).hasStatus(200);
        assertThat(ann.get("/bucket?ownershipControls").element("ObjectOwnership"))
                .isEqualTo("BucketOwnerEnforced");
        nobody.get("/bucket/open").isError(403, "AccessDenied");
        ann.put("/bucket/k", "x", "x-amz-acl", "private").isError(400, "AccessControlListNotSupported");
        ann.put("/bucket/k", "x", "x-amz-grant-read", "id=" + S3Users.idOf("bob"))
                .isError(400, "AccessControlListNotSupported");
        ann.put("/bucket/k", "x", "x-amz-acl", "bucket-owner-full-control").hasStatus(200);
        ann.put("/bucket/k", "x", "x-amz-grant-full-control", "id=" + S3Users.idOf("ann"))
                .hasStatus(200);
        ann.put("/bucket?acl", "", "x-amz-acl", "private").isError(400, "AccessControlListNotSupported");
        ann.put("/bucket/k?acl", "", "x-amz-acl", "private").isError(400, "AccessControlListNotSupported");
        assertThat(ann.get("/bucket/open?acl").elements("Permission")).isEqualTo("FULL_CONTROL");
        ann.delete("/bucket?ownershipControls").hasStatus(204);
        nobody.get("/bucket/open").hasStatus(200);
        ann.put("/bucket?ownershipControls", ownership("Nobody")).isError(400, "MalformedXML");
    }

    @Test
    void newBucketsAreOwnedAsTheSettingOrTheRequestSays() {
        S3Users others = new S3Users(ObjectOwnership.BUCKET_OWNER_ENFORCED);
        others.ann.put("/bucket", "").hasStatus(200);
        assertThat(others.ann.get("/bucket?ownershipControls").element("ObjectOwnership"))
                .isEqualTo("BucketOwnerEnforced");
        others.ann.put("/open", "", "x-amz-acl", "public-read").isError(400, "InvalidBucketAclWithObjectOwnership");
        others.ann
                .put("/open", "", "x-amz-acl", "public-read", "x-amz-object-ownership", "ObjectWriter")
                .hasStatus(200);
        others.nobody.get("/open").hasStatus(200);
        others.ann.put("/odd", "", "x-amz-object-ownership", "Nobody").isError(400, "InvalidArgument");
        ann.put("/bucket", "", "x-amz-object-ownership", "BucketOwnerPreferred").hasStatus(200);
        assertThat(ann.get("/bucket?ownershipControls").element("ObjectOwnership"))
                .isEqualTo("BucketOwnerPreferred");
    }

    @Test
    void publicAccessCanBeBlocked() {
        ann.put("/bucket", "", "x-amz-acl", "public-read").hasStatus(200);
        ann.put("/bucket/k", "x", "x-amz-acl", "public-read").hasStatus(200);
        ann.get("/bucket?publicAccessBlock").isError(404, "NoSuchPublicAccessBlockConfiguration");
        ann.put("/bucket?publicAccessBlock", block("IgnorePublicAcls")).hasStatus(200);
        Answer block = ann.get("/bucket?publicAccessBlock").hasStatus(200);
        assertThat(block.element("IgnorePublicAcls")).isEqualTo("true");
        assertThat(block.element("BlockPublicAcls")).isEqualTo("false");
        bob.get("/bucket").isError(403, "AccessDenied");
        nobody.get("/bucket/k").isError(403, "AccessDenied");
        ann.put("/bucket/k2", "x", "x-amz-acl", "public-read").hasStatus(200);
        ann.put("/bucket?publicAccessBlock", block("BlockPublicAcls")).hasStatus(200);
        nobody.get("/bucket/k").hasStatus(200);
        for (String acl : new String[] {"public-read", "public-read-write", "authenticated-read"}) {
            ann.put("/bucket?acl", "", "x-amz-acl", acl).isError(403, "AccessDenied");
            ann.put("/bucket/k?acl", "", "x-amz-acl", acl).isError(403, "AccessDenied");
            ann.put("/bucket/k", "x", "x-amz-acl", acl).isError(403, "AccessDenied");
        }
        ann.put("/bucket/k", "x", "x-amz-acl", "private").hasStatus(200);
        ann.delete("/bucket?publicAccessBlock").hasStatus(204);
        ann.get("/bucket?publicAccessBlock").isError(404, "NoSuchPublicAccessBlockConfiguration");
        ann.put("/bucket?publicAccessBlock", block("IgnorePublicAcls").replace("true", "perhaps"))
                .isError(400, "MalformedXML");
    }

    private static String block(String what) {
        return "<PublicAccessBlockConfiguration><" + what + ">true</" + what + "></PublicAccessBlockConfiguration>";
    }

    @Test
    void uploadsAreTheirWriters() {
        ann.put("/bucket", "", "x-amz-acl", "public-read-write").hasStatus(200);
        ann.post("/bucket/a?uploads", "").hasStatus(200);
        String id = bob.post("/bucket/b?uploads", "", "x-amz-acl", "public-read")
                .hasStatus(200)
                .element("UploadId");
        assertThat(bob.get("/bucket?uploads").elements("DisplayName")).isEqualTo("ann,ann,bob,bob");
        assertThat(bob.get("/bucket/b?uploadId=" + id).elements("DisplayName")).isEqualTo("bob,bob");
        String etag = bob.put("/bucket/b?partNumber=1&uploadId=" + id, "x").header("ETag");
        bob.post(
                        "/bucket/b?uploadId=" + id,
                        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag
                                + "</ETag></Part></CompleteMultipartUpload>")
                .hasStatus(200);
        assertThat(nobody.get("/bucket/b").hasStatus(200).body()).isEqualTo("x");
        ann.get("/bucket/b?acl").isError(403, "AccessDenied");
    }

    @Test
    void whoMayNotReadLearnsNothingFromConditions() {
        ann.put("/bucket", "").hasStatus(200);
        String etag = ann.put("/bucket/k", "x").header("ETag");
        bob.get("/bucket/k", "If-Match", "\"other\"").isError(403, "AccessDenied");
        bob.get("/bucket/k", "If-None-Match", etag).isError(403, "AccessDenied");
        bob.get("/bucket/k", "Range", "bytes=100-").isError(403, "AccessDenied");
        bob.get("/bucket/none").isError(403, "AccessDenied");
        bob.put("/bucket2", "").hasStatus(200);
        bob.put("/bucket2/copy", "", "x-amz-copy-source", "bucket/k").isError(403, "AccessDenied");
        bob.put("/bucket2/copy", "", "x-amz-copy-source", "bucket/none").isError(403, "AccessDenied");
        bob.put("/bucket2/copy", "", "x-amz-copy-source", "bucket2/none").isError(404, "NoSuchKey");
        bob.get("/bucket/k?attributes", "x-amz-object-attributes", "ETag").isError(403, "AccessDenied");
        bob.get("/bucket/k?tagging").isError(403, "AccessDenied");
    }

    @Test
    void tagsGoWithACopyToThoseWhoMaySeeThem() {
        ann.put("/bucket", "").hasStatus(200);
        ann.put("/bucket/k", "x", "x-amz-tagging", "a=b", "x-amz-acl", "public-read")
                .hasStatus(200);
        bob.put("/bobs", "").hasStatus(200);
        bob.put("/bobs/copy", "", "x-amz-copy-source", "bucket/k").isError(403, "AccessDenied");
        bob.put("/bobs/copy", "", "x-amz-copy-source", "bucket/k", "x-amz-tagging-directive", "REPLACE")
                .hasStatus(200);
        bob.get("/bobs/copy").hasStatus(200);
    }
}
