package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.support.Machine;

class GatewayAddressTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--listen 0.0.0.0:0                                                 | --auth none would serve everyone",
                "--listen 0.0.0.0:0 --auth none --public-url https://gw.example.com | --auth none would serve everyone",
                "--listen 127.0.0.1:0 --public-url https://gw.example.com           | --auth none would serve everyone",
                "--listen 127.0.0.1:0 --tls-cert c.pem                              | --tls-cert and "
                        + "--tls-key go together",
                "--listen 127.0.0.1:0 --public-url gw.example.com                   | --public-url is "
                        + "not a web address",
                "--listen 127.0.0.1                                                 | --listen takes HOST:PORT",
                "--trusted-proxy anywhere                                           | --trusted-proxy "
                        + "takes a network, not \"anywhere\": use something like 10.0.0.0/8",
                "--trusted-proxy 10.0.0.0/33                                        | --trusted-proxy takes a network",
                "--secret-env PGPASSWORD                                            | no provider gets "
                        + "the variable PGPASSWORD: keep its value with rpkai secret set",
                "--secret-env OPENAI_API_KEY,RPAI_TOKEN                             | no provider gets "
                        + "the variable RPAI_TOKEN",
                "--metrics everyone                                                 | --metrics takes "
                        + "local, token, public or off, not \"everyone\"",
                "--metrics-token-file missing                                       | "
                        + "--metrics-token-file missing has no token of 16 characters or more",
                "--auth some                                                        | --auth"
            })
    void whatWouldLetInWhoShouldNotIsRefused(String arguments, String why) {
        var ended = new Machine(temp).run(("gateway " + arguments).split(" "));

        assertEquals(2, ended.exitCode(), ended.err());
        assertTrue(ended.err().contains(why), ended.err());
    }
}
