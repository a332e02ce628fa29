package io.forebay.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;

final class AllocatesTest {

    @Test
    void everyBenchmarkSaysWhatItMayAllocateAndRunsAsAllDo() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.forebay.bench.micro");
        assertThat(classes.stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> method.isAnnotatedWith(Benchmark.class)))
                .isNotEmpty()
                .allMatch(method -> method.isAnnotatedWith(Allocates.class)
                        && method.getOwner().isAssignableTo(MicroBenchmark.class));
    }
}
