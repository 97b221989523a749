package tests.install;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import lib.install.InstallSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;

/// Tests how the source of an installation is found in the files that JBang writes.
class OriginTest {
    private static final String OURS = "{\"aliases\": {\"rpkai\": {\"script-ref\": \"rpkai.java\"}}}";

    @TempDir
    Path temp;

    private Machine machine;

    @BeforeEach
    void aMachine() {
        machine = new Machine(temp);
    }

    @Test
    void itIsTheOneCatalogueThatHasAnRpkai() throws Exception {
        knows(
                "jbang-catalog.json",
                "\"org\": {\"catalog-ref\": \"https://example.org/jbang-catalog.json\"}, \"other\": "
                        + "{\"catalog-ref\": \"https://example.com/c.json\"}");
        copy("home/.jbang/cache", "https://example.org/jbang-catalog.json", OURS);
        copy(
                "home/.jbang/cache",
                "https://example.com/c.json",
                "{\"aliases\": {\"rpkai\": {\"script-ref\": \"mine.java\"}, \"x\": {}}}");

        assertEquals(Optional.of("rpkai@org"), InstallSource.find(machine.host()));
    }

    @Test
    void ofTwoNeitherIsTaken() throws Exception {
        knows("jbang-catalog.json", "\"org\": {\"catalog-ref\": \"https://example.org/jbang-catalog.json\"}");
        knows("implicit-catalog.json", "\"ada\": {\"catalog-ref\": \"https://example.com/jbang-catalog.json\"}");
        copy("home/.jbang/cache", "https://example.org/jbang-catalog.json", OURS);
        copy("home/.jbang/cache", "https://example.com/jbang-catalog.json", OURS);

        assertEquals(Optional.empty(), InstallSource.find(machine.host()));
    }

    @Test
    void aJBangAppGivesItsSource() {
        machine.write("home/.jbang/bin/rpkai", "#!/bin/sh\nexec jbang run rpkai@ada/tools \"$@\"\n");

        assertEquals(Optional.of("rpkai@ada/tools"), InstallSource.find(machine.host()));
    }

    @Test
    void theCheckoutInThisFolderComesFirst() {
        machine.write("home/.jbang/bin/rpkai", "#!/bin/sh\nexec jbang run rpkai@org \"$@\"\n");
        machine.write("work/lib/Rpkai.java", "");
        var script = machine.write("work/rpkai.java", "");

        assertEquals(Optional.of(script.toString()), InstallSource.find(machine.host()));
    }

    @Test
    void aCatalogueOnThisMachineIsReadWhereItIsAndJBangWhereItsVariablesSay() {
        var catalogue = machine.write("work/c/jbang-catalog.json", OURS);
        machine.with("JBANG_DIR", temp.resolve("jb").toString());
        machine.write(
                "jb/jbang-catalog.json", "{\"catalogs\": {\"here\": {\"catalog-ref\": \"%s\"}}}".formatted(catalogue));

        assertEquals(Optional.of("rpkai@here"), InstallSource.find(machine.host()));
    }

    @Test
    void invalidOrUnrelatedCatalogsGiveNoSource() throws Exception {
        assertEquals(Optional.empty(), InstallSource.find(machine.host()));
        machine.write("home/.jbang/jbang-catalog.json", "[");
        assertEquals(Optional.empty(), InstallSource.find(machine.host()));
        knows("jbang-catalog.json", "\"-x; rm\": {\"catalog-ref\": \"https://example.org/jbang-catalog.json\"}");
        copy("home/.jbang/cache", "https://example.org/jbang-catalog.json", OURS);
        assertEquals(Optional.empty(), InstallSource.find(machine.host()));
    }

    private void knows(String file, String catalogues) {
        machine.write("home/.jbang/" + file, "{\"catalogs\": {%s}}".formatted(catalogues));
    }

    /// Writes a file as JBang caches what it fetched.
    private void copy(String cache, String url, String text) throws Exception {
        var digest = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(url.getBytes(StandardCharsets.UTF_8)));
        machine.write("%s/urls/%s/jbang-catalog.json".formatted(cache, digest), text);
    }
}
