package io.forebay.system.process;

import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Puts `ShiftedClock` in the place of the JDK's wall clock in a process that runs: in the classes of the layout,
/// libraries included, and in `java.time` and `java.util.Date`. Monotonic time is left alone.
final class ClockAgent {
    private static final String OWN = "io/forebay/system/process/";
    private static final List<String> JDK = List.of("java.time.Clock", "java.util.Date", "java.util.Calendar");

    private ClockAgent() {}

    /// Called by the JVM.
    ///
    /// @param arguments the file of the shift, and one with the names of the layout's classes that read the
    ///     clock, a line each; between them a line break
    public static void agentmain(String arguments, Instrumentation instrumentation)
            throws IOException, UnmodifiableClassException {
        int end = arguments.indexOf('\n');
        ShiftedClock.read(Path.of(arguments.substring(0, end)));
        Set<String> users = new HashSet<>(Files.readAllLines(Path.of(arguments.substring(end + 1))));
        instrumentation.addTransformer(new Redirection(), true);
        List<Class<?>> loaded = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            String name = type.getName();
            boolean reads = users.contains(name) || JDK.stream().anyMatch(name::startsWith);
            if (reads && instrumentation.isModifiableClass(type)) {
                loaded.add(type);
            }
        }
        instrumentation.retransformClasses(loaded.toArray(Class<?>[]::new));
    }

    /// Classes that are loaded later as well.
    private static final class Redirection implements ClassFileTransformer {
        @Override
        public byte @Nullable [] transform(
                @Nullable ClassLoader loader,
                @Nullable String name,
                @Nullable Class<?> old,
                @Nullable ProtectionDomain domain,
                byte[] bytes) {
            return name == null || name.startsWith(OWN) ? null : ClockCalls.redirected(bytes);
        }
    }
}
