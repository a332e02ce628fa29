package io.forebay.gateway.api.s3;

import io.forebay.cluster.rule.LifecycleRules;
import io.forebay.cluster.rule.NotificationRules;
import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.Encryption;
import io.forebay.common.model.Versioning;
import io.forebay.gateway.auth.acl.ObjectOwnership;
import io.forebay.gateway.auth.acl.PublicAccessBlock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The configurations that a bucket can be given, each kept as text in one property of the bucket.
enum BucketConfiguration {
    CORS("cors", "CORSConfiguration", S3Error.NO_SUCH_CORS_CONFIGURATION, 200) {
        @Override
        String read(XmlElement document) {
            return CorsRules.read(document).text();
        }

        @Override
        XmlWriter document(String text) {
            return CorsRules.parse(text).document();
        }
    },
    LIFECYCLE("lifecycle", "LifecycleConfiguration", S3Error.NO_SUCH_LIFECYCLE_CONFIGURATION, 200) {
        @Override
        String read(XmlElement document) {
            return LifecycleDocument.read(document).text();
        }

        @Override
        XmlWriter document(String text) {
            return LifecycleDocument.write(LifecycleRules.parse(text));
        }
    },
    ENCRYPTION("encryption", "ServerSideEncryptionConfiguration", S3Error.SERVER_SIDE_ENCRYPTION_NOT_FOUND, 200) {
        @Override
        String read(XmlElement document) {
            return DefaultEncryption.read(document).toString();
        }

        @Override
        XmlWriter document(String text) {
            return DefaultEncryption.document(Encryption.parse(text));
        }
    },
    NOTIFICATION("notification", "NotificationConfiguration", null, 200) {
        @Override
        String read(XmlElement document) {
            return NotificationDocument.read(document).text();
        }

        @Override
        XmlWriter document(String text) {
            return NotificationDocument.write(NotificationRules.parse(text));
        }

        @Override
        boolean isRemovable() {
            return false;
        }
    },
    OWNERSHIP_CONTROLS("ownershipControls", "OwnershipControls", S3Error.OWNERSHIP_CONTROLS_NOT_FOUND, 200) {
        @Override
        String read(XmlElement document) {
            List<XmlElement> rules = document.all("Rule");
            ObjectOwnership ownership =
                    rules.size() == 1 ? ObjectOwnership.find(rules.getFirst().requireText("ObjectOwnership")) : null;
            if (ownership == null) {
                throw new S3Failure(S3Error.MALFORMED_XML);
            }
            return ownership.wireName();
        }

        @Override
        XmlWriter document(String text) {
            return XmlWriter.of("OwnershipControls")
                    .open("Rule")
                    .element("ObjectOwnership", text)
                    .close();
        }
    },
    PUBLIC_ACCESS_BLOCK(
            "publicAccessBlock", "PublicAccessBlockConfiguration", S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK, 200) {
        @Override
        String read(XmlElement document) {
            return new PublicAccessBlock(
                            isSet(document, "BlockPublicAcls"),
                            isSet(document, "IgnorePublicAcls"),
                            isSet(document, "BlockPublicPolicy"),
                            isSet(document, "RestrictPublicBuckets"))
                    .text();
        }

        private boolean isSet(XmlElement document, String name) {
            String text = document.findText(name);
            if (text == null || text.equalsIgnoreCase("false")) {
                return false;
            }
            if (text.equalsIgnoreCase("true")) {
                return true;
            }
            throw new S3Failure(S3Error.MALFORMED_XML);
        }

        @Override
        XmlWriter document(String text) {
            PublicAccessBlock block = PublicAccessBlock.parse(text);
            return XmlWriter.of("PublicAccessBlockConfiguration")
                    .element("BlockPublicAcls", block.blockPublicAcls())
                    .element("IgnorePublicAcls", block.ignorePublicAcls())
                    .element("BlockPublicPolicy", block.blockPublicPolicy())
                    .element("RestrictPublicBuckets", block.restrictPublicBuckets());
        }
    },
    TAGGING("tagging", "Tagging", S3Error.NO_SUCH_TAG_SET, 204) {
        @Override
        String read(XmlElement document) {
            return TagSet.read(document, TagSet.MAX_OF_BUCKET).text();
        }

        @Override
        XmlWriter document(String text) {
            return TagSet.parse(text, TagSet.MAX_OF_BUCKET).document();
        }
    },
    VERSIONING("versioning", "VersioningConfiguration", null, 200) {
        @Override
        String read(XmlElement document) {
            String status = document.findText("Status");
            if (status == null || !(status.equals(ENABLED) || status.equals("Suspended"))) {
                throw new S3Failure(
                        S3Error.ILLEGAL_VERSIONING_CONFIGURATION,
                        "The Versioning element must be specified, and be Enabled or Suspended");
            }
            if (ENABLED.equals(document.findText("MfaDelete"))) {
                throw S3Failure.notImplemented("MfaDelete");
            }
            return status;
        }

        @Override
        XmlWriter document(String text) {
            return XmlWriter.of("VersioningConfiguration").element("Status", text);
        }

        @Override
        boolean isRemovable() {
            return false;
        }

        @Override
        void checkState(Bucket bucket, String text) {
            if (bucket.isLockable() && !text.equals(ENABLED)) {
                throw new S3Failure(
                        S3Error.INVALID_BUCKET_STATE,
                        "An Object Lock configuration is present on this bucket, so the versioning state cannot be"
                                + " changed.");
            }
        }
    },
    OBJECT_LOCK("object-lock", "ObjectLockConfiguration", S3Error.OBJECT_LOCK_CONFIGURATION_NOT_FOUND, 200) {
        @Override
        String read(XmlElement document) {
            return DefaultRetention.read(document);
        }

        @Override
        XmlWriter document(String text) {
            return DefaultRetention.document(text);
        }

        @Override
        boolean isRemovable() {
            return false;
        }

        @Override
        void checkState(Bucket bucket, String text) {
            if (bucket.versioning() != Versioning.ENABLED) {
                throw new S3Failure(
                        S3Error.INVALID_BUCKET_STATE,
                        "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
            }
        }
    };

    /// The status of a bucket that has versions.
    static final String ENABLED = "Enabled";

    private final String subResource;
    private final String root;
    private final @Nullable S3Error unset;
    private final int writtenStatus;

    BucketConfiguration(String subResource, String root, @Nullable S3Error unset, int writtenStatus) {
        this.subResource = subResource;
        this.root = root;
        this.unset = unset;
        this.writtenStatus = writtenStatus;
    }

    /// The one that a sub-resource means, or null.
    static @Nullable BucketConfiguration of(@Nullable String subResource) {
        for (BucketConfiguration configuration : values()) {
            if (configuration.subResource.equals(subResource)) {
                return configuration;
            }
        }
        return null;
    }

    /// The text to keep of a document; empty for one that says nothing. Throws MalformedXML and what its rules say.
    abstract String read(XmlElement document);

    /// The document of a text that was kept.
    abstract XmlWriter document(String text);

    /// The name of the document's root element.
    String root() {
        return root;
    }

    /// The bucket's property that has it.
    String property() {
        return Bucket.S3 + subResource;
    }

    /// The text that a bucket keeps, or null when it has none.
    @Nullable
    String textOf(Bucket bucket) {
        return bucket.properties().get(property());
    }

    /// Holds the bucket to what the configuration needs of it. Throws InvalidBucketState.
    void checkState(Bucket bucket, String text) {
        // Most need nothing.
    }

    /// Whether it can be removed once it was set.
    boolean isRemovable() {
        return true;
    }

    /// The error of a bucket that has none; null when that is answered by an empty document.
    @Nullable
    S3Error unset() {
        return unset;
    }

    /// The status of an answer to a document that was taken.
    int writtenStatus() {
        return writtenStatus;
    }
}
