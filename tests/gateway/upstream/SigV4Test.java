package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// The tests' own signature against the examples that AWS publishes.
class SigV4Test {
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final SigV4 AWS = new SigV4("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

    @Test
    void aRequestWithNothingIsSignedAsInTheTestSuite() {
        var canonical =
                "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n" + EMPTY;

        var header = AWS.authorization(canonical, "20150830T123600Z", "us-east-1", "service", "host", "x-amz-date");

        assertTrue(
                header.endsWith("Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"), header);
    }

    @Test
    void aRequestOfIamIsSignedAsInTheDocumentation() {
        var canonical = "GET\n/\nAction=ListUsers&Version=2010-05-08\n"
                + "content-type:application/x-www-form-urlencoded; charset=utf-8\nhost:iam.amazonaws.com\n"
                + "x-amz-date:20150830T123600Z\n\ncontent-type;host;x-amz-date\n" + EMPTY;

        var header = AWS.authorization(
                canonical, "20150830T123600Z", "us-east-1", "iam", "content-type", "host", "x-amz-date");

        assertTrue(
                header.endsWith("Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"), header);
    }

    @Test
    void anEncodedPathIsEncodedOnceMore() {
        assertEquals("/model/a.b-v1%253A0/invoke", SigV4.canonicalPath("/model/a.b-v1%3A0/invoke"));
    }
}
