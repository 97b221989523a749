package lib.cli.manage;

import java.util.Optional;
import java.util.function.Supplier;
import lib.api.Resource;

/// The flags that describe something of one kind, for `create` and `update`.
public interface DraftFlags {
    /// The name, where a flag gives it.
    Optional<String> name();

    /// One that is not there yet.
    Draft create(String name, Optional<Resource> manifest);

    /// What changes of one that is there.
    ///
    /// @param live reads it, where that is needed
    Draft update(String name, Optional<Resource> manifest, Supplier<Resource> live);
}
