package lib.doctor;

import java.util.Locale;

/// The commands that differ from system to system.
///
///     Platform.LINUX.setClock()   // sudo timedatectl set-ntp true
public enum Platform {
    LINUX("sudo timedatectl set-ntp true", "sudo apt-get install -y npm"),
    MACOS("sudo sntp -sS time.apple.com", "brew install node"),
    WINDOWS("w32tm /resync", "winget install OpenJS.NodeJS.LTS");

    private final String setClock;
    private final String installNpm;

    Platform(String setClock, String installNpm) {
        this.setClock = setClock;
        this.installNpm = installNpm;
    }

    /// The one with that `os.name`.
    public static Platform of(String osName) {
        var name = osName.toLowerCase(Locale.ROOT);
        return name.startsWith("windows") ? WINDOWS : name.startsWith("mac") ? MACOS : LINUX;
    }

    /// Sets the clock by the network's time.
    String setClock() {
        return setClock;
    }

    /// Installs Node.js with npm.
    String installNpm() {
        return installNpm;
    }

    /// Sets a variable for the commands that follow.
    String export(String name, String value) {
        return this == WINDOWS ? "$env:%s = \"%s\"".formatted(name, value) : "export %s=%s".formatted(name, value);
    }

    /// The same, added to a list that is set already.
    String exportAlso(String name, String value) {
        return export(
                name, this == WINDOWS ? "$env:%s,%s".formatted(name, value) : "\"$%s,%s\"".formatted(name, value));
    }

    /// Removes a variable.
    String unset(String name) {
        return this == WINDOWS ? "Remove-Item Env:%s".formatted(name) : "unset " + name;
    }
}
