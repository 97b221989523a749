package lib.gateway.transfer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import lib.base.BuildInfo;
import lib.database.MovedTable;

/// Writes the file of an export, see [ExportHeader].
///
///     var writer = new ExportWriter(out, header, key, exportKey);
///     writer.row(table, values);
///     writer.end();
final class ExportWriter {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int BUFFER = 1 << 16;

    private final GZIPOutputStream out;
    private final Mac mac;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ExportHeader header;
    private MovedTable table;
    private long rows;

    /// Writes the content of a line.
    private interface Line {
        void write(JsonGenerator json) throws IOException;
    }

    /// @param outer the user's key
    ExportWriter(OutputStream out, ExportHeader header, ExportKey key, SecretKey outer) throws IOException {
        this.out = new GZIPOutputStream(out, BUFFER);
        this.mac = key.mac();
        this.header = header;
        line(json -> {
            json.writeStartObject();
            json.writeStringField("format", ExportHeader.FORMAT);
            json.writeNumberField("version", ExportHeader.VERSION);
            json.writeStringField("rpkai", BuildInfo.VERSION);
            json.writeStringField("export", header.export());
            json.writeStringField("state", header.state());
            json.writeStringField("created", header.created().toString());
            json.writeBinaryField("key", key.sealed(outer, header.export()));
            json.writeObjectFieldStart("rows");
            for (var entry : header.rows().entrySet())
                json.writeNumberField(entry.getKey().name(), entry.getValue());
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    /// Writes a row. Those of a table follow one another, and the tables are in the order of the header.
    void row(MovedTable of, List<Object> values) throws IOException {
        if (!of.equals(table)) {
            table = of;
            line(json -> {
                json.writeStartObject();
                json.writeStringField("table", of.name());
                json.writeArrayFieldStart("columns");
                for (var column : of.columnNames()) json.writeString(column);
                json.writeEndArray();
                json.writeEndObject();
            });
        }
        rows++;
        line(json -> {
            json.writeStartArray();
            for (var value : values) write(json, value);
            json.writeEndArray();
        });
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case String text -> json.writeString(text);
            case Long number -> json.writeNumber(number);
            case byte[] bytes -> json.writeBinary(bytes);
            case Object other -> throw new IllegalArgumentException("no value of a table: " + other.getClass());
        }
    }

    /// Writes the last line.
    void end() throws IOException {
        if (rows != header.total()) throw new IllegalStateException("%d rows, not those of the header".formatted(rows));
        var code = mac.doFinal();
        line(json -> {
            json.writeStartObject();
            json.writeNumberField("end", rows);
            json.writeBinaryField("mac", code);
            json.writeEndObject();
        });
        out.finish();
    }

    private void line(Line content) throws IOException {
        line.reset();
        try (var json = JSON.createGenerator(line)) {
            content.write(json);
        }
        line.write('\n');
        mac.update(line.toByteArray());
        line.writeTo(out);
    }
}
