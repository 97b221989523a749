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

/// The manifests that a gateway is started with: files, and folders of files. They are applied to its state as
/// `apply` does it: the resources in them are created or changed, whatever their previous content, and other
/// resources stay. A budget is identified by its target and its period.
///
///     new ManifestSet(List.of(Path.of("providers.yaml"))).applyTo(state, budgets)   // 2 created, 1 updated
///
/// @param paths files, and folders in which the `.yaml`, `.yml` and `.json` files count
public record ManifestSet(List<Path> paths) {

    /// The changes that were made.
    ///
    /// @param created the names of the new providers and MCP servers
    /// @param updated the names of the changed providers and MCP servers
    /// @param budgets the new and changed budgets, such as `daily of each-user`
    public record Outcome(List<String> created, List<String> updated, List<String> budgets) {
        /// Returns a text such as `1 created (a), 2 updated (b, c), 1 budget set (daily of each-user)`.
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

    /// Applies all manifests, or none of them if any is invalid.
    ///
    /// @throws UserError for an invalid manifest; the message has file, line and column
    public Outcome applyTo(GatewayState state, StoredBudgets budgets) {
        var content = read();
        return state.providers().change(table -> {
            var outcome = new Outcome(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (var entry : content.resources()) apply(entry, table.of(state.of(entry.kind())), state, outcome);
            // Budgets come last: if storing them fails, none of the resources is stored either.
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

    /// Returns a text that changes whenever the files change.
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
            // The target of the link: a link can be redirected without a change to the link itself.
            var real = file.toRealPath();
            var attributes = Files.readAttributes(real, BasicFileAttributes.class);
            return "%s %s %s %d"
                    .formatted(real, attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
        } catch (IOException e) {
            return file + " does not exist";
        }
    }
}
