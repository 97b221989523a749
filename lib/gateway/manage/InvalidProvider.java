package lib.gateway.manage;

import java.util.List;
import java.util.stream.Collectors;

/// A provider that can't be: everything that is wrong with it, at once.
///
///     throw new InvalidProvider(List.of(new Violation("name", "is required")));
public final class InvalidProvider extends RuntimeException {
    private final List<Violation> violations;

    public InvalidProvider(List<Violation> violations) {
        super(violations.stream().map(Violation::toString).collect(Collectors.joining("; ")), null, false, false);
        this.violations = List.copyOf(violations);
    }

    public List<Violation> violations() {
        return violations;
    }
}
