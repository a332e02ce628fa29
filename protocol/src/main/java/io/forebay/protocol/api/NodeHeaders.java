package io.forebay.protocol.api;

/// Forebay's own headers on the native object API, between gateway and storage node.
///
/// They extend AIStore's `/v1/objects` requests so that a face with more to say (S3) needs no second
/// protocol. A storage node accepts them from gateways only: a gateway drops every `Forebay-*` header that a
/// client sent.
public final class NodeHeaders {
    /// Request: the version of the cluster state that the request was routed by, decimal.
    public static final String STATE_VERSION = "Forebay-State-Version";

    /// Reply: the `ErrorCode` name of a failure, beside AIStore's JSON body whose `message` has the text.
    public static final String ERROR = "Forebay-Error";

    /// GET and HEAD request: `1` asks for the object's attributes in the reply's `Forebay-*` headers
    /// (`AttributeHeaders`).
    public static final String ATTRIBUTES = "Forebay-Attributes";

    /// Both ways, repeated: one HTTP attribute, `lower-case-name=percent-encoded value`. With a PATCH,
    /// merged into those that the object has; `If-Match` beside it holds the change to that object.
    public static final String SYSTEM = "Forebay-System";

    /// GET, HEAD, PATCH and DELETE request: the id of the version that is meant, or `newest` for the newest one,
    /// which may be a delete marker. Absent, the object as it is is meant.
    public static final String VERSION = "Forebay-Version";

    /// As `VERSION`: the newest version.
    public static final String NEWEST = "newest";

    /// DELETE request: `1` removes a version although it is retained in governance mode.
    public static final String BYPASS_GOVERNANCE = "Forebay-Bypass-Governance";

    /// DELETE request: the size in bytes that the object must have.
    public static final String IF_SIZE = "Forebay-If-Size";

    /// DELETE request: the second since the epoch in which the object must have been modified.
    public static final String IF_MODIFIED_AT = "Forebay-If-Modified-At";

    /// Both ways, repeated: one entry of user metadata, both sides of `=` percent-encoded.
    public static final String CUSTOM = "Forebay-Custom";

    /// Reply: the object's size in bytes (whole, also on a range).
    public static final String SIZE = "Forebay-Size";

    /// Reply: milliseconds since the epoch of the commit.
    public static final String MODIFIED = "Forebay-Modified";

    /// Reply: the entity tag without quotes.
    public static final String ETAG = "Forebay-Etag";

    /// Both ways, repeated: `type=hex` of one stored checksum. On PUT and part requests it is verified
    /// against the bytes and kept; a mismatch stores nothing and answers CHECKSUM_MISMATCH with the type as
    /// the message's first word.
    public static final String CHECKSUM = "Forebay-Checksum";

    /// PUT and part request, repeated: `type=hex` to verify but not to keep.
    public static final String VERIFY = "Forebay-Verify";

    /// PUT and part request: comma-separated checksum types to compute and keep besides xxhash2, such as
    /// `md5,crc32`.
    public static final String COMPUTE = "Forebay-Compute";

    /// Both ways: `algorithm=base64-N`, the COMPOSITE checksum of a multipart object.
    public static final String COMPOSITE = "Forebay-Composite-Checksum";

    /// Reply: the number of parts of a multipart object; absent for a plain one.
    public static final String PART_COUNT = "Forebay-Part-Count";

    /// Create-upload request and list-parts reply: the multipart checksum as
    /// `algorithm:FULL_OBJECT|COMPOSITE`. Complete-upload request: what the whole object must have,
    /// `algorithm=hex` of all its bytes or `algorithm=base64-N` over its parts' checksums.
    public static final String UPLOAD_CHECKSUM = "Forebay-Upload-Checksum";

    /// Complete-upload request: the least size of every part but the last, in bytes.
    public static final String MIN_PART_SIZE = "Forebay-Min-Part-Size";

    /// GET request: `1` asks for the object's parts in place of its bytes, as a JSON array of `PartInfo` by number
    /// without times and entity tags; empty of an object that has none.
    public static final String PARTS = "Forebay-Parts";

    /// PUT request: the size in bytes that the object must have; the body goes behind what it has, and its HTTP
    /// attributes and user metadata stay. RANGE_NOT_SATISFIABLE when it has another size, NO_SUCH_OBJECT when
    /// there is none, TOO_LARGE when it has as many pieces as it may.
    public static final String WRITE_OFFSET = "Forebay-Write-Offset";

    /// Reply to a GET or HEAD of one part: `type=hex` of the part, where it was kept.
    public static final String PART_CHECKSUM = "Forebay-Part-Checksum";

    /// Request that changes an object of a bucket with notifications: on what occasion (`Occasion`).
    public static final String OCCASION = "Forebay-Occasion";

    /// PUT and create-upload request: how the object is to be encrypted, whatever its bucket's default is; replies:
    /// how it is (`Encryption`). Absent for one that is not.
    public static final String ENCRYPTION = "Forebay-Encryption";

    /// Request: base64 of the client's key by which the object, or the upload, is encrypted. It is for this request
    /// only: nobody logs or keeps it.
    public static final String CUSTOMER_KEY = "Forebay-Customer-Key";

    /// Request: the secret of the cluster. Without it a storage node passes over every other header of this
    /// list.
    public static final String NODE_SECRET = "Forebay-Node-Secret";

    /// Request: the id of the client's request that caused this one, for logs.
    public static final String REQUEST_ID = "Forebay-Request-Id";

    /// Reply at a control port: the id of the answering node's cluster.
    public static final String CLUSTER = "Forebay-Cluster";

    /// Reply 421 at a control port, beside NOT_LEADER: the control address of the gateway that leads; absent
    /// while none is known.
    public static final String LEADER = "Forebay-Leader";

    /// Reply of `GET /cluster/state`: format and checksum of the whole state, when nothing came.
    public static final String STATE_DIGEST = "Forebay-State-Digest";

    /// Reply: for how many seconds the gateway has had no contact to a majority of those that order
    /// commands. Absent while it has.
    public static final String STALE_STATE = "Forebay-Stale-State";

    /// Reply of a page or a list of uploads: the newest epoch of owners that the node read under, decimal,
    /// and how far that is: `7 pending`, `7 active` or `7 settled`.
    public static final String EPOCH = "Forebay-Epoch";

    /// GET and HEAD request between storage nodes: `epoch.version`, the stamp of the object that is meant.
    /// The node answers from what it has itself, whoever owns the key, and NOT_OWNER when that has another
    /// stamp.
    public static final String HELD = "Forebay-Held";

    /// Request for a batch: when its members were modified, in milliseconds since the epoch. By it every node
    /// makes the same bytes.
    public static final String BATCH_TIME = "Forebay-Batch-Time";

    /// Request for a batch: what its client has of the answer already (`SentBytes`); the answer is the rest.
    /// PRECONDITION_FAILED when that node would have sent other bytes.
    public static final String BATCH_SENT = "Forebay-Batch-Sent";

    private NodeHeaders() {}
}
