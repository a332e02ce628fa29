package io.forebay.system.process;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/// Shifts the wall clocks of processes that run, without privileges and without a hook in what they run: by an
/// agent that each is given when its clock is shifted for the first time. Used by one thread.
final class WallClocks {
    private static final List<Class<?>> AGENT = List.of(
            ClockAgent.class,
            ShiftedClock.class,
            ClockCalls.class,
            ClockAgent.class.getDeclaredClasses()[0]);

    private final Path layout;
    private final Path folder;
    private final Set<Long> shifted = new HashSet<>();

    /// @param layout the folder of the command's jars
    /// @param folder for the files by which the processes know
    WallClocks(Path layout, Path folder) {
        this.layout = layout;
        this.folder = folder;
    }

    /// Lets the clock of a process jump to so much before or after the machine's.
    void set(long pid, Duration shift) {
        Path file = folder.resolve(pid + ".clock");
        try {
            // In place: the process has it mapped.
            Files.write(
                    file,
                    ByteBuffer.allocate(Long.BYTES).putLong(shift.toMillis()).array());
            if (shifted.add(pid)) {
                load(pid, file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether that process has ever been shifted.
    boolean isShifted(long pid) {
        return shifted.contains(pid);
    }

    private void load(long pid, Path file) throws IOException {
        VirtualMachine process = null;
        try {
            process = VirtualMachine.attach(Long.toString(pid));
            process.loadAgent(agent().toString(), file.toAbsolutePath() + "\n" + users());
        } catch (AttachNotSupportedException | AgentLoadException | AgentInitializationException e) {
            throw new IllegalStateException("the clock of process " + pid + " cannot be shifted: " + e, e);
        } finally {
            if (process != null) {
                process.detach();
            }
        }
    }

    /// A jar of the agent's classes, which the JDK's own class loader is to load.
    private Path agent() throws IOException {
        Path jar = folder.resolve("clock-agent.jar").toAbsolutePath();
        if (!Files.exists(jar)) {
            Manifest manifest = new Manifest();
            Attributes attributes = manifest.getMainAttributes();
            attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
            attributes.putValue("Agent-Class", ClockAgent.class.getName());
            attributes.putValue("Boot-Class-Path", jar.toString());
            attributes.putValue("Can-Retransform-Classes", "true");
            try (OutputStream file = Files.newOutputStream(jar);
                    JarOutputStream out = new JarOutputStream(file, manifest)) {
                for (Class<?> type : AGENT) {
                    String entry = type.getName().replace('.', '/') + ".class";
                    out.putNextEntry(new JarEntry(entry));
                    try (InputStream in = Objects.requireNonNull(
                            WallClocks.class.getClassLoader().getResourceAsStream(entry), entry)) {
                        in.transferTo(out);
                    }
                }
            }
        }
        return jar;
    }

    /// The names of the layout's classes that read the clock.
    private Path users() throws IOException {
        Path file = folder.resolve("clock-users.txt").toAbsolutePath();
        if (!Files.exists(file)) {
            List<String> names = new ArrayList<>();
            try (Stream<Path> jars = Files.list(layout)) {
                for (Path jar :
                        jars.filter(path -> path.toString().endsWith(".jar")).toList()) {
                    addUsers(jar, names);
                }
            }
            Files.write(file, names);
        }
        return file;
    }

    private static void addUsers(Path path, List<String> names) throws IOException {
        try (JarFile jar = new JarFile(path.toFile())) {
            Enumeration<JarEntry> entries = jar.entries();
            while (entries.hasMoreElements()) {
                JarEntry entry = entries.nextElement();
                String name = entry.getName();
                if (name.endsWith(".class") && !name.startsWith("META-INF/")) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        if (ClockCalls.redirected(in.readAllBytes()) != null) {
                            names.add(name.substring(0, name.length() - ".class".length())
                                    .replace('/', '.'));
                        }
                    }
                }
            }
        }
    }
}
