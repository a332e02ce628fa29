package io.forebay.protocol.api;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;

/// What is wrong with a JSON message, in its own terms: which of its values, and what that has to be.
final class JsonFault {
    private JsonFault() {}

    static String words(JacksonException failure) {
        return switch (failure) {
            case InvalidNullException wrong -> place(wrong.getPath()) + " must not be null";
            case MismatchedInputException wrong -> place(wrong.getPath()) + " must be " + kind(wrong.getTargetType());
            case DatabindException wrong -> place(wrong.getPath()) + " is not valid";
            default -> syntax(failure);
        };
    }

    /// Such as `objlist[3].objname`.
    private static String place(List<JacksonException.Reference> path) {
        StringBuilder place = new StringBuilder();
        for (JacksonException.Reference step : path) {
            String name = step.getPropertyName();
            if (name == null) {
                place.append('[').append(step.getIndex()).append(']');
            } else {
                place.append(place.isEmpty() ? "" : ".").append(name);
            }
        }
        return place.isEmpty() ? "it" : place.toString();
    }

    private static String kind(@Nullable Class<?> wanted) {
        if (wanted == null) {
            return "something else";
        }
        if (wanted == String.class) {
            return "a text";
        }
        if (wanted == boolean.class || wanted == Boolean.class) {
            return "true or false";
        }
        if (wanted.isEnum()) {
            return "one of " + Arrays.toString(wanted.getEnumConstants());
        }
        if (Number.class.isAssignableFrom(wanted) || wanted.isPrimitive()) {
            return "a number from " + range(wanted);
        }
        return wanted.isArray() || Collection.class.isAssignableFrom(wanted) ? "a list" : "an object";
    }

    private static String range(Class<?> wanted) {
        return wanted == int.class || wanted == Integer.class
                ? Integer.MIN_VALUE + " to " + Integer.MAX_VALUE
                : Long.MIN_VALUE + " to " + Long.MAX_VALUE;
    }

    /// What a parser says, without what it says of itself.
    private static String syntax(JacksonException failure) {
        String said = failure.getOriginalMessage();
        int end = said.indexOf(" (start marker at");
        TokenStreamLocation at = failure.getLocation();
        String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        return (end < 0 ? said : said.substring(0, end)).replace("`", "") + where;
    }
}
