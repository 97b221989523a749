package tests.style;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.Rpkai;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tests.support.Repository;

/// Which package may use which, and how large a folder may be.
class PackagesTest {
    /// Lists which packages each package may use. A row stands for its subpackages too, unless these have a row
    /// of their own, and classes of one row may use each other. A row names only earlier rows, so no cycle can
    /// arise.
    ///
    /// If the test rejects your change, ask in this order:
    /// 1. Does the class that you use belong in an earlier row, where both packages may use it? Move it there.
    /// 2. Do you need only an answer from a later row? Take a function or an interface of your own, and let the
    ///    later package pass it in.
    /// 3. Is it right to use that earlier row? Add it to your row, and say why in the commit.
    private static final String MAY_USE = """
            base              -
            terminal          base
            startup           base terminal
            http              base terminal startup
            config            base startup
            auth              base terminal http config
            api               base http config auth
            database          base http startup
            usage             base database
            models            api usage
            agents.process    base config
            gateway           base http config api database usage models
            startup.training  base startup
            install           base startup startup.training
            agents            base terminal http config auth api agents.process install
            mcp               base http auth
            launch            base startup http config auth api usage agents.process install agents
            gateway.local     base startup.training api gateway launch
            doctor            base http config auth api agents
            cli               base terminal startup http config auth api agents.process install agents mcp \
                              launch doctor
            cli.gateway       base terminal http config database usage agents.process gateway install cli
            cli.secret        base config api gateway cli cli.gateway
            cli.usage         base http config auth api database usage gateway cli cli.gateway
            startup.shortcut  base startup config auth agents.process install cli
            Rpkai             base cli startup.shortcut
            """;

    private static final int MOST_FILES = 25;

    private static JavaClasses classes;

    @BeforeAll
    static void read() throws IOException, URISyntaxException {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        var place = Path.of(
                Rpkai.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        var importer = new ClassFileImporter().withImportOption(file -> file.contains("/lib/"));
        if (Files.isDirectory(place)) classes = importer.importPath(place);
        else
            try (var jar = new JarFile(place.toFile())) {
                classes = importer.importJar(jar);
            }
    }

    @Test
    void thePackagesUseOnlyAllowedPackages() {
        var mayUse = mayUse();
        var refused = arrows().filter(
                        arrow -> !mayUse.get(row(arrow.getOriginClass())).contains(row(arrow.getTargetClass())))
                .map(arrow -> "%s must not use %s %s: `%s` may use %s (tests/style/PackagesTest.java says what to do)"
                        .formatted(
                                arrow.getOriginClass().getName(),
                                arrow.getTargetClass().getName(),
                                arrow.getSourceCodeLocation(),
                                row(arrow.getOriginClass()),
                                mayUse.get(row(arrow.getOriginClass()))))
                .distinct()
                .toList();
        assertEquals("", String.join("\n", refused));
    }

    @Test
    void eachRowOfTheTableNamesOnlyEarlierRowsThatAreUsed() {
        var rows = mayUse();
        var above = new ArrayList<String>();
        rows.forEach((row, uses) -> {
            assertTrue(above.containsAll(uses), row + " may name only earlier rows, not all of " + uses);
            above.add(row);
        });

        var used = arrows().map(arrow -> row(arrow.getOriginClass()) + " " + row(arrow.getTargetClass()))
                .collect(Collectors.toSet());
        var idle = rows.entrySet().stream()
                .flatMap(row -> row.getValue().stream().map(target -> row.getKey() + " " + target))
                .filter(arrow -> !used.contains(arrow))
                .toList();
        assertEquals(List.of(), idle, "arrows of the table that can go");
    }

    /// JBang compiles the launcher alone; the gateway is compiled when a command first needs it.
    @Test
    void theLauncherUsesNoClassOfTheGateway() throws IOException {
        var rpkai = Files.readAllLines(Repository.root().resolve("lib/Rpkai.java"));
        var gateway = rpkai.stream()
                .filter(line -> line.matches("//FILES .*\\.java"))
                .map(line -> line.replaceAll(".*=|/[^/]+$", "").replace('/', '.'))
                .collect(Collectors.toSet());
        assertTrue(gateway.contains("gateway.proxy"), "not the packages of the gateway: " + gateway);
        assertEquals(
                List.of(),
                classes.stream()
                        .filter(type -> isOurs(type) && !isIn(gateway, type))
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .filter(arrow -> isIn(gateway, arrow.getTargetClass()))
                        .map(Dependency::getDescription)
                        .toList(),
                "reach it by an interface of the launcher, see lib/startup/GatewayClasses.java");
    }

    private static boolean isIn(Set<String> packages, JavaClass type) {
        return packages.contains(type.getPackageName().replaceFirst("^lib\\.", ""));
    }

    @Test
    void noCycle() {
        slices().matching("lib.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void usageKnowsNoHttpServer() {
        noClasses()
                .that()
                .resideInAPackage("lib.usage..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.helidon..")
                .check(classes);
    }

    @Test
    void noFolderIsCrowded() throws IOException {
        var sizes = sizes();
        print(sizes);
        sizes.forEach((folder, size) -> assertTrue(
                size <= MOST_FILES,
                "%s has %d files, more than %d: split it by what they do".formatted(folder, size, MOST_FILES)));
    }

    @Test
    void aSimpleNameMeansOneType() {
        var named = classes.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName,
                        TreeMap::new,
                        Collectors.mapping(JavaClass::getName, Collectors.toCollection(TreeSet::new))));
        named.values().removeIf(types -> types.size() == 1);
        assertEquals(Map.of(), named, "types with the same simple name");
    }

