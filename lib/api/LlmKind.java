package lib.api;

import java.util.LinkedHashMap;
import java.util.List;
import lib.api.type.FieldKind;

/// The fields of an `LLMProvider`. The provider types define the fields of its configurations, see
/// [ProviderType#spec].
final class LlmKind {
    private LlmKind() {}

    static ResourceKind made() {
        var fields = new LinkedHashMap<String, FieldKind>();
        for (var text : List.of("name", "displayName", "description", "type", "guardrail"))
            fields.put(text, FieldKind.TEXT);
        for (var said : List.of("url", "createdAt", "updatedAt")) fields.put(said, FieldKind.OUTPUT);
        fields.put("models", FieldKind.TEXTS);
        fields.put("providerModels", FieldKind.MODELS);
        fields.put("enabled", FieldKind.FLAG);
        fields.put("allowUnknownPaths", FieldKind.FLAG);
        fields.put("requestStreamUsage", FieldKind.FLAG);
        fields.put("clientCertRef", FieldKind.REFERENCE);
        fields.put("clientKeyRef", FieldKind.REFERENCE);
        fields.put("tags", FieldKind.MAP);
        fields.put("transcripts", FieldKind.MESSAGE);
        fields.put("transcripts.recordInputMessages", FieldKind.FLAG);
        fields.put("transcripts.recordOutputMessages", FieldKind.FLAG);
        var configs = new LinkedHashMap<String, String>();
        for (var type : ProviderType.KNOWN) {
            var config = type.spec().orElseThrow().config();
            configs.put(config.field(), type.wire());
            fields.put(config.field(), FieldKind.MESSAGE);
            for (var field : config.fields()) fields.put(config.field() + "." + field.path(), field.kind());
        }
        var names = new ResourceKind.KindNames("provider", "llm", "LLMProvider", "llmProvider");
        return new ResourceKind(names, fields, configs, ProviderType.NAMES);
    }
}
