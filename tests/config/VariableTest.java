package tests.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import lib.api.ProviderType;
import lib.config.Variable;
import lib.config.Variable.Role;
import lib.gateway.secret.SecretVariables;
import org.junit.jupiter.api.Test;
import tests.support.Repository;

/// The one list of the variables that rpkai reads, held against the sources.
class VariableTest {
    private static final Pattern READ =
            Pattern.compile("\\b(?:variable|enabled|either|value|url|getenv|(?:env(?:ironment)?(?:\\(\\))?|"
                    + "inherited(?:\\(\\))?)\\.(?:get|getOrDefault|containsKey))"
                    + "\\(\\s*(?:host,\\s*)?\"([A-Za-z_][A-Za-z0-9_]*)\"");
    private static final Pattern OWN = Pattern.compile("\"((?:RPAI|RPKAI)_[A-Z_]*[A-Z])\"");
    /// A read whose name is not written there: the file's own literals are looked at instead.
    private static final Pattern READ_BY_NAME = Pattern.compile(
            "host\\(?\\)?\\.(?:variable|enabled)\\((?!\")|getenv\\([^\")]|(?:env(?:ironment)?(?:\\(\\))?|"
                    + "inherited(?:\\(\\))?)\\.(?:get|getOrDefault|containsKey)\\((?!\")");
    private static final Pattern LITERAL =
            Pattern.compile("\"([A-Z]{2,}(?:_[A-Z0-9]+)+|_JAVA_OPTIONS|(?:https?|all|no)_proxy|PGPASSWORD)\"");

    /// A gateway's references to secrets are names of the administrator's choice; what is withheld is asked for
    /// by its own names.
    private static final List<String> ANY_NAME = List.of(
            "lib/agents/variables/Withheld.java",
            "lib/gateway/state/Secrets.java",
            "lib/cli/secret/SecretCommand.java");

    @Test
    void everyVariableThatIsReadIsDeclared() throws IOException {
        var undeclared = new TreeMap<String, SortedSet<String>>();
        try (var files = Files.walk(Repository.root().resolve("lib"))) {
            for (var file : files.filter(f -> f.toString().endsWith(".java") && !f.endsWith("Variable.java"))
                    .toList()) {
                var path = Repository.root().relativize(file).toString().replace('\\', '/');
                var names = ANY_NAME.contains(path) ? new TreeSet<String>() : undeclared(Files.readString(file));
                if (!names.isEmpty()) undeclared.put(path, names);
            }
        }

        assertEquals(Map.of(), undeclared, "read, and not in lib/config/Variable.java");
    }

    @Test
    void aReadIsFoundHoweverItIsWritten() {
        for (var read : List.of(
                "host.variable(\"NEW_KEY\")",
                "host.enabled(\"NEW_KEY\")",
                "System.getenv(\"NEW_KEY\")",
                "value(\"NEW_KEY\").map(Secret::new)",
                "host.env().get(\"NEW_KEY\")",
                "environment.getOrDefault(\"NEW_KEY\", \"\")",
                "url(\"NEW_KEY\", \"https://x\")",
                "either(host, \"NEW_KEY\")",
                "List.of(\"NEW_KEY\").forEach(name -> host.variable(name))",
                "private static final String X = \"NEW_KEY\"; … host.env().get(X)",
                "launch.inherited().get(\"NEW_KEY\")")) {
            assertEquals(List.of("NEW_KEY"), List.copyOf(undeclared(read)), read);
        }
        assertEquals(List.of("RPAI_NEW"), List.copyOf(undeclared("List.of(\"RPAI_NEW\")")));
        assertEquals(List.of(), List.copyOf(undeclared("host.variable(\"RPAI_TOKEN\"); headers.get(\"POST\")")));
    }

    @Test
    void theKeysOfEveryMachineProviderAreSecretsAndTheirPlacesAreNot() throws IOException {
        var read = new TreeSet<>(
                READ.matcher(Files.readString(Repository.root().resolve("lib/gateway/catalog/MachineProviders.java")))
                        .results()
                        .map(m -> m.group(1))
                        .toList());
        for (var type : ProviderType.KNOWN) {
            var variables = type.spec().orElseThrow().client().variables();
            read.add(variables.urls().getFirst());
            read.addAll(variables.keys());
            if (!variables.region().isEmpty()) read.add(variables.region());
        }
        assertTrue(read.size() > 8, read.toString());
        for (var name : read) {
            var place = name.endsWith("_URL")
                    || name.endsWith("_REGION")
                    || name.equals("AWS_ENDPOINT_URL_BEDROCK_RUNTIME");
            assertEquals(
                    place ? Role.SETTING : Role.UPSTREAM_SECRET,
                    Variable.of(name).orElseThrow().role(),
                    name);
        }
        assertEquals(Role.SETTING, Variable.AWS_PROFILE.role());
    }

    @Test
    void everyKeyThatProvidersOfAGatewayMayNameIsASecret() throws IOException {
        var names = LITERAL.matcher(
                        Files.readString(Repository.root().resolve("lib/gateway/secret/SecretVariables.java")))
                .results()
                .map(m -> m.group(1))
                .filter(SecretVariables.USUAL::allow)
                .toList();
        assertTrue(names.size() > 20, names.toString());

        for (var name : names)
            assertEquals(Optional.of(Role.UPSTREAM_SECRET), Variable.of(name).map(Variable::role), name);
    }

    private static SortedSet<String> undeclared(String source) {
        var code = source.replaceAll("(?m)^\\s*//.*$", "");
        var names = new TreeSet<String>();
        READ.matcher(code)
                .results()
                .map(m -> m.group(1))
                .filter(name -> name.equals(name.toUpperCase(Locale.ROOT)) || name.endsWith("_proxy"))
                .forEach(names::add);
        OWN.matcher(code).results().map(m -> m.group(1)).forEach(names::add);
        if (READ_BY_NAME.matcher(code).find())
            LITERAL.matcher(code).results().map(m -> m.group(1)).forEach(names::add);
        names.removeIf(name -> Variable.of(name).isPresent());
        return names;
    }
}
