package lib.doctor;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// The commands that differ between operating systems.
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

    /// The platform of that `os.name`.
    public static Platform of(String osName) {
        var name = osName.toLowerCase(Locale.ROOT);
        return name.startsWith("windows") ? WINDOWS : name.startsWith("mac") ? MACOS : LINUX;
    }

    /// Sets the clock from the network.
    public String setClock() {
        return setClock;
    }

    /// Installs Node.js with npm.
    public String installNpm() {
        return installNpm;
    }

    /// Sets a variable for the next commands.
    public String export(String name, String value) {
        return this == WINDOWS ? "$env:%s = \"%s\"".formatted(name, value) : "export %s=%s".formatted(name, value);
    }

    /// Adds a value to a variable that holds a list.
    public String exportAlso(String name, String value) {
        return export(
                name, this == WINDOWS ? "$env:%s,%s".formatted(name, value) : "\"$%s,%s\"".formatted(name, value));
    }

    /// Makes a company's certificate authority trusted.
    ///
    /// @param bundle the file of authorities, where one was found
    public String trust(Optional<Path> bundle) {
        return export("SSL_CERT_FILE", bundle.map(Path::toString).orElse("/path/to/your-company-ca.pem"));
    }

    /// Removes a variable.
    public String unset(String name) {
        return this == WINDOWS ? "Remove-Item Env:%s".formatted(name) : "unset " + name;
    }
}
