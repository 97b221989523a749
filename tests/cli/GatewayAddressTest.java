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
                "--listen 0.0.0.0:0                                                 | --auth none would "
                        + "accept calls from everyone",
                "--listen 0.0.0.0:0 --auth none --public-url https://gw.example.com | --auth none would "
                        + "accept calls from everyone",
                "--listen 127.0.0.1:0 --public-url https://gw.example.com           | --auth none would "
                        + "accept calls from everyone",
                "--listen 127.0.0.1:0 --tls-cert c.pem                              | --tls-cert and "
                        + "--tls-key require each other",
                "--listen 127.0.0.1:0 --public-url gw.example.com                   | --public-url is "
                        + "not a web address",
                "--listen 127.0.0.1                                                 | --listen must be HOST:PORT",
                "--trusted-proxy anywhere                                           | --trusted-proxy must "
                        + "be a network, not \"anywhere\": use, for example, 10.0.0.0/8",
                "--trusted-proxy 10.0.0.0/33                                        | --trusted-proxy "
                        + "must be a network",
                "--secret-env PGPASSWORD                                            | providers may not "
                        + "read the variable PGPASSWORD: store its value with rpkai secret set",
                "--secret-env OPENAI_API_KEY,RPAI_TOKEN                             | providers may not "
                        + "read the variable RPAI_TOKEN",
                "--metrics everyone                                                 | --metrics must be "
                        + "local, token, public or off, not \"everyone\"",
                "--metrics-token-file missing                                       | --metrics-token-file "
                        + "missing contains no token of at least 16 characters",
                "--auth some                                                        | --auth"
            })
    void argumentsThatWouldGiveStrangersAccessAreRejected(String arguments, String why) {
        var ended = new Machine(temp).run(("gateway " + arguments).split(" "));

        assertEquals(2, ended.exitCode(), ended.err());
        assertTrue(ended.err().contains(why), ended.err());
    }
}
