package lib.startup;

import java.io.IOException;
import java.nio.file.Path;
import lib.base.Host;

/// A native library that is kept beside the installed program, so that it need not be fetched later.
///
///     library.copyTo(folder, host)
public interface InstalledLibrary {
    /// Copies it to the folder of an installed version. It is fetched if it is not on this machine.
    void copyTo(Path folder, Host host) throws IOException;
}
