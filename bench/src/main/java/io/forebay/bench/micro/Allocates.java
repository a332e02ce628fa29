package io.forebay.bench.micro;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The most bytes of heap that one operation of a benchmark may allocate.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Allocates {
    int atMost();
}
