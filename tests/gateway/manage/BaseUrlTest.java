package tests.gateway.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import lib.gateway.manage.BaseUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaseUrlTest {
    @ParameterizedTest
    @ValueSource(strings = {
            "https://api.anthropic.com", "https://gateway.example.com:8443/some/path/v1", "https://10.1.2.3", "https://8.8.8.8", "HTTPS://API.example.com/",
            "http://127.0.0.1:11434", "http://localhost:11434/v1", "http://[::1]:8080", "http://10.1.2.3", "http://192.168.1.2:8000", "http://172.20.0.1", "http://100.64.1.1",
            "http://[fd12::1]", "http://vllm:8000", "http://vllm.models.svc.cluster.local:8000", "http://box.local"})
    void anUpstreamMayBeThere(String url) {
        assertEquals(Optional.empty(), BaseUrl.problem(url));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "api.anthropic.com", "file:///etc/passwd", "ftp://example.com", "https:///v1", "https://", "not a url", "https://exa mple.com", "javascript:alert(1)",
            "https://ada:hunter2@example.com", "https://example.com?x=1", "https://example.com#x", "https://example.com:0", "https://example.com:70000",
            "https://example.com/a/../b", "https://example.com/%2e%2e/b",
            "http://169.254.169.254", "https://169.254.169.254/latest", "https://169.254.170.2", "http://[fe80::1]", "http://[fd00:ec2::254]", "http://[::ffff:169.254.169.254]",
            "http://[64:ff9b::a9fe:a9fe]", "http://metadata.google.internal", "http://METADATA.google.internal.", "http://metadata", "http://2852039166", "http://0xa9fea9fe", "http://169.254.43518", "http://0.0.0.0", "http://224.0.0.1",
            "http://api.anthropic.com", "http://8.8.8.8", "http://example.com:8000/v1", "http://[2001:4860:4860::8888]"})
    void anUpstreamMayNotBeThere(String url) {
        var problem = BaseUrl.problem(url);

        assertTrue(problem.isPresent());
        assertFalse(problem.get().contains("hunter2"), problem.get());
    }

    @Test
    void aNameIsLookedAtOnceMoreWhenItIsUsed() {
        assertTrue(BaseUrl.leadsAstray("169.254.169.254"));
        assertFalse(BaseUrl.leadsAstray("localhost"));
        assertFalse(BaseUrl.leadsAstray("no-such-host.invalid"));
    }
}
