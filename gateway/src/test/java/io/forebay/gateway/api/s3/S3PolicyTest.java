package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.api.s3.S3Client.Answer;
import io.forebay.gateway.auth.acl.ObjectOwnership;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class S3PolicyTest {
    private static final String BUCKET = "'arn:aws:s3:::bucket'";
    private static final String OBJECTS = "'arn:aws:s3:::bucket/*'";
    private static final String EVERYONE = "'*'";
    private static final String BOB = "{'AWS':'arn:aws:iam:::user/bob'}";

    private final S3Users users = new S3Users(ObjectOwnership.BUCKET_OWNER_ENFORCED);
    private final S3Users.User ann = users.ann;
    private final S3Users.User bob = users.bob;
    private final S3Users.User nobody = users.nobody;

    @BeforeEach
    void createBucket() {
        ann.put("/bucket", "").hasStatus(200);
        ann.put("/bucket/k", "x").hasStatus(200);
    }

    /// Single quotes stand for double ones.
    private static String statement(
            String effect, String principal, String action, String resource, String... conditions) {
        String condition = conditions.length == 0 ? "" : ",'Condition':{" + String.join(",", conditions) + "}";
        return "{'Effect':'" + effect + "','Principal':" + principal + ",'Action':" + action + ",'Resource':" + resource
                + condition + "}";
    }

    private static String policy(String... statements) {
        return ("{'Version':'2012-10-17','Statement':[" + String.join(",", statements) + "]}").replace('\'', '"');
    }

    private void allow(String principal, String action, String resource, String... conditions) {
        ann.put("/bucket?policy", policy(statement("Allow", principal, action, resource, conditions)))
                .hasStatus(204);
    }

    @Test
    void policyIsKeptAsItCame() {
        ann.get("/bucket?policy").isError(404, "NoSuchBucketPolicy");
        String policy = " " + policy(statement("Allow", BOB, "'s3:GetObject'", OBJECTS)) + "\n";
        ann.put("/bucket?policy", policy).hasStatus(204);
        Answer kept = ann.get("/bucket?policy").hasStatus(200);
        assertThat(kept.body()).isEqualTo(policy);
        assertThat(kept.header("Content-Type")).isEqualTo("application/json");
        ann.delete("/bucket?policy").hasStatus(204);
        ann.delete("/bucket?policy").hasStatus(204);
        ann.get("/bucket?policy").isError(404, "NoSuchBucketPolicy");
        ann.put("/none?policy", policy).isError(404, "NoSuchBucket");
        bob.put("/bucket?policy", policy).isError(403, "AccessDenied");
        nobody.get("/bucket?policy").isError(403, "AccessDenied");
    }

    @Test
    void wrongPoliciesAreRefusedWithTheRuleThatTheyBreak() {
        Answer refused = ann.put("/bucket?policy", policy(statement("Allow", BOB, "'s3:Get'", OBJECTS)));
        assertThat(refused.isError(400, "MalformedPolicy").element("Message"))
                .isEqualTo("Policy has invalid action: s3:Get");
        ann.put("/bucket?policy", policy(statement("Allow", BOB, "'s3:*'", "'arn:aws:s3:::other/*'")))
                .isError(400, "MalformedPolicy");
        ann.put("/bucket?policy", "").isError(400, "MalformedPolicy");
        ann.put("/bucket?policy", "x".repeat(21_000)).isError(400, "MalformedPolicy");
        ann.get("/bucket?policy").isError(404, "NoSuchBucketPolicy");
    }

    @Test
    void allowedIsWhatItSaysAndNothingElse() {
        bob.get("/bucket/k").isError(403, "AccessDenied");
        allow(BOB, "'s3:GetObject'", OBJECTS);
        assertThat(bob.get("/bucket/k").hasStatus(200).body()).isEqualTo("x");
        bob.head("/bucket/k").hasStatus(200);
        nobody.get("/bucket/k").isError(403, "AccessDenied");
        bob.put("/bucket/k", "y").isError(403, "AccessDenied");
        bob.delete("/bucket/k").isError(403, "AccessDenied");
        bob.get("/bucket").isError(403, "AccessDenied");
        bob.get("/bucket/none").isError(403, "AccessDenied");
        allow(EVERYONE, "['s3:GetObject','s3:ListBucket']", "[" + BUCKET + "," + OBJECTS + "]");
        nobody.get("/bucket/k").hasStatus(200);
        nobody.get("/bucket/none").isError(404, "NoSuchKey");
        nobody.get("/bucket").hasStatus(200);
        nobody.get("/bucket?versions").isError(403, "AccessDenied");
        nobody.get("/none/k").isError(404, "NoSuchBucket");
    }

    @Test
    void deniedIsDeniedToTheOwnerToo() {
        ann.put(
                        "/bucket?policy",
                        policy(
                                statement("Allow", EVERYONE, "'s3:*'", OBJECTS),
                                statement("Deny", EVERYONE, "'s3:DeleteObject'", OBJECTS),
                                statement("Deny", EVERYONE, "'s3:*'", BUCKET)))
                .hasStatus(204);
        ann.delete("/bucket/k").isError(403, "AccessDenied");
        bob.delete("/bucket/k").isError(403, "AccessDenied");
        ann.get("/bucket").isError(403, "AccessDenied");
        bob.get("/bucket/k").hasStatus(200);
        users.root.get("/bucket").hasStatus(200);
        String many = "<Delete><Object><Key>k</Key></Object></Delete>";
        assertThat(bob.post("/bucket?delete", many).hasStatus(200).element("Code"))
                .isEqualTo("AccessDenied");
        ann.get("/bucket?policy").hasStatus(200);
        ann.delete("/bucket?policy").hasStatus(204);
        ann.delete("/bucket/k").hasStatus(204);
    }

    @Test
    void nobodyKnownDecidesWhoMayDoWhat() {
        allow(EVERYONE, "'*'", "[" + BUCKET + "," + OBJECTS + "]");
        nobody.put("/bucket/k2", "x").hasStatus(200);
        nobody.delete("/bucket?policy").isError(403, "AccessDenied");
        nobody.put("/bucket?policy", policy(statement("Allow", EVERYONE, "'*'", OBJECTS)))
                .isError(403, "AccessDenied");
        nobody.delete("/bucket?publicAccessBlock").isError(403, "AccessDenied");
        bob.delete("/bucket?policy").hasStatus(204);
    }

    @Test
    void conditionsSeeHeadersTheConnectionAndTheCaller() {
        allow(EVERYONE, "'s3:GetObject'", OBJECTS, "'StringLike':{'aws:Referer':'http://x/*'}");
        nobody.get("/bucket/k", "Referer", "http://x/page").hasStatus(200);
        nobody.get("/bucket/k", "Referer", "http://y/page").isError(403, "AccessDenied");
        nobody.get("/bucket/k").isError(403, "AccessDenied");
        allow(EVERYONE, "'s3:GetObject'", OBJECTS, "'IpAddress':{'aws:SourceIp':'203.0.113.0/24'}");
        nobody.get("/bucket/k", "X-Forwarded-For", "203.0.113.7").isError(403, "AccessDenied");
        allow(EVERYONE, "'s3:GetObject'", OBJECTS, "'IpAddress':{'aws:SourceIp':['127.0.0.0/8','::1']}");
        nobody.get("/bucket/k").hasStatus(200);
        allow(EVERYONE, "'s3:GetObject'", OBJECTS, "'Bool':{'aws:SecureTransport':'true'}");
        nobody.get("/bucket/k").isError(403, "AccessDenied");
        allow(EVERYONE, "'s3:GetObject'", "'arn:aws:s3:::bucket/${aws:username}*'");
        ann.put("/bucket/bobs", "x").hasStatus(200);
        bob.get("/bucket/bobs").hasStatus(200);
        bob.get("/bucket/k").isError(403, "AccessDenied");
        nobody.get("/bucket/bobs").isError(403, "AccessDenied");
        allow(EVERYONE, "'s3:GetObject'", OBJECTS, "'DateGreaterThan':{'aws:CurrentTime':'2026-03-05'}");
        bob.get("/bucket/k").isError(403, "AccessDenied");
        allow(EVERYONE, "'s3:GetObject'", OBJECTS, "'StringEquals':{'s3:authType':'REST-HEADER'}");
        bob.get("/bucket/k").hasStatus(200);
        nobody.get("/bucket/k").isError(403, "AccessDenied");
    }

    @Test
    void conditionsSeeWhatAListingAsksFor() {
        allow(
                BOB,
                "'s3:ListBucket'",
                BUCKET,
                "'StringLike':{'s3:prefix':'public/*'}",
                "'NumericLessThanEquals':{'s3:max-keys':10}");
        bob.get("/bucket?prefix=public/&max-keys=10").hasStatus(200);
        bob.get("/bucket?prefix=public/&max-keys=11").isError(403, "AccessDenied");
        bob.get("/bucket?prefix=private/&max-keys=1").isError(403, "AccessDenied");
        allow(BOB, "'s3:ListBucket'", BUCKET, "'StringLike':{'s3:prefix':'public/*'}");
        ann.put(
                        "/bucket?policy",
                        policy(
                                statement("Allow", BOB, "'s3:GetObject'", OBJECTS),
                                statement(
                                        "Allow",
                                        BOB,
                                        "'s3:ListBucket'",
                                        BUCKET,
                                        "'StringLike':{'s3:prefix':'public/*'}")))
                .hasStatus(204);
        bob.get("/bucket/public/none").isError(404, "NoSuchKey");
        bob.get("/bucket/private/none").isError(403, "AccessDenied");
    }

    @Test
    void conditionsSeeWhatAWriteSays() {
        ann.put(
                        "/bucket?policy",
                        policy(
                                statement("Allow", BOB, "['s3:PutObject','s3:PutObjectTagging']", OBJECTS),
                                statement(
                                        "Deny",
                                        EVERYONE,
                                        "'s3:PutObject'",
                                        OBJECTS,
                                        "'StringLike':{'s3:x-amz-acl':'public*'}"),
                                statement(
                                        "Deny",
                                        EVERYONE,
                                        "'s3:PutObject'",
                                        OBJECTS,
                                        "'StringNotEquals':{'s3:RequestObjectTag/kind':'log'}",
                                        "'Null':{'s3:RequestObjectTag/kind':'false'}"),
                                statement(
                                        "Deny",
                                        EVERYONE,
                                        "'s3:PutObjectTagging'",
                                        OBJECTS,
                                        "'ForAnyValue:StringEquals':{'s3:RequestObjectTagKeys':'secret'}")))
                .hasStatus(204);
        bob.put("/bucket/new", "x").hasStatus(200);
        bob.put("/bucket/new", "x", "x-amz-acl", "public-read").isError(403, "AccessDenied");
        bob.put("/bucket/new", "x", "x-amz-tagging", "kind=log").hasStatus(200);
        bob.put("/bucket/new", "x", "x-amz-tagging", "kind=other").isError(403, "AccessDenied");
        bob.put("/bucket/new", "x", "x-amz-tagging", "secret=1").isError(403, "AccessDenied");
        String tagging = "<Tagging><TagSet><Tag><Key>KEY</Key><Value>v</Value></Tag></TagSet></Tagging>";
        bob.put("/bucket/new?tagging", tagging.replace("KEY", "open")).hasStatus(200);
        bob.put("/bucket/new?tagging", tagging.replace("KEY", "secret")).isError(403, "AccessDenied");
    }

    @ParameterizedTest
    @EnumSource(ObjectOwnership.class)
    void conditionsSeeTheTagsOfAnObject(ObjectOwnership ownership) {
        ann.put(
                        "/bucket?ownershipControls",
                        "<OwnershipControls><Rule><ObjectOwnership>" + ownership.wireName()
                                + "</ObjectOwnership></Rule></OwnershipControls>")
                .hasStatus(200);
        ann.put("/bucket/open", "x", "x-amz-tagging", "security=public").hasStatus(200);
        ann.put("/bucket/closed", "x", "x-amz-tagging", "security=private").hasStatus(200);
        allow(
                EVERYONE,
                "['s3:GetObject','s3:GetObjectTagging','s3:PutObjectTagging','s3:GetObjectAttributes']",
                OBJECTS,
                "'StringEquals':{'s3:ExistingObjectTag/security':'public'}");
        nobody.get("/bucket/open").hasStatus(200);
        nobody.head("/bucket/open").hasStatus(200);
        nobody.get("/bucket/open?tagging").hasStatus(200);
        nobody.get("/bucket/open?attributes", "x-amz-object-attributes", "ETag").hasStatus(200);
        for (String path : new String[] {"/bucket/closed", "/bucket/k", "/bucket/none"}) {
            nobody.get(path).isError(403, "AccessDenied");
            nobody.head(path).hasStatus(403);
            nobody.get(path + "?tagging").isError(403, "AccessDenied");
            nobody.get(path, "If-Match", "\"x\"").isError(403, "AccessDenied");
        }
        bob.put(
                        "/bucket/open?tagging",
                        "<Tagging><TagSet><Tag><Key>security</Key><Value>private</Value></Tag></TagSet></Tagging>")
                .hasStatus(200);
        nobody.get("/bucket/open").isError(403, "AccessDenied");
        bob.put("/bucket/open?tagging", "<Tagging><TagSet/></Tagging>").isError(403, "AccessDenied");
        bob.put("/bobs", "").hasStatus(200);
        bob.put("/bobs/copy", "", "x-amz-copy-source", "bucket/closed").isError(403, "AccessDenied");
    }

    @Test
    void copiesNeedBothSides() {
        bob.put("/bobs", "").hasStatus(200);
        bob.put("/bobs/copy", "", "x-amz-copy-source", "bucket/k").isError(403, "AccessDenied");
        allow(BOB, "'s3:GetObject'", OBJECTS);
        bob.put("/bobs/copy", "", "x-amz-copy-source", "bucket/k").hasStatus(200);
        bob.put("/bucket/copy", "", "x-amz-copy-source", "bucket/k").isError(403, "AccessDenied");
        ann.put(
                        "/bucket?policy",
                        policy(statement(
                                "Allow",
                                BOB,
                                "'s3:PutObject'",
                                OBJECTS,
                                "'StringLike':{'s3:x-amz-copy-source':'bobs/public/*'}")))
                .hasStatus(204);
        bob.put("/bobs/public/k", "x").hasStatus(200);
        bob.put("/bucket/copy", "", "x-amz-copy-source", "bobs/public/k").hasStatus(200);
        bob.put("/bucket/copy", "", "x-amz-copy-source", "bobs/copy").isError(403, "AccessDenied");
        bob.put("/bucket/copy", "y").isError(403, "AccessDenied");
        bob.put("/bucket/copy", "", "x-amz-copy-source", "/bobs/public%2Fk").hasStatus(200);
        bob.put("/bobs/public/tagged", "x", "x-amz-tagging", "a=b").hasStatus(200);
        bob.put("/bucket/copy", "", "x-amz-copy-source", "bobs/public/tagged").isError(403, "AccessDenied");
        bob.put("/bucket/copy", "", "x-amz-copy-source", "bobs/public/tagged", "x-amz-tagging-directive", "REPLACE")
                .hasStatus(200);
    }

    @Test
    void aSecondLineOfAHeaderHidesNothing() {
        ann.put(
                        "/bucket?policy",
                        policy(
                                statement("Allow", BOB, "'s3:PutObject'", OBJECTS),
                                statement(
                                        "Deny",
                                        EVERYONE,
                                        "'s3:PutObject'",
                                        OBJECTS,
                                        "'StringLike':{'s3:x-amz-grant-read':'*AllUsers*'}")))
                .hasStatus(204);
        String open = "uri=http://acs.amazonaws.com/groups/global/AllUsers";
        bob.put("/bucket/new", "x", "x-amz-grant-read", open).isError(403, "AccessDenied");
        bob.put("/bucket/new", "x", "x-amz-grant-read", "id=x", "x-amz-grant-read", open)
                .isError(403, "AccessDenied");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    '*' | true
                    {'AWS':'arn:aws:iam::s3tenant1:root'} | false
                    """)
    void publicPoliciesAreToldAndCanBeBlocked(String principal, boolean expected) {
        assertThat(ann.get("/bucket?policyStatus").hasStatus(200).element("IsPublic"))
                .isEqualTo("false");
        String policy = policy(statement("Allow", principal, "'s3:GetObject'", OBJECTS));
        ann.put("/bucket?policy", policy).hasStatus(204);
        assertThat(ann.get("/bucket?policyStatus").element("IsPublic")).isEqualTo(Boolean.toString(expected));
        ann.delete("/bucket?policy").hasStatus(204);
        ann.put(
                        "/bucket?publicAccessBlock",
                        "<PublicAccessBlockConfiguration><BlockPublicPolicy>true</BlockPublicPolicy>"
                                + "</PublicAccessBlockConfiguration>")
                .hasStatus(200);
        ann.put("/bucket?policy", policy).hasStatus(expected ? 403 : 204);
    }

    @Test
    void publicPoliciesCanBeRestrictedToTheOwner() {
        allow(EVERYONE, "'s3:GetObject'", OBJECTS);
        nobody.get("/bucket/k").hasStatus(200);
        ann.put(
                        "/bucket?publicAccessBlock",
                        "<PublicAccessBlockConfiguration><RestrictPublicBuckets>true</RestrictPublicBuckets>"
                                + "</PublicAccessBlockConfiguration>")
                .hasStatus(200);
        nobody.get("/bucket/k").isError(403, "AccessDenied");
        bob.get("/bucket/k").isError(403, "AccessDenied");
        ann.get("/bucket/k").hasStatus(200);
        allow(BOB, "'s3:GetObject'", OBJECTS);
        bob.get("/bucket/k").hasStatus(200);
    }

    @Test
    void aBucketsPolicyGivesNothingOfOthersObjects() {
        ann.put(
                        "/bucket?ownershipControls",
                        "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter"
                                + "</ObjectOwnership></Rule></OwnershipControls>")
                .hasStatus(200);
        allow(EVERYONE, "['s3:GetObject','s3:PutObject']", OBJECTS);
        bob.put("/bucket/bobs", "x").hasStatus(200);
        nobody.get("/bucket/k").hasStatus(200);
        nobody.get("/bucket/bobs").isError(403, "AccessDenied");
        ann.get("/bucket/bobs").isError(403, "AccessDenied");
        bob.get("/bucket/bobs").hasStatus(200);
        ann.delete("/bucket/bobs").hasStatus(204);
    }

    @Test
    void multipartUploadsAreWrites() {
        allow(BOB, "'s3:PutObject'", BUCKET);
        bob.post("/bucket/m?uploads", "").isError(403, "AccessDenied");
        allow(BOB, "'s3:PutObject'", "'arn:aws:s3:::bucket/m'");
        String id = bob.post("/bucket/m?uploads", "").hasStatus(200).element("UploadId");
        bob.put("/bucket/m?partNumber=1&uploadId=" + id, "x").hasStatus(200);
        bob.get("/bucket/m?uploadId=" + id).isError(403, "AccessDenied");
        bob.delete("/bucket/m?uploadId=" + id).isError(403, "AccessDenied");
    }

    @Test
    void expectedOwnersAreTheBuckets() {
        allow(EVERYONE, "'s3:*'", "[" + BUCKET + "," + OBJECTS + "]");
        bob.get("/bucket", "x-amz-expected-bucket-owner", S3Users.idOf("ann")).hasStatus(200);
        nobody.put("/bucket/new", "x", "x-amz-expected-bucket-owner", S3Users.idOf("bob"))
                .isError(403, "AccessDenied");
    }
}
