import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/// Style by numbers: sizes and shapes of our sources, with the worst offenders by name.
///
/// `java scripts/Tidy.java [ROOT] [OFFENDERS]`. The numbers guide, they break no build.
public final class Tidy {

    private static final Measure METHOD_LINES = new Measure("method length", 16, 45);
    private static final Measure FILE_LINES = new Measure("file length", 300, 500);
    private static final Measure PARAMETERS = new Measure("parameters", 5, 7);
    private static final Measure NESTING = new Measure("nesting of blocks", 3, 3);
    private static final Measure PACKAGE_TYPES = new Measure("package size", 20, 20);

    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments.length > 0 ? arguments[0] : ".").toAbsolutePath().normalize();
        int offenders = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        List<Path> main = sources(root, "main");
        List<Path> test = sources(root, "test");
        if (main.isEmpty()) {
            System.out.println("tidy: no sources under " + root);
            return;
        }
        measure(root, main);
        System.out.printf("tidy: %d files, %d lines of main, %d lines of test (%.2f per line of main)%n",
                main.size(), lines(main), lines(test), (double) lines(test) / Math.max(1, lines(main)));
        System.out.printf("  %-18s %6s %6s %6s   %s%n", "", "p90", "p99", "max", "wanted p90, p99");
        for (Measure measure : List.of(METHOD_LINES, FILE_LINES, PARAMETERS, NESTING, PACKAGE_TYPES)) {
            measure.print(offenders);
        }
    }

    private static List<Path> sources(Path root, String kind) throws IOException {
        var found = new ArrayList<Path>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path folder : modules.map(module -> module.resolve("src/" + kind + "/java")).toList()) {
                if (Files.isDirectory(folder)) {
                    try (Stream<Path> files = Files.walk(folder)) {
                        files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
                    }
                }
            }
        }
        found.sort(Comparator.naturalOrder());
        return found;
    }

    private static long lines(List<Path> files) throws IOException {
        long lines = 0;
        for (Path file : files) {
            lines += Files.readAllLines(file).size();
        }
        return lines;
    }

    private static void measure(Path root, List<Path> files) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            var units = manager.getJavaFileObjectsFromPaths(files);
            var task = (JavacTask) compiler.getTask(null, manager, problem -> {}, List.of("-proc:none"), null, units);
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                String path = root.relativize(Path.of(unit.getSourceFile().toUri())).toString();
                FILE_LINES.add(unit.getLineMap().getLineNumber(positions.getEndPosition(unit, unit)), path);
                new Shapes(unit, positions, path.replaceFirst(".*/", "").replace(".java", "")).scan(unit, null);
            }
        }
        files.stream()
                .filter(file -> !file.endsWith("package-info.java"))
                .collect(Collectors.groupingBy(Path::getParent))
                .forEach((folder, members) -> PACKAGE_TYPES.add(members.size(), root.relativize(folder).toString()));
    }

    /// Walks one file and measures its methods.
    private static final class Shapes extends TreePathScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final String file;

        Shapes(CompilationUnitTree unit, SourcePositions positions, String file) {
            this.unit = unit;
            this.positions = positions;
            this.file = file;
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            var owner = (ClassTree) getCurrentPath().getParentPath().getLeaf();
            String type = owner.getSimpleName().isEmpty() ? "(anonymous)" : owner.getSimpleName().toString();
            String name = method.getName().contentEquals("<init>") ? "constructor" : method.getName().toString();
            String label = (type.equals(file) ? file : file + "." + type) + "." + name + ":" + line(start(method));
            if (method.getBody() != null && start(method.getBody()) >= 0) {
                METHOD_LINES.add(line(end(method)) - line(start(method)) + 1, label);
            }
            // The components of a record are no call that anyone has to read.
            if (owner.getKind() != Tree.Kind.RECORD || !method.getName().contentEquals("<init>")) {
                PARAMETERS.add(method.getParameters().size(), label);
            }
            NESTING.add(deepestBlock(method.getBody()), label);
            super.visitMethod(method, null);
            return null;
        }

        /// How many blocks stand in one another inside a method's own; those of classes within it are theirs.
        private static int deepestBlock(Tree body) {
            int[] deepest = {0};
            new TreeScanner<Void, Integer>() {
                @Override
                public Void visitBlock(BlockTree block, Integer depth) {
                    deepest[0] = Math.max(deepest[0], depth);
                    return super.visitBlock(block, depth + 1);
                }

                @Override
                public Void visitClass(ClassTree type, Integer depth) {
                    return null;
                }
            }.scan(body, 0);
            return deepest[0];
        }

        private long start(Tree tree) {
            return positions.getStartPosition(unit, tree);
        }

        private long end(Tree tree) {
            return positions.getEndPosition(unit, tree);
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }

    /// Values of one kind, each with the place where it was found.
    private static final class Measure {
        private record Finding(long value, String place) {}

        private final String name;
        private final long wantedP90;
        private final long wantedP99;
        private final List<Finding> findings = new ArrayList<>();

        Measure(String name, long wantedP90, long wantedP99) {
            this.name = name;
            this.wantedP90 = wantedP90;
            this.wantedP99 = wantedP99;
        }

        void add(long value, String place) {
            findings.add(new Finding(value, place));
        }

        void print(int offenders) {
            findings.sort(Comparator.comparingLong(Finding::value).reversed());
            System.out.printf("  %-18s %6d %6d %6d   %d, %d%n",
                    name, percentile(90), percentile(99), percentile(100), wantedP90, wantedP99);
            findings.stream()
                    .filter(finding -> finding.value() > wantedP99)
                    .limit(offenders)
                    .forEach(finding -> System.out.printf("      %6d  %s%n", finding.value(), finding.place()));
        }

        private long percentile(int percent) {
            int above = findings.size() * (100 - percent) / 100;
            return findings.isEmpty() ? 0 : findings.get(above).value();
        }
    }
}
