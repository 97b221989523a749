package lib.gateway.management.definition;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import lib.api.ResourceKind;
import lib.base.UserError;
import lib.usage.budget.Budget;

/// Reads a YAML file of providers, MCP servers and budgets. It accepts the output of `rpkai llm get -o yaml` and
/// `rpkai mcp get -o yaml`, one or several documents, and lists as `list -o yaml` prints them. A document may
/// also be a list under `budgets:`. Every error has its line and column.
final class ManifestFile {
    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private final Path file;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Budgeted> budgets = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private Places places;

    /// The content of a file, in its order.
    record Content(List<Entry> resources, List<Budgeted> budgets) {}

    /// The positions of fields in a file, for error messages.
    ///
    /// @param at the position of each field, by its path
    record Places(Path file, Map<String, JsonLocation> at) {
        /// Returns the positions below a field.
        Places below(String field) {
            var inside = new HashMap<String, JsonLocation>();
            at.forEach((path, place) -> {
                if (path.equals(field)) inside.put("", place);
                else if (path.startsWith(field + ".")) inside.put(path.substring(field.length() + 1), place);
            });
            return new Places(file, inside);
        }

        /// Returns the message of a violation with its position: that of the field, or of the nearest enclosing
        /// one in the file.
        String located(Violation violation) {
            var path = violation.field();
            while (!at.containsKey(path))
                path = path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
            return ManifestFile.at(file, at.get(path)) + violation;
        }
    }

    /// A budget from the file, checked.
    ///
    /// @param path the path of the budget in the document
    record Budgeted(Budget budget, String path, Places places) {
        String name() {
            return budget.period().wire() + " of " + budget.target().wire();
        }

        String located(String description) {
            return places.located(new Violation(path, description));
        }
    }

    /// A provider or an MCP server from the file, checked.
    record Entry(ResourceKind kind, ObjectNode definition, Places places) {
        String name() {
            return definition.path("name").asText();
        }

        String located(Violation violation) {
            return places.located(violation);
        }
    }

    private ManifestFile(Path file) {
        this.file = file;
    }

    /// Reads a file.
    ///
    /// @throws UserError if anything in the file is invalid
    static Content read(Path file) {
        var manifest = new ManifestFile(file);
        try (var parser = YAML.getFactory().createParser(Files.readAllBytes(file))) {
            while (parser.nextToken() != null) manifest.document(parser);
        } catch (NoSuchFileException e) {
            throw new UserError("there is no manifest " + file, "check the path");
        } catch (JsonProcessingException e) {
            throw mend(at(file, e.getLocation()) + "not YAML: " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new UserError(
                    "cannot read the manifest %s (%s)".formatted(file, e.getMessage()), "check its owner and mode");
        }
        if (!manifest.faults.isEmpty()) throw mend(String.join("; ", manifest.faults));
        return new Content(List.copyOf(manifest.entries), List.copyOf(manifest.budgets));
    }

    static UserError mend(String faults) {
        return new UserError(faults, "correct the file");
    }

    private void document(YAMLParser parser) throws IOException {
        switch (parser.currentToken()) {
            case START_ARRAY -> {
                while (parser.nextToken() != JsonToken.END_ARRAY) entry(parser);
            }
            case VALUE_NULL -> {}
            default -> {
                // A document between two lines of dashes may be empty.
                if (parser.currentToken() != JsonToken.VALUE_STRING
                        || !parser.getText().isEmpty()) entry(parser);
            }
        }
    }

    private void entry(YAMLParser parser) throws IOException {
        places = new Places(file, new HashMap<>());
        var given = value(parser, "");
        try {
            if (given.has("budgets") || given.has("target")) budgets(given);
            else resource(given, ResourceKind.of(given, ResourceKind.LLM));
        } catch (InvalidDefinition invalid) {
            faults.add(invalid.violations().stream().map(places::located).collect(Collectors.joining("; ")));
        } catch (UserError unknownKind) {
            faults.add(
                    places.located(new Violation(ResourceKind.TYPE_LINE, "")).strip() + " " + unknownKind.getMessage());
        }
    }

    @SuppressWarnings("ReferenceEquality") // whether it was taken out of another
    private void resource(JsonNode given, ResourceKind kind) {
        var object = kind.unwrapped(given);
        if (object != given) places = places.below(kind.key());
        // The `@type` line is not a field: it names the message.
        var fields = object instanceof ObjectNode message ? message.deepCopy().without(ResourceKind.TYPE_LINE) : object;
        entries.add(new Entry(kind, Definitions.of(kind).fromFile(fields), places));
    }

    private void budgets(JsonNode given) {
        var problems = new Problems(true);
        var list = given.path("budgets");
        if (list.isMissingNode()) budget(given, "", problems);
        else {
            given.fieldNames().forEachRemaining(name -> {
                if (!name.equals("budgets"))
                    problems.add(
                            name,
                            "cannot be in the same document as budgets: put it into a separate document, "
                                    + "after a line ---");
            });
            if (!list.isArray() && !list.isNull()) problems.add("budgets", "is not a list");
            else for (int i = 0; i < list.size(); i++) budget(list.get(i), "budgets[%d]".formatted(i), problems);
        }
        problems.raise();
    }

    private void budget(JsonNode given, String path, Problems problems) {
        BudgetDefinition.read(given, path, problems)
                .ifPresent(budget -> budgets.add(new Budgeted(budget, path, places)));
    }

    /// Reads the value at the current position, and records the positions of everything in it.
    private JsonNode value(YAMLParser parser, String path) throws IOException {
        places.at().putIfAbsent(path, parser.currentTokenLocation());
        if (parser.isCurrentAlias())
            throw mend(at(file, parser.currentTokenLocation())
                    + "aliases such as *%s are not supported".formatted(parser.getText()));
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, path);
            case START_ARRAY -> array(parser, path);
            default -> YAML.readTree(parser);
        };
    }

    private ObjectNode object(YAMLParser parser, String path) throws IOException {
        var object = YAML.createObjectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            var at = Violation.below(path, Field.camelCase(name));
            places.at().put(at, parser.currentTokenLocation());
            parser.nextToken();
            object.set(name, value(parser, at));
        }
        return object;
    }

    private ArrayNode array(YAMLParser parser, String path) throws IOException {
        var array = YAML.createArrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY)
            array.add(value(parser, "%s[%d]".formatted(path, array.size())));
        return array;
    }

    private static String at(Path file, JsonLocation location) {
        return location == null
                ? file + ": "
                : "%s:%d:%d: ".formatted(file, location.getLineNr(), location.getColumnNr());
    }

    /// The lines after the first are an excerpt of the file.
    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
