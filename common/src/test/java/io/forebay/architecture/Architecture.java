package io.forebay.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The packages of one module and the arrows between them, as the architecture document draws them.
///
/// A package is named relative to its module and speaks for the packages below it, unless they are named themselves.
/// The module's root package wires everything, so it may use every package and none may use it. A named package need
/// not exist yet, while one that exists must be named.
public final class Architecture {

    private static final String ROOT = "";

    /// Kept, because the JDK forgets the level of a logger that nobody holds.
    private static final Logger ARCHUNIT_LOG = Logger.getLogger("com.tngtech.archunit");

    static {
        ARCHUNIT_LOG.setLevel(Level.WARNING);
    }

    private final String module;
    private final Map<String, Set<String>> arrows = new TreeMap<>();
    private final Map<String, Set<String>> confined = new TreeMap<>();

    private Architecture(String module) {
        this.module = module;
    }

    /// Of the module with this base package.
    public static Architecture of(String module) {
        return new Architecture(module);
    }

    /// Declares a package, and which others of its module it may use.
    public Architecture may(String from, String... to) {
        if (arrows.putIfAbsent(from, Set.of(to)) != null) {
            throw new IllegalArgumentException(from + " is declared twice");
        }
        return this;
    }

    /// Says that a package uses, of all Forebay's code, only the named modules or packages, and itself.
    public Architecture only(String from, String... fullNames) {
        confined.put(from, Set.of(fullNames));
        return this;
    }

    /// Fails with every violation of the arrows, and of the rules that hold in all modules.
    public void check() {
        checkDeclared();
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(module);
        Set<String> violations = new TreeSet<>();
        for (JavaClass type : classes) {
            checkArrows(type, violations);
        }
        ModuleRules.check(classes, violations);
        if (!violations.isEmpty()) {
            throw new AssertionError("Against the architecture:\n  " + String.join("\n  ", violations));
        }
    }

    private void checkDeclared() {
        arrows.forEach((from, targets) -> {
            for (String to : targets) {
                if (!arrows.containsKey(to)) {
                    throw new IllegalArgumentException(from + " → " + to + ", which is not declared");
                }
            }
            List<String> path = new ArrayList<>(List.of(from));
            checkCycle(from, path);
        });
    }

    private void checkCycle(String start, List<String> path) {
        for (String to : arrows.getOrDefault(path.getLast(), Set.of())) {
            if (to.equals(start)) {
                throw new IllegalArgumentException("a cycle of arrows: " + String.join(" → ", path) + " → " + to);
            }
            if (!path.contains(to)) {
                path.add(to);
                checkCycle(start, path);
                path.removeLast();
            }
        }
    }

    private void checkArrows(JavaClass type, Set<String> violations) {
        String from = declared(type.getPackageName());
        if (from == null) {
            violations.add("package " + type.getPackageName() + " is not declared in ArchitectureTest");
            return;
        }
        type.getDirectDependenciesFromSelf().forEach(dependency -> {
            JavaClass target = dependency.getTargetClass().getBaseComponentType();
            if (!allows(from, target.getPackageName())) {
                violations.add(label(from) + " must not use " + target.getName() + ": " + dependency.getDescription());
            }
        });
    }

    private boolean allows(String from, String target) {
        if (!within(target, "io.forebay")) {
            return true;
        }
        if (within(target, module)) {
            String to = declared(target);
            return from.equals(to)
                    || (from.equals(ROOT) && to != null)
                    || arrows.getOrDefault(from, Set.of()).contains(to);
        }
        Set<String> only = confined.get(from);
        return only == null || only.stream().anyMatch(name -> within(target, name));
    }

    /// The longest declared name that holds a package; the root holds only itself.
    private @Nullable String declared(String packageName) {
        if (packageName.equals(module)) {
            return ROOT;
        }
        return arrows.keySet().stream()
                .filter(name -> within(packageName, module + "." + name))
                .max(Comparator.comparingInt(String::length))
                .orElse(null);
    }

    private static String label(String name) {
        return name.isEmpty() ? "(root)" : name;
    }

    private static boolean within(String packageName, String ancestor) {
        return packageName.equals(ancestor) || packageName.startsWith(ancestor + ".");
    }
}
