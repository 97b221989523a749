package lib.gateway.manage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.UserError;
import lib.gateway.manage.ManifestFile.Entry;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StoredProvider;
import lib.gateway.state.StoredProviders.Table;

/// The manifests that a gateway is started with: files, and folders of them. They are put into its state as `apply` would
/// do it: what they name is made or changed to what they say, whatever it was before, and what they don't name stays.
///
///     new Manifests(List.of(Path.of("providers.yaml"))).applyTo(state)   // 2 created, 1 updated
///
/// @param paths files, and folders whose `.yaml`, `.yml` and `.json` files count
public record Manifests(List<Path> paths) {

    /// What has changed.
    ///
    /// @param created the providers' names
    /// @param updated the providers' names
    public record Outcome(List<String> created, List<String> updated) {
        /// `1 created (a), 2 updated (b, c)`.
        @Override
        public String toString() {
            if (created.isEmpty() && updated.isEmpty()) return "nothing to change";
            return Stream.of(count(created, "created"), count(updated, "updated")).filter(text -> !text.isEmpty()).collect(Collectors.joining(", "));
        }

        private static String count(List<String> names, String what) {
            return names.isEmpty() ? "" : "%d %s (%s)".formatted(names.size(), what, String.join(", ", names));
        }
    }

    /// Makes everything so, or nothing where anything is wrong.
    ///
    /// @throws UserError for what is wrong, with file, line and column
    public Outcome applyTo(GatewayState state) {
        var entries = read();
        return state.providers().change(table -> {
            var outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
            for (var entry : entries) apply(entry, table, state, outcome);
            return outcome;
        });
    }

    private static void apply(Entry entry, Table table, GatewayState state, Outcome outcome) {
        var now = state.clock().instant();
        var before = table.find(entry.name());
        if (before.isEmpty()) {
            table.put(StoredProvider.now(ProviderDefinition.created(entry.definition()), now));
            outcome.created.add(entry.name());
            return;
        }
        try {
            var after = ProviderDefinition.replace(before.get().definition(), entry.definition());
            if (after.equals(before.get().definition())) return;
            table.put(before.get().with(after, now));
            outcome.updated.add(entry.name());
        } catch (InvalidProvider invalid) {
            throw ManifestFile.mend(entry.located(invalid.violations().getFirst()));
        }
    }

    /// What is in them right now; two of the same are of the same files.
    String stamp() {
        try {
            return files().stream().map(Manifests::stamp).collect(Collectors.joining("\n"));
        } catch (UserError gone) {
            return gone.getMessage();
        }
    }

    private List<Entry> read() {
        var seen = new HashMap<String, Entry>();
        var entries = files().stream().flatMap(file -> ManifestFile.read(file).stream()).toList();
        for (var entry : entries) {
            var other = seen.put(entry.name(), entry);
            if (other != null) throw ManifestFile.mend(entry.located(new Violation("name", "is there twice, see also %s".formatted(other.located(new Violation("name", "")).replaceFirst(": name $", "")))));
        }
        return entries;
    }

    private List<Path> files() {
        return paths.stream().flatMap(path -> Files.isDirectory(path) ? inFolder(path).stream() : Stream.of(path)).toList();
    }

    private static List<Path> inFolder(Path folder) {
        try (var files = Files.list(folder)) {
            // A Kubernetes volume keeps its versions in hidden folders and links to them.
            return files.filter(file -> file.getFileName().toString().matches("[^.].*\\.(yaml|yml|json)") && !Files.isDirectory(file)).sorted().toList();
        } catch (IOException e) {
            throw new UserError("cannot read the folder of manifests %s (%s)".formatted(folder, e.getMessage()), "check its owner and mode");
        }
    }

    private static String stamp(Path file) {
        try {
            // The real one: where a link leads changes without the link's file being touched.
            var real = file.toRealPath();
            var attributes = Files.readAttributes(real, BasicFileAttributes.class);
            return "%s %s %s %d".formatted(real, attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
        } catch (IOException e) {
            return file + " is not there";
        }
    }
}
