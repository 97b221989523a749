package lib.cli.manage;

import java.util.Optional;
import java.util.function.Supplier;
import lib.api.Resource;

/// The flags that describe a resource of one kind, for `create` and `update`.
public interface DraftFlags {
    /// The name, if a flag gives it.
    Optional<String> name();

    /// The draft of a new resource.
    Draft create(String name, Optional<Resource> manifest);

    /// The draft of changes to an existing resource.
    ///
    /// @param live reads the resource if needed
    Draft update(String name, Optional<Resource> manifest, Supplier<Resource> live);
}
