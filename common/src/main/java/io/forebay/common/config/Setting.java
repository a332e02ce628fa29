package io.forebay.common.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a component of a settings record means: one sentence, shown by `forebay config` and in `docs/CONFIG.md`. On a
/// component that is a settings record itself it introduces the group.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    String value();
}
