package io.forebay.common.error;

import org.jspecify.annotations.Nullable;

/// Every way in which an operation can fail: one closed list, rendered by each face through one complete table.
public enum ErrorCode {
    INVALID_ARGUMENT(Fault.CALLER, Retry.NEVER, "A name, number or message breaks a rule that the message states."),
    INVALID_PART(Fault.CALLER, Retry.NEVER, "A part named at completion was not uploaded or has another checksum."),
    INVALID_PART_ORDER(Fault.CALLER, Retry.NEVER, "The parts named at completion are not in ascending order."),
    PART_TOO_SMALL(Fault.CALLER, Retry.NEVER, "A part other than the last is below the smallest size."),
    UNAUTHENTICATED(Fault.CALLER, Retry.NEVER, "The caller did not prove who it is."),
    FORBIDDEN(Fault.CALLER, Retry.NEVER, "The caller may not do this."),
    RANGE_NOT_SATISFIABLE(Fault.CALLER, Retry.NEVER, "No byte of the object lies in the range asked for."),
    UNSUPPORTED(Fault.CALLER, Retry.NEVER, "The operation or a form of it is not offered."),
    TOO_LARGE(Fault.CALLER, Retry.NEVER, "A body, name or list is over its limit."),
    INCOMPLETE_BODY(Fault.CALLER, Retry.NEVER, "The body ended before the length that was announced."),
    CHECKSUM_MISMATCH(Fault.CALLER, Retry.NEVER, "The bytes received do not have the checksum that was sent."),
    KEY_REFUSED(Fault.CALLER, Retry.NEVER, "The encryption key that came is not the object's, or none came."),
    KEY_UNKNOWN(Fault.CALLER, Retry.NEVER, "The encryption key that protects the object is not known here."),
    NO_SUCH_BUCKET(Fault.ABSENT, Retry.NEVER, "The bucket does not exist."),
    NO_SUCH_OBJECT(Fault.ABSENT, Retry.NEVER, "The object does not exist."),
    NO_SUCH_VERSION(Fault.ABSENT, Retry.NEVER, "The object has no such version."),
    NO_SUCH_UPLOAD(Fault.ABSENT, Retry.NEVER, "The multipart upload does not exist."),
    NO_SUCH_JOB(Fault.ABSENT, Retry.NEVER, "The job does not exist."),
    NO_SUCH_SAMPLE(Fault.ABSENT, Retry.NEVER, "The archive has no such member."),
    NO_SUCH_NODE(Fault.ABSENT, Retry.NEVER, "The cluster map has no such node."),
    NO_SUCH_USER(Fault.ABSENT, Retry.NEVER, "The cluster has no such user."),
    ALREADY_EXISTS(Fault.CONFLICT, Retry.NEVER, "What was to be created exists."),
    NOT_EMPTY(Fault.CONFLICT, Retry.NEVER, "The bucket still holds objects."),
    PRECONDITION_FAILED(Fault.CONFLICT, Retry.NEVER, "A condition sent with the request does not hold."),
    IN_USE(Fault.CONFLICT, Retry.SAME_NODE_LATER, "Another operation holds what this one needs."),
    BUSY(Fault.OVERLOAD, Retry.SAME_NODE_LATER, "A limit on concurrent work is reached."),
    NO_SPACE(Fault.OVERLOAD, Retry.NEVER, "The volume is below its reserve of free space."),
    DEADLINE_EXCEEDED(Fault.OVERLOAD, Retry.NEVER, "The operation took longer than it was given."),
    NOT_OWNER(Fault.ROUTING, Retry.AFTER_REFRESH, "The node does not own the object under its map."),
    STALE_MAP(Fault.ROUTING, Retry.AFTER_REFRESH, "The request was routed by an older map than it may be."),
    NOT_LEADER(Fault.ROUTING, Retry.AFTER_REFRESH, "The gateway does not lead the group that orders commands."),
    NODE_UNAVAILABLE(Fault.ROUTING, Retry.OTHER_NODE, "The node cannot be reached or does not serve."),
    CORRUPT(Fault.STORAGE, Retry.OTHER_NODE, "Stored bytes do not have their checksum."),
    VOLUME_FAILED(Fault.STORAGE, Retry.OTHER_NODE, "The volume returned an I/O error or is disabled."),
    BACKEND_FAILED(Fault.BACKEND, Retry.NEVER, "The remote store refused or answered wrongly."),
    BACKEND_UNAVAILABLE(Fault.BACKEND, Retry.SAME_NODE_LATER, "The remote store cannot be reached."),
    INTERNAL(Fault.BUG, Retry.NEVER, "A broken invariant: a bug in Forebay.");

    private final Fault fault;
    private final Retry retry;
    private final String description;

    ErrorCode(Fault fault, Retry retry, String description) {
        this.fault = fault;
        this.retry = retry;
        this.description = description;
    }

    /// The code of that name, or null: another version may have others.
    public static @Nullable ErrorCode find(String name) {
        for (ErrorCode code : values()) {
            if (code.name().equals(name)) {
                return code;
            }
        }
        return null;
    }

    public Fault fault() {
        return fault;
    }

    public Retry retry() {
        return retry;
    }

    /// One sentence for documentation and for messages that have nothing better.
    public String description() {
        return description;
    }
}
