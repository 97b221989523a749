package lib.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import lib.api.ProviderType;

/// The models that the providers offer to everyone: `models.json` beside this file, where each entry says whence
/// it is known and when it was looked up. A number that nobody could confirm is not in it.
///
///     Catalogue.standard().list(Optional.of(ProviderType.BEDROCK), Optional.of("eu-central-1"))
///
/// On Bedrock a model is called by an inference profile, whose prefix says where the request may be answered; an
/// entry lists the prefixes, and is as many models as it has of them.
///
/// @see <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html">Inference
///     profiles</a>
public final class Catalogue {
    private final List<Model> models;

    private Catalogue(List<Model> models) {
        this.models = models;
    }

    /// The catalogue that comes with this version; read on first use.
    public static Catalogue standard() {
        return Standard.CATALOGUE;
    }

    private static final class Standard {
        static final Catalogue CATALOGUE = new Catalogue(read());
    }

    private static List<Model> read() {
        try (var file = Catalogue.class.getResourceAsStream("models.json")) {
            if (file == null) throw new IllegalStateException("models.json is not on the class path");
            var models = new ArrayList<Model>();
            for (var entry : new ObjectMapper().readTree(file)) models.addAll(models(entry));
            return List.copyOf(models);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Model> models(JsonNode entry) {
        var type = ProviderType.named(entry.path("type").asText()).orElseThrow();
        var name = entry.path("name").asText();
        if (!entry.has("profiles")) return List.of(new Model(name, type, entry));
        return StreamSupport.stream(entry.path("profiles").spliterator(), false)
                .map(profile -> new Model(profile.asText() + "." + name, type, entry))
                .toList();
    }

    /// The models of one type or of all, on Bedrock those that can be called from a region.
    public List<Model> list(Optional<ProviderType> type, Optional<String> awsRegion) {
        return models.stream()
                .filter(model -> type.isEmpty() || model.type().equals(type.get()))
                .filter(model -> awsRegion.isEmpty()
                        || !model.type().equals(ProviderType.BEDROCK)
                        || isIn(awsRegion.get(), model))
                .toList();
    }

    /// Those of that name; several where several types of provider have one.
    public List<Model> find(String name, Optional<ProviderType> type) {
        return list(type, Optional.empty()).stream()
                .filter(model -> model.name().equals(name))
                .toList();
    }

    private static boolean isIn(String region, Model model) {
        return switch (model.name().split("\\.", 2)[0]) {
            case "global" -> !region.startsWith("us-gov-") && !region.startsWith("cn-");
            case "us" -> region.matches("(us|ca)-(?!gov).*");
            case "eu" -> region.startsWith("eu-");
            case "jp" -> region.matches("ap-northeast-[13]");
            case "au" -> region.matches("ap-southeast-[246]");
            case "apac" -> region.startsWith("ap-");
            default -> true;
        };
    }
}
