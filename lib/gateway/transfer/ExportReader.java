package lib.gateway.transfer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import lib.base.UserError;
import lib.database.MovedTable;
import lib.gateway.state.StateTransfer.Row;

/// Reads the file of an export, see [ExportHeader]. The file is not trusted: only known tables and columns are read,
/// every length is limited, and the end proves that the file is whole and was written with the same key.
///
///     try (var reader = ExportReader.open(file, exportKey)) {
///         while (true) { var row = reader.next(); if (row.isEmpty()) break; … }
///     }
final class ExportReader implements AutoCloseable {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(3)
                    .maxStringLength(4 << 20)
                    .maxNumberLength(20)
                    .maxNameLength(40)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final ExportLines lines;
    private final ExportHeader header;
    private final ExportKey key;
    private final Mac mac;
    private final Iterator<Map.Entry<MovedTable, Long>> tables;
    private MovedTable table;
    private long left;
    private byte[] end = {};

    private ExportReader(ExportLines lines, SecretKey outer, Path file) {
        this.lines = lines;
        var first = lines.next();
        var head = header(first);
        this.header = head.header;
        this.key = ExportKey.open(outer, header.export(), head.key)
                .orElseThrow(() -> new UserError(
                        "the export key does not open %s: it is a different one than that of the export"
                                .formatted(file),
                        "pass the one that rpkai gateway export was given (--export-key-file)"));
        this.mac = key.mac();
        mac.update(first);
        this.tables = header.rows().entrySet().iterator();
    }

    /// Opens a file.
    ///
    /// @throws UserError if it is no export, of a newer version, or of another key
    static ExportReader open(Path file, SecretKey outer) {
        var lines = ExportLines.open(file);
        try {
            return new ExportReader(lines, outer, file);
        } catch (RuntimeException e) {
            lines.close();
            throw e;
        }
    }

    ExportHeader header() {
        return header;
    }

    /// Returns the key with which the secrets of the file are encrypted.
    ExportKey key() {
        return key;
    }

    /// Returns the code that authenticates all lines that were read, or the whole file after its end.
    byte[] code() {
        if (end.length > 0) return end.clone();
        try {
            return ((Mac) mac.clone()).doFinal();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the HMAC of every JDK can be copied", e);
        }
    }

    /// Returns the number of the line that was read last.
    long line() {
        return lines.number();
    }

    UserError damaged(String why) {
        return lines.damaged(why);
    }

    /// Returns the next row; empty at the end, when all that was read has proved to be whole.
    ///
    /// @throws UserError if the file is damaged
    Optional<Row> next() {
        while (left == 0) {
            if (!tables.hasNext()) {
                readEnd();
                return Optional.empty();
            }
            var section = tables.next();
            table = section.getKey();
            left = section.getValue();
            if (left > 0) readSection();
        }
        left--;
        return Optional.of(new Row(table, values(authenticated())));
    }

    private byte[] authenticated() {
        var line = lines.next();
        if (line.length == 0) throw damaged("its end is missing");
        mac.update(line);
        return line;
    }

    private record Head(ExportHeader header, byte[] key) {}

    private interface Parsing<T> {
        T from(JsonParser json) throws IOException;
    }

    private <T> T parsed(byte[] line, Parsing<T> parsing) {
        try (var json = JSON.createParser(line)) {
            return parsing.from(json);
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            // The message of a parser quotes the file.
            throw damaged("line %d cannot be read".formatted(lines.number()));
        }
    }

    private Head header(byte[] line) {
        var texts = new HashMap<String, String>();
        var rows = new LinkedHashMap<MovedTable, Long>();
        parsed(line, json -> {
            expect(json.nextToken() == JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var name = json.currentName();
                if (json.nextToken() == JsonToken.START_OBJECT) readCounts(json, name, rows);
                else texts.put(name, json.getText());
                if (name.equals("version")) checkVersion(texts);
            }
            return null;
        });
        checkVersion(texts);
        return parsed(
                line,
                _ -> new Head(
                        new ExportHeader(
                                uuid(texts.get("export")),
                                uuid(texts.get("state")),
                                Instant.parse(texts.getOrDefault("created", "")),
                                rows),
                        Base64.getDecoder().decode(texts.getOrDefault("key", ""))));
    }

