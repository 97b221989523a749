package tests.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.util.List;
import java.util.Map;
import lib.Secret;
import lib.UserError;
import lib.gateway.HostedProvider;
import lib.gateway.MachineProviders;
import lib.gateway.Upstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineProvidersTest {

    @Test
    void anEmptyMachineHasTheDemo() {
        assertEquals(List.of("demo"), names(MachineProviders.from(Map.of())));
    }

    @Test
    void aKeyOfAnthropicMakesAProviderAtTheirApi() {
        var found = MachineProviders.from(Map.of("ANTHROPIC_API_KEY", " sk-ant-1\n"));

        assertEquals(List.of("demo", "anthropic"), names(found));
        assertEquals(new Upstream.Anthropic(URI.create("https://api.anthropic.com"), new Secret("sk-ant-1")),
                found.get(1).upstream());
    }

    @Test
    void aBaseUrlOfAnthropicIsItsUpstream() {
        var found = MachineProviders.from(
                Map.of("ANTHROPIC_API_KEY", "sk-ant-1", "ANTHROPIC_BASE_URL", "http://proxy.local:8080/anthropic"));

        assertEquals(new Upstream.Anthropic(URI.create("http://proxy.local:8080/anthropic"), new Secret("sk-ant-1")),
                found.get(1).upstream());
    }

    @Test
    void aKeyThatIsSetToNothingIsNoKey() {
        assertEquals(List.of("demo"), names(MachineProviders.from(Map.of("ANTHROPIC_API_KEY", ""))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"api.anthropic.com", "ftp://hunter2@x", "http://", "http:// x", "https://u:hunter2@host",
            "https://host/?hunter2=1", "https://host/#x"})
    void aBaseUrlThatIsNoneIsTheUsersToMendAndIsNotQuoted(String url) {
        var error = assertThrows(UserError.class, () -> MachineProviders.from(
                Map.of("ANTHROPIC_API_KEY", "sk-ant-1", "ANTHROPIC_BASE_URL", url)));

        assertFalse(error.line().contains("hunter2"), error.line());
    }

    @Test
    void aKeyThatFitsNoHeaderIsTheUsersToMendAndIsNotQuoted() {
        var error = assertThrows(UserError.class,
                () -> MachineProviders.from(Map.of("ANTHROPIC_API_KEY", "sk-ant-\n1")));

        assertFalse(error.line().contains("sk-ant"), error.line());
    }

    @Test
    void noKeyIsPrinted() {
        var found = MachineProviders.from(Map.of("ANTHROPIC_API_KEY", "sk-ant-1"));

        assertFalse(found.toString().contains("sk-ant-1"), found.toString());
    }

    private static List<String> names(List<HostedProvider> found) {
        return found.stream().map(hosted -> hosted.provider().name()).toList();
    }
}
