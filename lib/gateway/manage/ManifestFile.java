package lib.gateway.manage;

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
import lib.UserError;

/// A YAML file of providers: what `rpkai llm get -o yaml` prints, one or several documents of it, or the list that
/// `rpkai llm list -o yaml` prints. Every fault is said with its line and column.
final class ManifestFile {
    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

    private final Path file;
    private final List<Entry> entries = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    /// Where each field of the provider begins that is being read, by its path.
    private Map<String, JsonLocation> places = new HashMap<>();

    /// A provider as the file has it, checked.
    ///
    /// @param file where it is
    /// @param places of its fields
    record Entry(ObjectNode definition, Path file, Map<String, JsonLocation> places) {
        String name() {
            return definition.path("name").asText();
        }

        /// The violation with where it is: that field, or the nearest around it that is in the file.
        String located(Violation violation) {
            var path = violation.field();
            while (!places.containsKey(path)) path = path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
            return at(file, places.get(path)) + violation;
        }
    }

    private ManifestFile(Path file) {
        this.file = file;
    }

    /// Its providers, in the order of the file.
    ///
    /// @throws UserError where anything is wrong with it
    static List<Entry> read(Path file) {
        var manifest = new ManifestFile(file);
        try (var parser = YAML.getFactory().createParser(Files.readAllBytes(file))) {
            while (parser.nextToken() != null) manifest.document((YAMLParser) parser);
        } catch (NoSuchFileException e) {
            throw new UserError("there is no manifest " + file, "check the path");
        } catch (JsonProcessingException e) {
            throw mend(at(file, e.getLocation()) + "not YAML: " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new UserError("cannot read the manifest %s (%s)".formatted(file, e.getMessage()), "check its owner and mode");
        }
        if (!manifest.faults.isEmpty()) throw mend(String.join("; ", manifest.faults));
        return List.copyOf(manifest.entries);
    }

    static UserError mend(String faults) {
        return new UserError(faults, "mend the file");
    }

    private void document(YAMLParser parser) throws IOException {
        switch (parser.currentToken()) {
            case START_ARRAY -> {
                while (parser.nextToken() != JsonToken.END_ARRAY) provider(parser);
            }
            case VALUE_NULL -> { }
            default -> {
                // Nothing between two lines of dashes.
                if (parser.currentToken() != JsonToken.VALUE_STRING || !parser.getText().isEmpty()) provider(parser);
            }
        }
    }

    private void provider(YAMLParser parser) throws IOException {
        places = new HashMap<>();
        var given = value(parser, "");
        try {
            entries.add(new Entry(ProviderDefinition.fromFile(given), file, places));
        } catch (InvalidProvider invalid) {
            var entry = new Entry(YAML.createObjectNode(), file, places);
            faults.add(invalid.violations().stream().map(entry::located).collect(Collectors.joining("; ")));
        }
    }

    /// The value that begins here, the places of everything in it noted.
    private JsonNode value(YAMLParser parser, String path) throws IOException {
        places.putIfAbsent(path, parser.currentTokenLocation());
        if (parser.isCurrentAlias()) throw mend(at(file, parser.currentTokenLocation()) + "aliases such as *%s are not supported".formatted(parser.getText()));
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
            places.put(at, parser.currentTokenLocation());
            parser.nextToken();
            object.set(name, value(parser, at));
        }
        return object;
    }

    private ArrayNode array(YAMLParser parser, String path) throws IOException {
        var array = YAML.createArrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) array.add(value(parser, "%s[%d]".formatted(path, array.size())));
        return array;
    }

    private static String at(Path file, JsonLocation location) {
        return location == null ? file + ": " : "%s:%d:%d: ".formatted(file, location.getLineNr(), location.getColumnNr());
    }

    /// What comes behind it is a picture of the line.
    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
