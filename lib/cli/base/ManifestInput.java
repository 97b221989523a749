package lib.cli.base;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.base.Host;
import lib.base.UserError;
import org.yaml.snakeyaml.LoaderOptions;

/// Reads the files of `-f`: YAML or JSON, files of many documents, folders, and standard input. Files are read
/// in the order in which they are named, and the files of a folder by name.
///
///     ManifestInput.read(host, List.of("providers/", "-"))   // [Manifest[where=providers/a.yaml, …], …]
public final class ManifestInput {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .loaderOptions(limits())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private ManifestInput() {}

    /// One object that a manifest describes.
    ///
    /// @param where its file, with the document's number if there are several; for messages
    public record Manifest(String where, ObjectNode object) {}

    /// Reads all files, before anything is changed.
    ///
    /// @param files the files as they were typed; `-` is standard input
    /// @throws UserError when a file can't be read, or no file has any objects
    public static List<Manifest> read(Host host, List<String> files) {
        var all = new ArrayList<Manifest>();
        for (var file : files) {
            if (file.equals("-")) all.addAll(documents(bytes(host), "standard input"));
            else
                for (var path :
                        files(host.cwd().resolve(file.startsWith("~/") ? host.home() + file.substring(1) : file), file))
                    all.addAll(documents(bytes(path), shown(host, path)));
        }
        if (all.isEmpty())
            throw new UserError(
                    "no manifest in " + String.join(", ", files),
                    "a manifest is what rpkai llm get NAME -o yaml prints");
        return all;
    }

    /// Raises SnakeYAML's limit of 3 MB, since a thousand providers take more.
    private static LoaderOptions limits() {
        var limits = new LoaderOptions();
        limits.setCodePointLimit(64 << 20);
        return limits;
    }

    private static List<Path> files(Path path, String typed) {
        if (!Files.isDirectory(path)) return List.of(path);
        try (var walk = Files.walk(path)) {
            var found = walk.filter(file ->
                            file.getFileName().toString().matches("[^.].*\\.(ya?ml|json)") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
            if (found.isEmpty())
                throw new UserError("no manifest in the folder " + typed, "their names end in .yaml, .yml or .json");
            return found;
        } catch (IOException e) {
            throw unreadable(typed, e);
        }
    }

    private static List<Manifest> documents(byte[] bytes, String where) {
        var documents = new ArrayList<ObjectNode>();
        try {
            values(bytes, where).forEach(value -> add(value, documents, where));
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new UserError(
                    "%s is not valid YAML%s"
                            .formatted(
                                    where,
                                    at == null
                                            ? ""
                                            : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr())),
                    "a manifest is what rpkai llm get NAME -o yaml prints");
        } catch (IOException e) {
            throw unreadable(where, e);
        }
        var several = documents.size() > 1;
        var all = new ArrayList<Manifest>();
        for (var document : documents)
            all.add(new Manifest(several ? "%s, document %d".formatted(where, all.size() + 1) : where, document));
        return all;
    }

    /// Reads JSON with a JSON parser: YAML does not cover JSON's long keys and a few characters.
    private static List<JsonNode> values(byte[] bytes, String where) throws IOException {
        var text = new String(bytes, StandardCharsets.UTF_8).stripLeading();
        if (text.startsWith("{") || text.startsWith("[")) {
            try (var values = JSON.readerFor(JsonNode.class).<JsonNode>readValues(bytes)) {
                return values.readAll();
            } catch (JsonProcessingException e) {
                // The text is not JSON, but YAML may begin with a bracket too.
            }
        }
        refuseAliases(bytes, where);
        try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(bytes)) {
            return values.readAll();
        }
    }

    /// Adds the documents. A list counts as several documents, because `list -o yaml` prints lists.
    private static void add(JsonNode document, List<ObjectNode> documents, String where) {
        switch (document) {
            case ObjectNode object -> documents.add(object);
            case JsonNode list when list.isArray() -> list.forEach(each -> add(each, documents, where));
            case JsonNode empty
            when empty == null
                    || empty.isMissingNode()
                    || empty.isNull()
                    || empty.isTextual() && empty.asText().isBlank() -> {}
            default ->
                throw new UserError(
                        where + " contains a document that is not a mapping of keys to values",
                        "a manifest is what rpkai llm get NAME -o yaml prints");
        }
    }

    /// Refuses aliases: Jackson reads an alias as the text of its name.
    private static void refuseAliases(byte[] bytes, String where) throws IOException {
        try (var tokens = (YAMLParser) YAML.createParser(bytes)) {
            while (tokens.nextToken() != null) {
                if (tokens.isCurrentAlias())
                    throw new UserError(
                            "%s uses the YAML alias *%s".formatted(where, tokens.getText()), "write the value in full");
            }
        }
    }

    private static byte[] bytes(Host host) {
        try {
            return host.in().readAllBytes();
        } catch (IOException e) {
            throw unreadable("standard input", e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new UserError("there is no file " + file, "name a file, a folder, or - for standard input");
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    private static UserError unreadable(String what, IOException e) {
        return new UserError("cannot read %s (%s)".formatted(what, e.getMessage()), "check its owner and mode", e);
    }

    private static String shown(Host host, Path path) {
        return path.startsWith(host.cwd()) ? host.cwd().relativize(path).toString() : path.toString();
    }
}
