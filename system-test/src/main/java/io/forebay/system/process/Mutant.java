package io.forebay.system.process;

import io.forebay.common.error.Check;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/// A deliberately broken build: a class of the layout in which a method does nothing. Before the layout on the
/// class path, it shows whether a suite finds the mistake.
public final class Mutant {
    private Mutant() {}

    /// Writes the class below `folder`, with all methods of that name returning at once: true, where they
    /// return a boolean. Throws IllegalStateException when there is no such class or method, or it returns
    /// something else.
    public static void disarm(Path layout, String className, String method, Path folder) {
        String entry = className.replace('.', '/') + ".class";
        Path target = folder.resolve(entry);
        try {
            byte[] bytes = Files.exists(target) ? Files.readAllBytes(target) : find(layout, entry);
            Files.createDirectories(folder.resolve(entry).getParent());
            Files.write(target, disarmed(bytes, method));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] disarmed(byte[] bytes, String method) {
        AtomicInteger found = new AtomicInteger();
        ClassModel model = ClassFile.of().parse(bytes);
        ClassTransform transform = (builder, element) -> {
            if (element instanceof MethodModel old && old.methodName().equalsString(method)) {
                found.incrementAndGet();
                ClassDesc type = old.methodTypeSymbol().returnType();
                builder.transformMethod(old, MethodTransform.transformingCode(new Return(type)));
            } else {
                builder.with(element);
            }
        };
        byte[] changed = ClassFile.of().transformClass(model, transform);
        Check.that(found.get() > 0, "%s has no method %s", model.thisClass().asInternalName(), method);
        return changed;
    }

    /// Nothing of the old code remains.
    private record Return(ClassDesc type) implements CodeTransform {
        @Override
        public void accept(CodeBuilder builder, CodeElement element) {
            // Left out.
        }

        @Override
        public void atEnd(CodeBuilder builder) {
            if (type.equals(ConstantDescs.CD_boolean)) {
                builder.iconst_1().ireturn();
            } else {
                Check.that(type.equals(ConstantDescs.CD_void), "a method that returns %s has to", type.displayName());
                builder.return_();
            }
        }
    }

    private static byte[] find(Path layout, String entry) throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(layout)) {
            jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
        for (Path path : jars) {
            try (JarFile jar = new JarFile(path.toFile())) {
                if (jar.getEntry(entry) != null) {
                    try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
                        return in.readAllBytes();
                    }
                }
            }
        }
        throw new IllegalStateException("no jar in " + layout + " has " + entry);
    }
}
