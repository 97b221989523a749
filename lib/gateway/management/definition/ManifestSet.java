package lib.gateway.management.definition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.base.UserError;
import lib.gateway.management.definition.ManifestFile.Budgeted;
import lib.gateway.management.definition.ManifestFile.Content;
import lib.gateway.management.definition.ManifestFile.Entry;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StoredResource;
import lib.gateway.state.StoredResources.Table;
import lib.usage.store.StoredBudgets;

/// The manifests that a gateway is started with: files, and folders of them. They are put into its state as
/// `apply` would do it: what they name is made or changed to what they say, whatever it was before, and what they
/// don't name stays. A budget's name is whose it is and for how long.
///
///     new ManifestSet(List.of(Path.of("providers.yaml"))).applyTo(state, budgets)   // 2 created, 1 updated
///
/// @param paths files, and folders whose `.yaml`, `.yml` and `.json` files count
public record ManifestSet(List<Path> paths) {

    /// What has changed.
    ///
    /// @param created the names of providers and MCP servers
    /// @param updated the same
    /// @param budgets those that were made or changed, `daily of each-user`
    public record Outcome(List<String> created, List<String> updated, List<String> budgets) {
        /// `1 created (a), 2 updated (b, c), 1 budget set (daily of each-user)`.
        @Override
        public String toString() {
            if (created.isEmpty() && updated.isEmpty() && budgets.isEmpty()) return "nothing to change";
            return Stream.of(
                            count(created, "created"),
                            count(updated, "updated"),
                            count(budgets, budgets.size() == 1 ? "budget set" : "budgets set"))
                    .filter(text -> !text.isEmpty())
                    .collect(Collectors.joining(", "));
        }

        private static String count(List<String> names, String what) {
            return names.isEmpty() ? "" : "%d %s (%s)".formatted(names.size(), what, String.join(", ", names));
        }
    }

    /// Makes everything so, or nothing where anything is wrong.
    ///
    /// @throws UserError for what is wrong, with file, line and column
    public Outcome applyTo(GatewayState state, StoredBudgets budgets) {
        var content = read();
        return state.providers().change(table -> {
            var outcome = new Outcome(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (var entry : content.resources()) apply(entry, table.of(state.of(entry.kind())), state, outcome);
            // Last: where these can't be kept, nothing of the others is.
            var changed = content.budgets().isEmpty()
                    ? List.of()
                    : budgets.setAll(
                            content.budgets().stream().map(Budgeted::budget).toList());
            content.budgets().stream()
                    .filter(budgeted -> changed.contains(budgeted.budget()))
                    .map(Budgeted::name)
                    .forEach(outcome.budgets::add);
            return outcome;
        });
    }

    private static void apply(Entry entry, Table table, GatewayState state, Outcome outcome) {
        var now = state.clock().instant();
        var before = table.find(entry.name());
        if (before.isEmpty()) {
            table.put(StoredResource.now(Definitions.of(entry.kind()).created(entry.definition()), now));
            outcome.created.add(entry.name());
            return;
        }
        try {
            var after = Definitions.of(entry.kind()).replace(before.get().definition(), entry.definition());
            if (after.equals(before.get().definition())) return;
            table.put(before.get().with(after, now));
            outcome.updated.add(entry.name());
        } catch (InvalidDefinition invalid) {
            throw ManifestFile.mend(entry.located(invalid.violations().getFirst()));
        }
    }

    /// What is in them right now; two of the same are of the same files.
    String stamp() {
        try {
            return files().stream().map(ManifestSet::stamp).collect(Collectors.joining("\n"));
        } catch (UserError gone) {
            return gone.getMessage();
        }
    }

    private Content read() {
        var contents = files().stream().map(ManifestFile::read).toList();
        var entries = contents.stream()
                .flatMap(content -> content.resources().stream())
                .toList();
        var seen = new HashMap<String, Entry>();
        for (var entry : entries) {
            var other = seen.put(entry.kind().named(entry.name()), entry);
            if (other != null)
                throw ManifestFile.mend(entry.located(new Violation(
                        "name",
                        "occurs twice, see also %s"
                                .formatted(
                                        other.located(new Violation("name", "")).replaceFirst(": name $", "")))));
        }
        var budgets =
                contents.stream().flatMap(content -> content.budgets().stream()).toList();
        var budgeted = new HashMap<String, Budgeted>();
        for (var budget : budgets) {
            var other = budgeted.put(budget.name(), budget);
            if (other != null)
                throw ManifestFile.mend(budget.located("is a second budget %s, see also %s"
                        .formatted(budget.name(), other.located("").strip().replaceFirst(":( \\S*)?$", ""))));
        }
        return new Content(entries, budgets);
    }

    private List<Path> files() {
        return paths.stream()
                .flatMap(path -> Files.isDirectory(path) ? inFolder(path).stream() : Stream.of(path))
                .toList();
    }

    private static List<Path> inFolder(Path folder) {
        try (var files = Files.list(folder)) {
            // A Kubernetes volume keeps its versions in hidden folders and links to them.
            return files.filter(file -> file.getFileName().toString().matches("[^.].*\\.(yaml|yml|json)")
                            && !Files.isDirectory(file))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UserError(
                    "cannot read the folder of manifests %s (%s)".formatted(folder, e.getMessage()),
                    "check its owner and mode");
        }
    }

    private static String stamp(Path file) {
        try {
            // The real one: where a link leads changes without the link's file being touched.
            var real = file.toRealPath();
            var attributes = Files.readAttributes(real, BasicFileAttributes.class);
            return "%s %s %s %d"
                    .formatted(real, attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
        } catch (IOException e) {
            return file + " does not exist";
        }
    }
}
