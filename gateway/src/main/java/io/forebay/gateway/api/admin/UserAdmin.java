package io.forebay.gateway.api.admin;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.gateway.auth.UserKeys;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.UserOrder;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.sigv4.Credentials;
import org.jspecify.annotations.Nullable;

/// `/admin/users`: every user (GET), and orders about one (POST).
final class UserAdmin {
    static final String PATH = "/admin/users";

    private static final int MAX_ORDER_BYTES = 4096;

    private final UserDesk desk;

    UserAdmin(UserDesk desk) {
        this.desk = desk;
    }

    Reply answer(Exchange exchange) {
        Method method = exchange.request().method();
        return switch (method) {
            case GET -> JsonReply.of(desk.list());
            case POST -> order(exchange);
            case PUT, DELETE, HEAD, PATCH, OPTIONS -> NodeErrors.methodNotAllowed(method, "GET, POST");
        };
    }

    ///
    private Reply order(Exchange exchange) {
        UserOrder order = WireJson.read(JsonMessage.read(exchange, MAX_ORDER_BYTES), UserOrder.class);
        Check.argument(!order.name().isEmpty(), "the message names no user");
        return switch (order.action()) {
            case "add" -> JsonReply.of(desk.add(order.name(), order.administrator(), chosen(order)));
            case "rotate" -> JsonReply.of(desk.rotate(order.name(), chosen(order), order.force()));
            case "enable" -> {
                desk.enable(order.name(), true);
                yield JsonReply.of(desk.list());
            }
            case "disable" -> {
                desk.enable(order.name(), false);
                yield JsonReply.of(desk.list());
            }
            case "remove" -> {
                desk.remove(order.name(), order.force());
                yield JsonReply.of(desk.list());
            }
            default ->
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "action \"" + order.action() + "\" is none of add, rotate, enable, disable, remove");
        };
    }

    /// The keys that the order has, or null. Throws INVALID_ARGUMENT for unusable ones, or one without the other.
    private static @Nullable Credentials chosen(UserOrder order) {
        boolean none = order.accessKey().isEmpty() && order.secretKey().isEmpty();
        Check.argument(
                none || (!order.accessKey().isEmpty() && !order.secretKey().isEmpty()),
                "give both an access key and a secret key, or neither for new ones");
        return none ? null : UserKeys.checked(order.accessKey(), "an access key", order.secretKey(), "a secret key");
    }
}
