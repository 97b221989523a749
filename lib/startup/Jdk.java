package lib.startup;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The JVM that runs rpkai, and the options that make it start quickly.
///
///     Jdk.current().java()   // /usr/lib/jvm/temurin-25/bin/java
///
/// @param home the JDK's folder
/// @param stamp a value that changes when another JDK moves into that folder, since an AOT cache fits one build
///     only
public record Jdk(Path home, String stamp) {
    /// Options for short-lived commands: a second collector thread, a second compiler and shared statistics
    /// would take more time to start than they save. The log is off because users need not know about an AOT
    /// cache that does not fit; the JVM then starts without it.
    public static final List<String> OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:-MaxFDLimit",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xlog:disable");

    /// The system property of a JVM that is tuned to run for long.
    public static final String SERVER = "rpkai.server";

    /// Options for servers: the optimising compiler, whose memory is returned after use, and a heap that grows
    /// only for live objects, with enough room in the young generation for all requests in progress. The server
    /// may open as many files as the machine allows; each stream takes two.
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

    /// The JVM that runs this process.
    public static Jdk current() {
        var home = Path.of(System.getProperty("java.home"));
        return new Jdk(home, System.getProperty("java.vm.version") + " " + modules(home));
    }

    /// The path of its program.
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
