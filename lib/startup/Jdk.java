package lib.startup;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The JVM that runs rpkai, and how it is told to start quickly.
///
///     Jdk.current().java()   // /usr/lib/jvm/temurin-25/bin/java
///
/// @param home the JDK's folder
/// @param stamp what changes when another JDK moves into that folder: an AOT cache fits one build only
public record Jdk(Path home, String stamp) {
    /// Short-lived: no second collector thread, no second compiler, no shared statistics are worth their start.
    /// The log is off because an AOT cache that does not fit is no news to the user; the JVM then starts without.
    public static final List<String> OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:-MaxFDLimit",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xlog:disable");

    /// Long-lived: the optimizing compiler, whose memory is given back when it is done, and a heap that grows
    /// only for what is alive, with room among the young for all that is on its way. As many files as the machine
    /// allows, two for each stream.
    public static final List<String> SERVER_OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-Xms24m",
            "-Xmn16m",
            "-XX:SurvivorRatio=5",
            "-XX:TargetSurvivorRatio=90",
            "-XX:MaxHeapFreeRatio=12",
            "-XX:MinHeapFreeRatio=5",
            "-XX:-ShrinkHeapInSteps",
            "-XX:+UseCompactObjectHeaders",
            "-XX:TrimNativeHeapInterval=1000",
            "-XX:-UsePerfData");

    /// The one that runs this process.
    public static Jdk current() {
        var home = Path.of(System.getProperty("java.home"));
        return new Jdk(home, System.getProperty("java.vm.version") + " " + modules(home));
    }

    /// Its program.
    public Path java() {
        return home.resolve("bin").resolve(File.separatorChar == '/' ? "java" : "java.exe");
    }

    private static String modules(Path home) {
        try {
            var modules = home.resolve("lib/modules");
            return Files.getLastModifiedTime(modules).toMillis() + " " + Files.size(modules);
        } catch (IOException e) {
            return "";
        }
    }
}
