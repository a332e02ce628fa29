package io.forebay.storage.multipart;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;

/// What a client carries from one append to the next. Text form `node|upload|xxhash2|piece`: four fields, as AIStore's
/// gateways and clients expect them.
///
/// It says all that the node must know, so a handle survives a restart, and a repeated request replaces its own piece.
///
/// @param node the node that holds the pieces
/// @param uploadId the kernel's upload
/// @param nextPiece the number that the next piece takes
public record AppendHandle(NodeId node, String uploadId, int nextPiece) {
    private static final String TYPE = "xxhash2";

    /// Throws INVALID_ARGUMENT when the text is not of the form.
    public static AppendHandle parse(String text) {
        String[] fields = text.split("\\|", -1);
        Check.argument(
                fields.length == 4 && !fields[1].isEmpty() && fields[2].equals(TYPE),
                "invalid append handle \"%s\"",
                text);
        try {
            int nextPiece = Integer.parseInt(fields[3]);
            Check.argument(nextPiece >= 1, "invalid append handle \"%s\"", text);
            return new AppendHandle(new NodeId(fields[0]), fields[1], nextPiece);
        } catch (NumberFormatException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "invalid append handle \"" + text + "\"", e);
        }
    }

    /// The handle after the next piece was stored.
    AppendHandle next() {
        return new AppendHandle(node, uploadId, nextPiece + 1);
    }

    @Override
    public String toString() {
        return node + "|" + uploadId + "|" + TYPE + "|" + nextPiece;
    }
}