    private void checkVersion(Map<String, String> texts) {
        if (!ExportHeader.FORMAT.equals(texts.get("format"))) throw damaged("it is not an export of a gateway");
        var version = texts.getOrDefault("version", "");
        if (version.equals(Integer.toString(ExportHeader.VERSION))) return;
        throw new UserError(
                "the export was written by a newer version of rpkai, in a format that this one cannot read",
                "run rpkai upgrade");
    }

    private static void readCounts(JsonParser json, String name, Map<MovedTable, Long> rows) throws IOException {
        expect(name.equals("rows"));
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var named = json.currentName();
            expect(json.nextToken() == JsonToken.VALUE_NUMBER_INT);
            var count = json.getLongValue();
            expect(count >= 0);
            rows.put(
                    ExportHeader.TABLES.stream()
                            .filter(table -> table.name().equals(named))
                            .findFirst()
                            .orElseThrow(() -> new IllegalArgumentException("an unknown table")),
                    count);
        }
        // A state comes before its usage, and a series before its calls.
        expect(List.copyOf(rows.keySet())
                .equals(ExportHeader.TABLES.stream().filter(rows::containsKey).toList()));
    }

    private static String uuid(String text) {
        expect(text != null && text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));
        return text;
    }

    private void readSection() {
        parsed(authenticated(), json -> {
            expect(json.nextToken() == JsonToken.START_OBJECT);
            expect(json.nextFieldName() != null && json.currentName().equals("table"));
            expect(table.name().equals(json.nextTextValue()));
            expect(json.nextFieldName() != null && json.currentName().equals("columns"));
            expect(json.nextToken() == JsonToken.START_ARRAY);
            for (var column : table.columnNames()) expect(column.equals(json.nextTextValue()));
            expect(json.nextToken() == JsonToken.END_ARRAY);
            expect(json.nextToken() == JsonToken.END_OBJECT);
            return null;
        });
    }

    private List<Object> values(byte[] line) {
        return parsed(line, json -> {
            expect(json.nextToken() == JsonToken.START_ARRAY);
            var values = new Object[table.columns().size()];
            for (int i = 0; i < values.length; i++)
                values[i] = value(json, table.columns().get(i).kind());
            expect(json.nextToken() == JsonToken.END_ARRAY);
            expect(json.nextToken() == null);
            return Arrays.asList(values);
        });
    }

    private static Object value(JsonParser json, MovedTable.Kind kind) throws IOException {
        var token = json.nextToken();
        return switch (kind) {
            case TEXT -> {
                expect(token == JsonToken.VALUE_STRING);
                yield json.getText();
            }
            case BYTES -> {
                expect(token == JsonToken.VALUE_STRING);
                yield Base64.getDecoder().decode(json.getText());
            }
            case OPTIONAL -> token == JsonToken.VALUE_NULL ? null : number(json, token);
            case NUMBER -> number(json, token);
            case SMALL -> {
                var number = number(json, token);
                expect(number == number.intValue());
                yield number;
            }
        };
    }

    private static Long number(JsonParser json, JsonToken token) throws IOException {
        expect(token == JsonToken.VALUE_NUMBER_INT);
        return json.getLongValue();
    }

    private void readEnd() {
        end = mac.doFinal();
        var last = lines.next();
        if (last.length == 0) throw damaged("its end is missing");
        var found = parsed(last, json -> {
            expect(json.nextToken() == JsonToken.START_OBJECT);
            expect(json.nextFieldName() != null && json.currentName().equals("end"));
            expect(json.nextLongValue(-1) == header.total());
            expect(json.nextFieldName() != null && json.currentName().equals("mac"));
            return Base64.getDecoder().decode(String.valueOf(json.nextTextValue()));
        });
        if (!MessageDigest.isEqual(end, found)) throw damaged("it was changed after the export");
        if (lines.next().length > 0) throw damaged("something follows its end");
    }

    private static void expect(boolean condition) {
        if (!condition) throw new IllegalArgumentException("not the format of an export");
    }

    @Override
    public void close() {
        lines.close();
    }
}
