package io.forebay.storage.http;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.AisHeaders;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.multipart.AppendHandle;
import io.forebay.storage.multipart.Appends;
import io.forebay.storage.object.WriteOptions;
import java.util.Map;

/// Appending on the wire: `append_type` of `append` or `flush`, and the handle that the client carries
/// between them.
final class AppendRequests {
    static final String APPEND = "append";
    static final String FLUSH = "flush";

    private final Appends appends;
    private final Encryptions encryptions;
    private final Intake intake;

    AppendRequests(Appends appends, Encryptions encryptions, Intake intake) {
        this.appends = appends;
        this.encryptions = encryptions;
        this.intake = intake;
    }

    /// The upload that a request goes on with; empty when it begins one.
    static String uploadId(ObjectRequest request) {
        String text = request.query().find(AisQuery.APPEND_HANDLE, "");
        return text.isEmpty() ? "" : AppendHandle.parse(text).uploadId();
    }

    /// PUT `append_type=append`: an empty handle begins.
    Reply append(ObjectRequest request) {
        intake.requireWritable(request);
        String text = request.query().find(AisQuery.APPEND_HANDLE, "");
        AppendHandle given = text.isEmpty() ? null : AppendHandle.parse(text);
        Body body = request.exchange().body();
        AppendHandle next = intake.admitted(request, body.length(), () -> {
            AppendHandle handle = given == null
                    ? appends.begin(request.bucket(), request.key(), () -> encryptions.ofNew(request))
                    : given;
            return appends.append(request.bucket(), request.key(), handle, body);
        });
        return Reply.of(200).with(AisHeaders.APPEND_HANDLE, next.toString());
    }

    /// PUT with `Forebay-Write-Offset`, for a face: one request begins, appends and ends. Throws what
    /// `Appends.extend` does, and INVALID_ARGUMENT for an offset that is none.
    Reply extend(ObjectRequest request) {
        intake.requireWritable(request);
        ChecksumDemands demands = ChecksumDemands.of(request.headers(), request.bucket());
        Body body = request.exchange().body();
        Appends.Extension extension = new Appends.Extension(
                offset(request),
                WriteConditions.of(request.headers()),
                new WriteOptions(body.length(), demands.keep(), demands.verify(), Map.of(), Map.of()),
                demands.expected(),
                base -> encryptions.ofStored(request, base));
        ObjectRecord record = intake.admitted(
                request, body.length(), () -> appends.extend(request.bucket(), request.key(), extension, body));
        return ObjectWrites.stored(request, record);
    }

    private static long offset(ObjectRequest request) {
        String text = request.headers().find(NodeHeaders.WRITE_OFFSET, "");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT, NodeHeaders.WRITE_OFFSET + " is not a number: \"" + text + "\"", e);
        }
    }

    /// PUT `append_type=flush`: bytes that come with it are the last piece.
    Reply flush(ObjectRequest request) {
        intake.requireWritable(request);
        String text = request.query().find(AisQuery.APPEND_HANDLE, "");
        Check.argument(
                !text.isEmpty(), "failed to finalize append-file operation: empty source in the \"%s\" handle", text);
        AppendHandle handle = AppendHandle.parse(text);
        Body body = request.exchange().body();
        ObjectRecord record = intake.admitted(request, body.length(), () -> {
            AppendHandle last = appends.append(request.bucket(), request.key(), handle, body);
            return appends.flush(request.bucket(), request.key(), last, ChecksumDemands.given(request.headers()));
        });
        return ObjectWrites.stored(request, record);
    }
}