    @Test
    void scriptsUseThePublicApi() throws IOException {
        try (var scripts = Files.list(Repository.root().resolve("catalog"))) {
            for (var script :
                    scripts.filter(file -> file.toString().endsWith(".java")).toList())
                assertTrue(
                        Files.readString(script)
                                .lines()
                                .noneMatch(line -> line.matches("import lib\\.(Rpkai|cli\\b.*);")),
                        script + " imports the command line: use lib.launch.RpkaiCommand");
        }
    }

    /// The arrows between the rows of the table.
    private static Stream<Dependency> arrows() {
        return classes.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(arrow -> isOurs(arrow.getTargetClass()))
                .filter(arrow -> !row(arrow.getOriginClass()).equals(row(arrow.getTargetClass())));
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().equals("lib") || type.getPackageName().startsWith("lib.");
    }

    /// The row of the table that a class belongs to: the longest that its package begins with.
    private static String row(JavaClass type) {
        if (type.getPackageName().equals("lib")) return "Rpkai";
        var name = type.getPackageName().substring("lib.".length());
        return ROWS.stream()
                .filter(row -> (name + ".").startsWith(row + "."))
                .max((one, other) -> Integer.compare(one.length(), other.length()))
                .orElseThrow(() -> new AssertionError("the package lib." + name
                        + " has no row in the table of tests/style/PackagesTest.java: give it one"));
    }

    private static final Set<String> ROWS = mayUse().keySet();

    private static Map<String, Set<String>> mayUse() {
        var rows = new LinkedHashMap<String, Set<String>>();
        MAY_USE.lines().forEach(line -> {
            var words = new ArrayList<>(List.of(line.strip().split("\\s+")));
            var row = words.removeFirst();
            words.remove("-");
            rows.put(row, new LinkedHashSet<>(words));
        });
        return rows;
    }

    /// Java files by folder.
    private static Map<String, Integer> sizes() throws IOException {
        var root = Repository.root();
        var sizes = new TreeMap<String, Integer>();
        for (var top : List.of("lib", "tests")) {
            try (var files = Files.walk(root.resolve(top))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file -> sizes.merge(
                                root.relativize(file.getParent()).toString().replace('\\', '/'), 1, Integer::sum));
            }
        }
        return sizes;
    }

    /// The packages as a graph: the size of each, and the packages it uses.
    private static void print(Map<String, Integer> sizes) {
        var uses = new TreeMap<String, Set<String>>();
        for (var type : classes) {
            var targets = uses.computeIfAbsent(type.getPackageName(), _ -> new TreeSet<>());
            for (var arrow : type.getDirectDependenciesFromSelf()) {
                var target = arrow.getTargetClass();
                if (isOurs(target) && !target.getPackageName().equals(type.getPackageName()))
                    targets.add(target.getPackageName().replaceFirst("^lib\\.", ""));
            }
        }
        System.out.println("packages, each after those that it uses: files, name, what it uses");
        var left = new ArrayList<>(uses.keySet());
        while (!left.isEmpty()) {
            // The next layer: what uses nothing that is left.
            var layer = left.stream()
                    .filter(name -> left.stream()
                            .noneMatch(other -> uses.get(name).contains(other.replaceFirst("^lib\\.", ""))))
                    .toList();
            if (layer.isEmpty()) throw new AssertionError("a cycle among " + left);
            for (var name : layer)
                System.out.printf(
                        "%4d  %-30s %s%n",
                        sizes.getOrDefault(name.replace('.', '/'), 0), name, String.join(" ", uses.get(name)));
            left.removeAll(layer);
        }
        sizes.forEach((folder, size) -> {
            if (folder.startsWith("tests")) System.out.printf("%4d  %s%n", size, folder);
        });
    }
}
