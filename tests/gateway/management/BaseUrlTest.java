package tests.gateway.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import lib.gateway.management.definition.BaseUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaseUrlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.anthropic.com",
                "https://gateway.example.com:8443/some/path/v1",
                "https://10.1.2.3",
                "https://8.8.8.8",
                "HTTPS://API.example.com/",
                "http://127.0.0.1:11434",
                "http://localhost:11434/v1",
                "http://[::1]:8080",
                "http://10.1.2.3",
                "http://192.168.1.2:8000",
                "http://172.20.0.1",
                "http://100.64.1.1",
                "http://[fd12::1]",
                "http://[fd00:43::42]",
                "https://[2606:4700::6810:84e5]",
                "https://[64:ff9b::808:808]",
                "https://[2002:808:808::1]",
                "https://100.100.100.201",
                "https://metadata.example.com",
                "http://vllm:8000",
                "http://vllm.models.svc.cluster.local:8000",
                "http://box.local"
            })
    void anUpstreamMayBeThere(String url) {
        assertEquals(Optional.empty(), BaseUrl.problem(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "api.anthropic.com",
                "file:///etc/passwd",
                "ftp://example.com",
                "https:///v1",
                "https://",
                "not a url",
                "https://exa mple.com",
                "javascript:alert(1)",
                "https://ada:hunter2@example.com",
                "https://example.com?x=1",
                "https://example.com#x",
                "https://example.com:0",
                "https://example.com:70000",
                "https://example.com/a/../b",
                "https://example.com/%2e%2e/b",
                "http://169.254.169.254",
                "https://169.254.169.254/latest",
                "https://169.254.170.2",
                "http://[fe80::1]",
                "http://[fd00:ec2::254]",
                "http://[::ffff:169.254.169.254]",
                "http://[64:ff9b::a9fe:a9fe]",
                "http://metadata.google.internal",
                "http://METADATA.google.internal.",
                "http://metadata",
                "http://2852039166",
                "http://0xa9fea9fe",
                "http://169.254.43518",
                "http://0.0.0.0",
                "http://224.0.0.1",
                "http://100.100.100.200",
                "https://100.100.100.200",
                "http://168.63.129.16",
                "https://168.63.129.16",
                "https://192.0.0.192",
                "http://[fd20:ce::254]",
                "https://[FD20:CE:0::0254]",
                "http://[fd00:42::42]",
                "http://metadata.goog",
                "https://Metadata.Goog..",
                "http://metadata.azure.internal",
                "https://instance-data",
                "http://[fe80::1%25eth0]",
                "http://[fd20:ce::254%25lo]",
                "https://[fd20:ce::254%251]",
                "http://[fd00:ec2::254%lo]",
                "http://[fd12::1%25lo]",
                "http://[fd00:ec2::23]",
                "http://[::ffff:100.100.100.200]",
                "https://[::ffff:a83f:8110]",
                "http://[::169.254.169.254]",
                "http://[::ffff:0:169.254.169.254]",
                "http://[fd12::5efe:169.254.169.254]",
                "https://[::]",
                "https://[::ffff:0.0.0.0]",
                "https://[64:ff9b::6464:64c8]",
                "https://[64:ff9b:1:a9fe:a9:fe00::]",
                "https://[64:ff9b:1::a9fe:a9fe]",
                "https://[2002:a9fe:a9fe::1]",
                "https://[2002:6464:64c8::]",
                "https://[2001:0:a9fe:a9fe::1]",
                "https://[2001:0:808:808::5601:5601]",
                "http://0251.0376.0251.0376",
                "https://0xa9.0xfe.0xa9.0xfe",
                "https://2852039166",
                "https://025177524776",
                "https://169.16689662",
                "http://169.254.169.254.",
                "http://0",
                "https://0.1.2.3",
                "https://255.255.255.255",
                "https://%31%36%39.254.169.254",
                "http://1.1",
                "http://api.anthropic.com",
                "http://8.8.8.8",
                "http://example.com:8000/v1",
                "http://[2001:4860:4860::8888]"
            })
    void anUpstreamMayNotBeThere(String url) {
        var problem = BaseUrl.problem(url);

        assertTrue(problem.isPresent());
        assertFalse(problem.get().contains("hunter2"), problem.get());
    }

    @Test
    void aNameIsCheckedAgainWhenItIsUsed() {
        assertTrue(BaseUrl.leadsAstray("169.254.169.254"));
        assertFalse(BaseUrl.leadsAstray("localhost"));
        assertFalse(BaseUrl.leadsAstray("no-such-host.invalid"));
    }
}
